"""How many people could have answered: known to the trust's patient administration and to no file of the test.

A CSV file (UTF-8) with the columns `site`, `service` and `eligible`, named as the return names them. What it does not
name stays empty; nothing is estimated.
"""

import csv
import io
from collections.abc import Callable, Iterable
from pathlib import Path

from wordround.errors import EligibleUnusable

_COLUMNS = ("site", "service", "eligible")

Place = tuple[str, str]


class Eligible:
    """Eligible people by site and service; a place that is not in the return is found by `strangers`."""

    def __init__(self, counts: dict[Place, int] | None = None) -> None:
        self._counts = counts or {}

    def of(self, place: Place) -> int | None:
        """Return how many people of this site and service were eligible; None where nobody has said."""
        return self._counts.get(_key(place))

    def of_trust(self, services: Iterable[str], place_of: Callable[[str], Place]) -> int | None:
        """Return the sum over services; None unless all of them are known."""
        counts = [self.of(place_of(service)) for service in services]
        return None if None in counts else sum(count for count in counts if count is not None)

    def strangers(self, places: Iterable[Place]) -> list[Place]:
        """Return the places of the file that the return has not."""
        known = {_key(place) for place in places}
        return [place for place in self._counts if place not in known]


def read(path: Path | None) -> Eligible:
    """Read the file. Raises EligibleUnusable, which names its row and never repeats what stands in a cell."""
    if path is None:
        return Eligible()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8: save it as CSV UTF-8"
        raise EligibleUnusable(f"{path.name}: cannot be read ({reason}).") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    names = [(name or "").strip().casefold() for name in reader.fieldnames or ()]
    if lacking := [name for name in _COLUMNS if name not in names]:
        raise EligibleUnusable(
            f"{path.name}: row 1: has no column {', '.join(lacking)}. It needs: site,service,eligible"
        )
    reader.fieldnames = names
    counts: dict[Place, int] = {}
    for number, row in enumerate(reader, start=2):
        place, given = _key((row["site"], row["service"])), row["eligible"].strip().replace(",", "")
        if not given.isdecimal():
            raise EligibleUnusable(
                f"{path.name}: row {number}, column eligible: is no whole number. Write it in digits."
            )
        if place in counts:
            raise EligibleUnusable(f"{path.name}: row {number}: its site and service stand in an earlier row too.")
        counts[place] = int(given)
    return Eligible(counts)


def _key(place: Place) -> Place:
    site, service = (" ".join(part.split()).casefold() for part in place)
    return site, service
