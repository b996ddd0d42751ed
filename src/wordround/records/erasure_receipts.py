"""Receipts of erasures: when which kind of request removed how many rows where, and whether a search found more.

A line each in `erasure/log.jsonl`, which lies beside what else stays of an erasure and is in no database: it must be
written where the records cannot be. No line holds an id, a text or the name of a file, and what is shown of one leads
to nobody: not even the source is named.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wordround.settings import Settings
from wordround.storage import write_whole

KINDS = {
    "comment": "comments that were named, or withdrawn at their source",
    "author": "everything of one author",
    "file": "everything of one file",
    "source": "everything of one source",
    "restore": "again, after a backup was restored",
}


@dataclass(frozen=True)
class Receipt:
    """One erasure. `rows`: how many were removed, all places together; None where a line does not say.

    found, left: of the searches afterwards, how many files that still held something were removed, and how many only a
    person can remove; None where no search is logged.
    """

    at: datetime
    kind: str
    comments: int
    rows: int
    places: Mapping[str, int]
    found: int | None = None
    left: int | None = None

    @property
    def kind_label(self) -> str:
        """What was asked for, in words."""
        return KINDS.get(self.kind, "another request")


def log(
    settings: Settings, kind: str, source: str | None, asked_at: str, outcome: Mapping[str, Any], left: int
) -> None:
    """Log an erasure with its counts; `left`: how many files the search afterwards found that a person must remove."""
    entry = {"asked_at": asked_at, "by": kind, "source": source, **outcome, "left": left}
    _add(settings, entry)


def log_search(settings: Settings, removed: int, left: int) -> None:
    """Log that files were searched once more for what was erased last."""
    _add(settings, {"by": "search", "removed": removed, "left": left})


def all_receipts(settings: Settings) -> list[Receipt]:
    """The receipts, the latest first; a line that cannot be read is left out."""
    found: list[Receipt] = []
    for entry in _entries(path_of(settings)):
        try:
            if entry["by"] != "search":
                found.append(_receipt(entry))
            elif found:
                more = int(entry["removed"])
                found[-1] = replace(found[-1], found=(found[-1].found or 0) + more, left=int(entry["left"]))
        except (KeyError, TypeError, ValueError):
            continue
    return found[::-1]


def path_of(settings: Settings) -> Path:
    """Where the lines are."""
    return settings.erasure / "log.jsonl"


def _receipt(entry: Mapping[str, Any]) -> Receipt:
    places = {str(place): int(count) for place, count in entry["where"].items() if isinstance(count, int) and count}
    at = datetime.fromisoformat(entry["at"]).astimezone(UTC)
    # What the search found is no row that the request named.
    found = places.pop("tool_files", 0)
    left = entry.get("left")
    return Receipt(
        at, str(entry["by"]), int(entry["comments"]), sum(places.values()), places,
        None if left is None else found, None if left is None else int(left),
    )  # fmt: skip


def _entries(path: Path) -> list[dict[str, Any]]:
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            found.append(entry)
    return found


def _add(settings: Settings, entry: Mapping[str, Any]) -> None:
    path = path_of(settings)
    line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), **entry})
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    write_whole(path, f"{before}{line}\n", mode=0o600)
