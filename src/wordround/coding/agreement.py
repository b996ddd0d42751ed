"""How far coders agree: Cohen's kappa and Krippendorff's alpha, by their libraries, each with a bootstrap interval.

Units are comments that two coders or more have coded; "cannot say" is a missing value. With more than two coders kappa
is the mean over pairs. Figures are of the comments that were drawn, rare kinds over-sampled, and are not weighted.
A figure is None where it is not defined: nobody used a label, or everybody always did.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import krippendorff
import numpy as np
import sklearn
from numpy.typing import NDArray
from scipy.stats import bootstrap
from sklearn.metrics import cohen_kappa_score

from wordround.evaluate.agreement import Figures
from wordround.progress import progress
from wordround.records.reviews import Code
from wordround.understand.learned import CLASS_OF, SENTIMENTS

RESAMPLES = 400
# Below so many comments an interval is wide and its ends are rough: figures have a warning, and no report states them.
FEW = 100
_SEED, _LEVEL = 0, 0.95

# A row a coder, a column a comment; not a number where a coder has no code.
Codes = NDArray[np.float64]


class Coefficient(Figures):
    """A coefficient of agreement, 1 at best, with its 95 % interval."""

    value: float | None
    low: float | None
    high: float | None


class LabelAgreement(Figures):
    """Agreement on one label. `counts`: how often each coder used it."""

    frame: str
    label: str
    comments: int
    counts: dict[str, int]
    kappa: Coefficient
    alpha: Coefficient


class Agreed(Figures):
    """Agreement of coders. `is_few`: too few comments for narrow intervals."""

    coders: tuple[str, ...]
    comments: int
    is_few: bool
    same_class: float | None
    same_grade: float | None
    kappa_of_class: Coefficient
    alpha_of_class: Coefficient
    alpha_of_grade: Coefficient
    themes: list[LabelAgreement]


def agreed(coders: Sequence[str], codes: Sequence[Mapping[str, Code]], resamples: int = RESAMPLES) -> Agreed:
    """Return how far coders agree; `codes`: of each comment that two or more coded, by coder."""
    grades = np.full((len(coders), len(codes)), np.nan)
    for row, coder in enumerate(coders):
        for column, each in enumerate(codes):
            if (code := each.get(coder)) and code.sentiment:
                grades[row, column] = SENTIMENTS.index(code.sentiment)
    is_known = ~np.isnan(grades)
    classes = np.where(is_known, CLASS_OF[np.where(is_known, grades, 0).astype(int)], np.nan)
    labels = sorted({(theme.frame, theme.label) for each in codes for code in each.values() for theme in code.themes})
    with progress("Comparing coders", len(labels) + 1) as advance:
        kappa, alpha = _kappa, _alpha("nominal")
        overall = Agreed(
            coders=tuple(coders),
            comments=len(codes),
            is_few=len(codes) < FEW,
            same_class=_same(classes),
            same_grade=_same(grades),
            kappa_of_class=_coefficient(kappa, classes, resamples),
            alpha_of_class=_coefficient(alpha, classes, resamples),
            alpha_of_grade=_coefficient(_alpha("ordinal"), grades, resamples),
            themes=[],
        )
        advance(1)
        themes = []
        for frame, label in labels:
            themes.append(_of_label(frame, label, coders, codes, is_known, resamples))
            advance(1)
    return overall.model_copy(update={"themes": themes})


def _of_label(
    frame: str,
    label: str,
    coders: Sequence[str],
    codes: Sequence[Mapping[str, Code]],
    is_known: NDArray[np.bool_],
    resamples: int,
) -> LabelAgreement:
    used = np.array(
        [
            [
                any((theme.frame, theme.label) == (frame, label) for theme in each[coder].themes)
                if coder in each
                else 0
                for each in codes
            ]
            for coder in coders
        ],
        np.float64,
    )
    values = np.where(is_known, used, np.nan)
    return LabelAgreement(
        frame=frame,
        label=label,
        comments=int((is_known.sum(0) > 1).sum()),
        counts={coder: int(np.nansum(row)) for coder, row in zip(coders, values, strict=True)},
        kappa=_coefficient(_kappa, values, resamples),
        alpha=_coefficient(_alpha("nominal"), values, resamples),
    )


def _coefficient(measure: Callable[[Codes], float], values: Codes, resamples: int) -> Coefficient:
    whole = _number(measure(values)) if values.shape[1] else None
    if whole is None:
        return Coefficient(value=None, low=None, high=None)
    if values.shape[1] < 2:
        return Coefficient(value=whole, low=None, high=None)
    chance = np.random.default_rng(_SEED)
    columns = np.arange(values.shape[1])
    with warnings.catch_warnings():
        # Of comments that all have one label a coefficient is not defined; such a resample says nothing.
        warnings.simplefilter("ignore")
        drawn = bootstrap(
            (columns,),
            lambda places: measure(values[:, places]),
            n_resamples=resamples, vectorized=False, method="percentile", rng=chance,
        ).bootstrap_distribution  # fmt: skip
    sound = drawn[np.isfinite(drawn)]
    low, high = np.quantile(sound, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2]) if len(sound) else (None, None)
    return Coefficient(value=whole, low=_number(low), high=_number(high))


def _kappa(values: Codes) -> float:
    found = []
    with sklearn.config_context(skip_parameter_validation=True, assume_finite=True):
        for one, other in combinations(values, 2):
            both = ~np.isnan(one) & ~np.isnan(other)
            if both.any() and len(np.unique(np.concatenate([one[both], other[both]]))) > 1:
                found.append(cohen_kappa_score(one[both], other[both]))
    return float(np.mean(found)) if found else float("nan")


def _alpha(level: str) -> Callable[[Codes], float]:
    def measure(values: Codes) -> float:
        paired = values[:, (~np.isnan(values)).sum(0) > 1]
        if not paired.size or len(np.unique(paired[~np.isnan(paired)])) < 2:
            return float("nan")
        domain = list(range(len(SENTIMENTS))) if level == "ordinal" else None
        return float(krippendorff.alpha(paired, level_of_measurement=level, value_domain=domain))

    return measure


def _same(values: Codes) -> float | None:
    """Return the share of pairs of codes that are the same."""
    pairs = [(one, other) for one, other in combinations(values, 2)]
    same = sum(int((one == other).sum()) for one, other in pairs)
    both = sum(int((~np.isnan(one) & ~np.isnan(other)).sum()) for one, other in pairs)
    return same / both if both else None


def _number(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)
