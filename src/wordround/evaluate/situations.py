"""How well identifiers are found in the situations of `corpus/situations.py`, by half and group of kinds.

Names are those that the recognisers' lists may know, as in use; with them hidden is counted apart.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from wordround.deidentify import deidentify
from wordround.evaluate.agreement import Figures, Share
from wordround.evaluate.corpus import evaluation, situations
from wordround.evaluate.corpus.filling import Sample

_GROUPS = {
    "names": ("first name", "surname", "full name", "nickname"),
    "names that are English words": ("name that is a word",),
    "handles without @": ("handle",),
    "addresses, employers, schools": ("street address", "house name", "employer", "school", "place"),
}
_STRUCTURED = "structured kinds"


class Found(Figures):
    """How many identifiers of a group were found whole, and found or in a withheld comment."""

    found: Share
    kept_back: Share


class HalfFigures(Figures):
    """What became of one half of the templates."""

    groups: dict[str, Found]
    groups_names_hidden: dict[str, Found]
    touched: Share
    withheld: Share


def measure(fillings: int, seed: int = situations.SEED) -> dict[str, HalfFigures]:
    """Measure both halves; each template is filled `fillings` times."""
    hidden = {}
    with evaluation.names_unknown(evaluation.names_of(situations.given())):
        for half in situations.HALVES:
            hidden[half] = _groups(situations.carriers(half, fillings, seed))
    return {half: _half(half, fillings, seed, hidden[half]) for half in situations.HALVES}


def _half(half: situations.Half, fillings: int, seed: int, hidden: dict[str, Found]) -> HalfFigures:
    clean = [deidentify(sample.text) for sample in situations.clean(half)]
    return HalfFigures(
        groups=_groups(situations.carriers(half, fillings, seed)),
        groups_names_hidden={group: hidden[group] for group in tuple(_GROUPS)[:2]},
        touched=Share.of(sum(bool(one.found) and not one.withheld for one in clean), len(clean)),
        withheld=Share.of(sum(one.withheld for one in clean), len(clean)),
    )


def rows(measured: Mapping[str, HalfFigures]) -> Iterator[tuple[str, str, float, Share]]:
    """Yield (half, what, the share before anything was mended, the share now)."""
    for half, figures in measured.items():
        before = situations.given()["before"][half]
        for group, found in figures.groups.items():
            yield half, group, before[group], found.found
        yield half, "clean comments touched", before["clean comments touched"], figures.touched
        yield half, "clean comments withheld", before["clean comments withheld"], figures.withheld


def group_of(kind: str) -> str:
    """Return the group that a kind of identifier is counted in."""
    return next((group for group, kinds in _GROUPS.items() if kind in kinds), _STRUCTURED)


def missed(sample: Sample) -> tuple[list[int], bool]:
    """Return the places of the sample's identifiers that were not found whole, and whether it was withheld."""
    result = deidentify(sample.text)
    covered = {place for span in result.found for place in range(span.start, span.end)}
    places = [
        order
        for order, mark in enumerate(sample.marked)
        if any(sample.text[place].isalnum() and place not in covered for place in range(mark.start, mark.end))
    ]
    return places, result.withheld


def _groups(samples: Iterable[Sample]) -> dict[str, Found]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sample in samples:
        leaking, withheld = missed(sample)
        for order, mark in enumerate(sample.marked):
            is_found = order not in leaking
            counts[group_of(mark.kind)] += Counter(all=1, found=is_found, kept_back=is_found or withheld)
    return {
        group: Found(found=Share.of(of["found"], of["all"]), kept_back=Share.of(of["kept_back"], of["all"]))
        for group, of in sorted(counts.items())
    }
