"""Parquet files of landed batches: whether they are what was landed, and how one takes the place of another.

The manifest holds the checksum of the file, so that a damaged one is named and never taken for what was landed. While
a file is rewritten the manifest has two, of the file that is there and of the one that comes: a run that is killed
between the two leaves a batch that is known, and the next rewriting goes on from there.
"""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from wordround.errors import FileUnreadable, StorageFailed
from wordround.land.manifests import Manifest, read_manifest, write_manifest
from wordround.settings import Settings
from wordround.storage import sha256

LINKS = "wordround.links"

_WHAT_TO_DO = (
    "Bring it and the .json of the same name back from a backup, or remove both and feed or ask for the batch again."
)


@contextmanager
def reading(parquet: Path) -> Iterator[None]:
    """Turn what a library says of a landed file that is damaged into FileUnreadable, which says what to do.

    What the operating system says of a file that may be whole is StorageFailed; of one that is gone, as it was.
    """
    try:
        yield
    except FileNotFoundError:
        raise
    except (OSError, pa.ArrowException, LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        # Arrow calls a damaged file an input or output error too, without a number. An argument that the system refuses
        # is a place in the file that its damaged parts name.
        if isinstance(error, OSError) and error.errno not in (None, 0, errno.EINVAL):
            raise StorageFailed(
                f"{parquet}: was landed and cannot be read ({error.strerror or error}). It may be whole: mend its "
                "rights or the disk, and run this again. Nothing was half done."
            ) from None
        raise damaged(parquet) from None


def damaged(parquet: Path) -> FileUnreadable:
    """Return the error about a landed file that cannot be read."""
    return FileUnreadable(f"{parquet}: was landed and cannot be read as comments any more. {_WHAT_TO_DO}")


def link_count_of(path: Path) -> int:
    """Return how many keys the ids of a landed file have gone through, from its metadata.

    Raises FileUnreadable, StorageFailed.
    """
    with reading(path):
        return int(pq.read_schema(path).metadata[LINKS.encode()])


def check(settings: Settings, manifest: Manifest, sha256_of: Callable[[Path], str] = sha256) -> None:
    """Compare the file of a batch with its checksum; one that was landed before checksums were kept is only read.

    Raises FileUnreadable, which names the file, StorageFailed and FileNotFoundError.
    """
    parquet = settings.shared / manifest.parquet
    with reading(parquet):
        if _is_known(manifest, sha256_of(parquet)):
            return
        # Another run may have rewritten it since its manifest was read.
        if _is_known(read_manifest(parquet.with_suffix(".json")), sha256_of(parquet)):
            return
    raise FileUnreadable(f"{parquet}: is not what was landed (its checksum is another one). {_WHAT_TO_DO}")


def check_once(settings: Settings, manifest: Manifest) -> None:
    """`check` for what reads all that was landed again and again: each version of a file once in a process."""
    check(settings, manifest, _sha256_once)


def _sha256_once(parquet: Path) -> str:
    about = parquet.stat()
    return _sha256_of_version(parquet, about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino)


@lru_cache(10_000)
def _sha256_of_version(parquet: Path, *_: int) -> str:
    return sha256(parquet)


def put_in_place(settings: Settings, manifest: Manifest, draft: Path) -> Manifest:
    """Put a rewritten file, which has reached the disk, in the place of that of a batch; return the manifest of then.

    A file that was damaged before is rewritten and stays known as damaged: what was made of it is not what was landed.
    """
    parquet = settings.shared / manifest.parquet
    if manifest.parquet_sha256 is None:
        draft.replace(parquet)
        return _written(settings, manifest, sha256(parquet), None)
    before, after = sha256(parquet), sha256(draft)
    if not _is_known(manifest, before):
        draft.replace(parquet)
        return manifest
    _written(settings, manifest, before, after)
    draft.replace(parquet)
    return _written(settings, manifest, after, None)


def settled(settings: Settings, manifest: Manifest) -> Manifest:
    """Return the manifest of a batch with the checksum of the file that is there, where a run was killed between."""
    if manifest.next_parquet_sha256 is None:
        return manifest
    found = sha256(settings.shared / manifest.parquet)
    if not _is_known(manifest, found):
        return manifest
    return manifest.model_copy(update={"parquet_sha256": found, "next_parquet_sha256": None})


def _written(settings: Settings, manifest: Manifest, now: str, then: str | None) -> Manifest:
    changed = manifest.model_copy(update={"parquet_sha256": now, "next_parquet_sha256": then})
    write_manifest(settings, changed)
    return changed


def _is_known(manifest: Manifest, found: str) -> bool:
    return manifest.parquet_sha256 is None or found in (manifest.parquet_sha256, manifest.next_parquet_sha256)
