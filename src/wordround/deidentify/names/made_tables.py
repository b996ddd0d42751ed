"""Tables that are made of the lists of words, kept beside the byte code as Python keeps what it compiles.

They hold words of the lists and nothing of a text. To make them takes seconds in every process, to read them a tenth of
that. Whatever decides what is in them (the lists, the code of this package, Python) is part of their name, so that
another version never reads them; one that is damaged, or cannot be written, is made again.
"""

import marshal
import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, TypeVar, cast

from wordround.garbage import undisturbed

_Table = TypeVar("_Table")

_PACKAGE = Path(__file__).parents[1]
_DIGEST = 16  # bytes


def made_once(name: str, make: Callable[[], _Table], made_of: str | None = None) -> _Table:
    """Return what `make` returns (of types that marshal writes), made before or now.

    made_of: all that it depends on, with the versions of libraries and Python; without it, the lists and the code.
    """
    state = _state() if made_of is None else _digest(f"{_versions()} {made_of}".encode()).hex()
    path = Path(cache_from_source(__file__)).with_name(f"{name}-{state}.tables")
    with undisturbed():
        with suppress(OSError, ValueError, EOFError, TypeError):
            digest, written = (content := path.read_bytes())[:_DIGEST], content[_DIGEST:]
            if digest == _digest(written):
                table: _Table = marshal.loads(written)  # noqa: S302 - written by this module, beside the byte code
                return table
        made = make()
    # Kept where Python was told to write no byte code, too: that is made in milliseconds.
    _keep(name, path, marshal.dumps(cast(Any, made)))
    return made


def _keep(name: str, path: Path, written: bytes) -> None:
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(_digest(written) + written)
        draft.replace(path)
        for former in path.parent.glob(f"{name}-*.tables"):
            if former != path:
                former.unlink(missing_ok=True)


@cache
def _versions() -> str:
    return " ".join([sys.version, *map(version, ("symspellpy", "jellyfish", "hyperscan"))])


@cache
def _state() -> str:
    """Return a digest of all that decides what the tables hold."""
    digest = blake2b(_versions().encode(), digest_size=_DIGEST)
    for path in sorted([*_PACKAGE.rglob("*.py"), *(_PACKAGE / "data").glob("*.txt")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _digest(written: bytes) -> bytes:
    return blake2b(written, digest_size=_DIGEST).digest()
