"""Older files: what would bring back what a later file has corrected is found, named and refused."""

import hashlib
import stat
from collections.abc import Collection, Iterable
from pathlib import Path

from wordround.collect.warnings import LOOK_ALIKES, OLDER_ROWS
from wordround.errors import OlderFile, ReadOtherwise
from wordround.land.history import Standing
from wordround.land.manifests import Manifest


def in_order_of_landing(paths: Iterable[Path], before: Iterable[Manifest]) -> dict[Path, str | None]:
    """Return files with their SHA-256 (None where they cannot be read), those that were landed before first."""
    places = {manifest.input_sha256: place for place, manifest in enumerate(before)}
    sha256s = {path: _sha256(path) for path in sorted(paths)}
    return dict(sorted(sha256s.items(), key=lambda one: places.get(one[1] or "", len(places))))


def notes(file_name: str, standing: Standing, here: Collection[str | None], older: bool) -> dict[str, int]:
    """Return how many rows go back to what an earlier file said.

    here: SHA-256 of the files that are read in the same run: one that was landed before is read again before those that
    correct it. Raises OlderFile, unless `older` says that it is meant.
    """
    later = standing.superseded_by.values()
    if standing.was_landed_before and all(manifest.input_sha256 in here for manifest in later):
        return {}
    if standing.is_older and not older:
        by = max(later, key=lambda manifest: manifest.landed_at)
        raise OlderFile(
            f"{file_name}: is older than {by.file}, which was landed on {by.landed_at:%d %B %Y}. It would take "
            f"{standing.superseded:,} rows back to what they said before, and nothing of it was taken. Take it out of "
            "the drop folder; or to take it all the same, give --older with --file."
        )
    return {OLDER_ROWS: standing.superseded}


def refuse_a_second_reading(file_name: str, lost: int) -> None:
    """Raise ReadOtherwise where rows that the file brought before are none of its rows today."""
    if lost:
        raise ReadOtherwise(
            f"{file_name}: was landed before by other settings. Its layout names no id column, so that {lost:,} of its "
            "rows would be other rows by the settings of today, and count twice. Nothing was taken, and what it "
            "brought stays. Name its id column; or put the settings back; or take the file out of the drop folder."
        )


def look_alikes(standing: Standing, similar: Iterable[set[str]]) -> dict[str, int]:
    """Return how many ids are known with more or fewer leading noughts; `similar`: a group of such ids for each."""
    return {LOOK_ALIKES: sum(not standing.known_look_alikes.isdisjoint(group) for group in similar)}


def _sha256(path: Path) -> str | None:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
