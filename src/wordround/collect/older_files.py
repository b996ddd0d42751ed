"""Older files: what would bring back what a later file has corrected is found, named and refused."""

import hashlib
import stat
from collections.abc import Collection, Iterable
from pathlib import Path

from wordround.collect.warnings import LEFT_ROWS, LOOK_ALIKES, OLDER_ROWS
from wordround.errors import OlderFile
from wordround.land.history import Standing
from wordround.land.manifests import Manifest


def in_order_of_landing(paths: Iterable[Path], before: Iterable[Manifest]) -> dict[Path, str | None]:
    """Return files with their SHA-256 (None where they cannot be read), those that were landed before first."""
    places = {manifest.input_sha256: place for place, manifest in enumerate(before)}
    sha256s = {path: _sha256(path) for path in sorted(paths)}
    return dict(sorted(sha256s.items(), key=lambda one: places.get(one[1] or "", len(places))))


def is_read_again(standing: Standing, here: Collection[str | None]) -> bool:
    """Whether the run of a drop folder reads a file again, in which a later one has corrected rows: these stay."""
    return bool(here and standing.landed_before_at and standing.superseded_ids)


def notes(file_name: str, standing: Standing, here: Collection[str | None], older: bool) -> dict[str, int]:
    """Return how many rows go back to what an earlier file said, or stay as a later one has them.

    here: SHA-256 of the files of the drop folder that is read. Raises OlderFile, unless `older` says that it is meant.
    """
    later = standing.superseded_by.values()
    if is_read_again(standing, here):
        is_followed = all(manifest.input_sha256 in here for manifest in later)
        return {} if is_followed else {LEFT_ROWS: len(standing.superseded_ids)}
    if standing.is_older and not older:
        by = max(later, key=lambda manifest: manifest.landed_at)
        count = len(standing.superseded_ids)
        raise OlderFile(
            f"{file_name}: is older than {by.file}, which was landed on {by.landed_at:%d %B %Y}. It would take "
            f"{count:,} rows back to what they said before, and nothing of it was taken. Take it out of the drop "
            "folder; or to take it all the same, give --older with --file."
        )
    return {OLDER_ROWS: len(standing.superseded_ids)}


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
