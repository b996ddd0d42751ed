"""How far coders agree on the themes of comments: Krippendorff's alpha of the sets that each has chosen.

A comment has several themes, so that coders may agree in part. The distance of two sets is that of Passonneau (2006,
"Measuring agreement on set-valued items", MASI): nought where they are the same, less where one holds the other.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from wordround.coding.agreement import FEW, RESAMPLES
from wordround.coding.choices import Choices, choices
from wordround.coding.settling import by_several
from wordround.published.conversation_coding import Agreement
from wordround.records import reviews
from wordround.records.reviews import Code
from wordround.settings import Settings

_SEED, _LEVEL = 0, 0.95
Themes = frozenset[str]
Numbers = NDArray[np.float64]


def of_comments(settings: Settings, wanted: Callable[[Collection[str]], Collection[str]]) -> dict[str, Agreement]:
    """Return the agreement on the themes of each frame, on those of the comments that two people have coded.

    wanted: returns those of some ids of comments that are asked for. Empty where there are none. Raises RecordsFailed,
    RegistryInvalid.
    """
    coded = reviews.coded(settings)
    ids = frozenset(wanted([each.item.comment_id for each in coded]))
    several = by_several(each for each in coded if each.item.comment_id in ids)
    known = choices()
    found = {
        frame: agreement(_chosen(codes, frame, known) for codes in several)
        for frame in {theme.frame for theme in known.themes}
    }
    return {frame: one for frame, one in found.items() if one.comment_count}


def agreement(coded: Iterable[Sequence[Themes]]) -> Agreement:
    """Return the agreement on comments, each with the set of themes that every coder of it has chosen."""
    units = [unit for unit in coded if len(unit) > 1]
    if not units:
        return Agreement(comment_count=0, is_few=True, alpha=None, low=None, high=None)
    counts = [Counter(unit) for unit in units]
    sets = sorted({chosen for unit in units for chosen in unit}, key=sorted)
    values = np.array([[count[each] for each in sets] for count in counts], np.float64)
    distances = np.array([[_distance(one, other) for other in sets] for one in sets])
    alpha = _alphas(values, distances, np.ones((1, len(units))))[0]
    # All at once: of hundreds of sets the library takes seconds for as many resamples.
    weights = np.random.default_rng(_SEED).multinomial(len(units), [1 / len(units)] * len(units), RESAMPLES)
    drawn = _alphas(values, distances, weights.astype(np.float64))
    sound = drawn[np.isfinite(drawn)]
    ends = np.quantile(sound, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2]) if len(sound) else (None, None)
    is_known = bool(np.isfinite(alpha))
    return Agreement(
        comment_count=len(units),
        is_few=len(units) < FEW,
        alpha=float(alpha) if is_known else None,
        low=float(ends[0]) if is_known and ends[0] is not None else None,
        high=float(ends[1]) if is_known and ends[1] is not None else None,
    )


def _alphas(values: Numbers, distances: Numbers, weights: Numbers) -> Numbers:
    """Return alpha for each row of weights of the units (Krippendorff 2011, "Computing Krippendorff's alpha")."""
    pairable = values.sum(1)
    observed = weights @ (((values @ distances) * values).sum(1) / np.maximum(1, pairable - 1))
    used, of_all = weights @ values, weights @ pairable
    expected = ((used @ distances) * used).sum(1) / np.maximum(1, of_all - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alphas: Numbers = np.where(expected > 0, 1 - observed / expected, np.nan)
    return alphas


def _distance(one: Themes, other: Themes) -> float:
    if one == other:
        return 0.0
    both = len(one & other)
    monotonic = 2 / 3 if both and (one <= other or other <= one) else 1 / 3 if both else 0.0
    return 1 - monotonic * both / len(one | other)


def _chosen(codes: Mapping[str, Code], frame: str, known: Choices) -> list[Themes]:
    """Return what each coder chose of a frame; not of those who could not say."""
    return [
        frozenset(known.code(frame, theme.label) or theme.label for theme in code.themes if theme.frame == frame)
        for code in codes.values()
        if code.sentiment is not None
    ]
