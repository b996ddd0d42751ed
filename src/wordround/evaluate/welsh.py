"""What becomes of answers in Welsh (`corpus/welsh.py`): of their words, and of names in them.

Names are those that the recognisers' lists may know, as in use.
"""

from collections.abc import Iterable, Iterator, Mapping

from wordround.deidentify import deidentify
from wordround.evaluate.agreement import Figures, Share
from wordround.evaluate.corpus import welsh
from wordround.evaluate.corpus.filling import Sample
from wordround.evaluate.corpus.situations import HALVES, Half
from wordround.evaluate.situations import missed


class WelshFigures(Figures):
    """What became of one half of the answers: names that were found whole, and answers that name nobody."""

    introduced: Share
    named: Share
    spoken_of: Share
    touched: Share
    withheld: Share


_WHAT = {
    "introduced": "names that are Welsh words, introduced",
    "named": "names",
    "spoken_of": "names that are words or places, not published",
    "touched": "clean answers touched",
    "withheld": "clean answers withheld",
}


def measure() -> dict[Half, WelshFigures]:
    """Measure both halves."""
    return {half: _half(half) for half in HALVES}


def _half(half: Half) -> WelshFigures:
    clean = [deidentify(sample.text) for sample in welsh.clean(half)]
    return WelshFigures(
        introduced=_found(welsh.introduced(half)),
        named=_found(welsh.named(half)),
        spoken_of=_kept_back(welsh.spoken_of(half)),
        touched=Share.of(sum(bool(one.found) and not one.withheld for one in clean), len(clean)),
        withheld=Share.of(sum(one.withheld for one in clean), len(clean)),
    )


def _found(samples: Iterable[Sample]) -> Share:
    leaking = [bool(missed(sample)[0]) for sample in samples]
    return Share.of(leaking.count(False), len(leaking))


def _kept_back(samples: Iterable[Sample]) -> Share:
    """Return the share of names that are found whole or withheld with the answer."""
    published = [bool(places) and not withheld for places, withheld in map(missed, samples)]
    return Share.of(published.count(False), len(published))


def rows(measured: Mapping[Half, WelshFigures]) -> Iterator[tuple[Half, str, float, Share]]:
    """Yield (half, what, the share before there were rules for Welsh, the share now)."""
    for half, figures in measured.items():
        for field, what in _WHAT.items():
            yield half, what, welsh.given()["before"][half][what], getattr(figures, field)
