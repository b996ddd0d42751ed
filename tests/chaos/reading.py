"""A reader of the published file who never stops, and what is published compared with what should be."""

import threading
from collections.abc import Sequence
from pathlib import Path

import duckdb

from bench.compare_publications import compare

# They tell when something was made, of which run, or how many runs: one that finds nothing new is a batch without rows.
MADE_WHEN = frozenset(
    {"loaded_at", "updated_at", "collected_at", "published_at", "build_id", "batch_id", "first_loaded_at", "issued_at",
     "last_loaded_at", "made_current_at", "opened_at", "scored_at", "governance_valid_from", "run_id", "batch_count"}
)  # fmt: skip
# What was loaded in another order was new, changed or known at another time: the sums alone are the same.
OUTCOMES = frozenset({"rows_loaded", "rows_updated", "rows_unchanged"})

_PAUSE_SECONDS = 0.25


def what_is_published(path: Path) -> tuple[object, ...]:
    """How many comments of each day a reader finds, and how many weeks of services, as one fingerprint."""
    with duckdb.connect(str(path), read_only=True) as connection:
        comments = "select count(*), sum(hash(comment_id, comment_text, posted_date)::hugeint) from marts.fct_comments"
        weeks = "select count(*), sum(comment_count) from marts.fct_service_weeks"
        return (*(connection.execute(comments).fetchone() or ()), *(connection.execute(weeks).fetchone() or ()))


def differences(before: Path, after: Path, without: frozenset[str] = frozenset()) -> dict[str, str]:
    """Return the published tables that differ, and in which columns; times and names of runs are left out."""
    return {name: how for name, _, how in compare(before, after, MADE_WHEN | without) if how}


class Reading:
    """Reads all the while, in a thread of the campaign's process; `allowed`: what may be published, in this order."""

    def __init__(self, path: Path, allowed: Sequence[tuple[object, ...]]) -> None:
        self._path, self._allowed, self._over = path, list(dict.fromkeys(allowed)), threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._latest = 0
        self.reads = 0
        self.faults: list[str] = []

    def __enter__(self) -> "Reading":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if not self.reads:
            self.faults.append("nobody could read what was published")

    def _read(self) -> None:
        try:
            while True:
                self.look()
                if self._over.wait(_PAUSE_SECONDS):
                    return
        finally:
            if not self._over.is_set():
                self.faults.append("the reader ended by itself")

    def look(self) -> None:
        """Read once, and note what was found otherwise than it should be."""
        try:
            found = what_is_published(self._path)
        except (duckdb.Error, OSError) as error:
            self.faults.append(f"a reader met {type(error).__name__}")
            return
        self.reads += 1
        if found not in self._allowed:
            self.faults.append(f"a reader met {found}, which was never to be published")
        elif (place := self._allowed.index(found)) < self._latest:
            self.faults.append("a reader met an earlier publication again")
        else:
            self._latest = place
