"""Where rewrites of social media posts are kept: `quotes/rewrites.jsonl`, mode 0600, one line a comment.

Comes in: rewrites. Goes out: the same. The file holds a rewrite, who wrote and approved it, and the id of its comment;
never the original. It is replaced whole, by one rename, under a lock.
"""

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from wordround.errors import FileUnreadable
from wordround.storage import DRAFT, storage, sync


@dataclass(frozen=True)
class Rewrite:
    """One rewrite. `comment_updated_at`: the state of the comment that it was checked against."""

    comment_id: str
    rewrite: str
    written_by: str
    written_at: str
    comment_updated_at: str
    approved_by: str | None = None
    approved_at: str | None = None


def stored(path: Path) -> dict[str, Rewrite]:
    """All rewrites by the id of their comment. Raises FileUnreadable that names the damaged line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnreadable(f"{path}: cannot be read. Mend its rights or restore it from a backup.") from error
    found = {}
    for number, line in enumerate(lines, start=1):
        try:
            rewrite = Rewrite(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise FileUnreadable(
                f"{path}, line {number}: is damaged. Restore the file from a backup, or remove that line; its post is "
                "then shown as a number until somebody rewrites it."
            ) from error
        found[rewrite.comment_id] = rewrite
    return found


@contextmanager
def changing(path: Path) -> Iterator[dict[str, Rewrite]]:
    """The stored rewrites, to be changed; written back where no error came."""
    with storage(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(path.with_suffix(".lock"), mode=0o600):
        kept = stored(path)
        yield kept
        _replace(path, [kept[comment_id] for comment_id in sorted(kept)])


def forget(path: Path, comment_ids: Iterable[str]) -> int:
    """Remove the rewrites of these comments, as when they are erased. Returns how many there were."""
    if not path.exists():
        return 0
    with changing(path) as kept:
        return len([kept.pop(comment_id) for comment_id in set(comment_ids) if comment_id in kept])


def _replace(path: Path, rewrites: list[Rewrite]) -> None:
    draft = path.with_name(f"{DRAFT}{path.name}-{secrets.token_hex(3)}")
    content = "".join(json.dumps(asdict(rewrite), ensure_ascii=False) + "\n" for rewrite in rewrites)
    with storage(path):
        try:
            # Not `write_whole`: for a moment others could read what it writes.
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(content)
            sync(draft)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
