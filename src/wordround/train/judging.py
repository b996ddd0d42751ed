"""How well the model does on comments that it did not learn from: every labelled text is judged by the model of the
four other folds. Texts that many people write ("Nothing") are left out, for they would be counted as learnt by heart.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from wordround.evaluate.agreement import Agreement, Share, agreement, macro_average, micro_average
from wordround.evaluate.comments import Judged, SentimentFigures, ThemesFigures
from wordround.review import weighted
from wordround.train.calibration import calibration_error
from wordround.train.corpus import Labelled
from wordround.understand.learned import CLASS_OF, CLASSES, Floats, Places, three_classes

_WIDESPREAD = 20
_LENGTHS = ((1, 3), (4, 10), (11, 30), (31, 1000))


def judged(
    labelled: Labelled,
    sentiment: Floats,
    shown: Places,
    themes: NDArray[np.bool_],
    names: Sequence[str],
    settled: NDArray[np.bool_],
) -> Judged:
    """Judge what models without the text say against what people said.

    `sentiment` (n, 5) are probabilities, `shown` (n,) places in CLASSES, `themes` (n, labels) which are given,
    `settled` (n, labels) which a cue settles beside them.
    """
    kept = np.flatnonzero(labelled.spread < _WIDESPREAD)
    true, likely, chosen = labelled.sentiment[kept].argmax(1), sentiment[kept], shown[kept]
    words = np.array([len(labelled.texts[row].split()) for row in kept])
    parts: dict[str, Mapping[str, NDArray[np.bool_]]] = {
        "question": _parts(np.array(labelled.questions)[kept]),
        "trust": _parts(np.array(labelled.trusts)[kept]),
        "words": {f"{low} to {high}": (words >= low) & (words <= high) for low, high in _LENGTHS},
    }
    agreed = _agreed(labelled.themes[kept], themes[kept], names)
    classes = list(zip(_named(CLASS_OF[true]), _named(chosen), strict=True))
    return Judged(
        texts=len(kept),
        sentiment=_figures(true, likely, chosen),
        classes=[agreement(name, [({one}, {other}) for one, other in classes]) for name in CLASSES],
        groups={
            by: {name: _figures(true[rows], likely[rows], chosen[rows]) for name, rows in group.items() if rows.any()}
            for by, group in parts.items()
        },
        themes=agreed,
        themes_micro=micro_average(agreed),
        themes_macro=macro_average(agreed),
        themes_over=_themes_over(labelled.themes[kept] >= 0.5, (themes | settled)[kept], labelled.rows[kept]),
    )


def _themes_over(
    labelled: NDArray[np.bool_], given: NDArray[np.bool_], rows: NDArray[np.int64]
) -> dict[str, ThemesFigures]:
    """Return figures over distinct texts, over the comments that these are, and over those that people gave a theme.

    Others count in one of these ways; what the model gives to comments that people gave none is wrong in the first two.
    """
    has = labelled.any(1)
    return {
        "texts": _themes_figures(labelled, given, np.ones(len(rows))),
        "comments": _themes_figures(labelled, given, rows.astype(np.float64)),
        "coded_comments": _themes_figures(labelled[has], given[has], rows[has].astype(np.float64)),
    }


def _themes_figures(
    labelled: NDArray[np.bool_], given: NDArray[np.bool_], weights: NDArray[np.float64]
) -> ThemesFigures:
    right, shown, said = (float(weights @ each.sum(1)) for each in (labelled & given, given, labelled))
    return ThemesFigures(
        number=int(weights.sum()),
        micro_f1=weighted.estimate(weights, weighted.micro_f1(given, labelled)),
        macro_f1=weighted.estimate(weights, weighted.mean_f1(given, labelled)),
        precision=right / shown if shown else None,
        recall=right / said if said else None,
    )


def _agreed(labelled: Floats, given: NDArray[np.bool_], names: Sequence[str]) -> list[Agreement]:
    pairs = list(zip(_labels(labelled >= 0.5, names), _labels(given, names), strict=True))
    return [agreement(name, pairs) for name in names]


def _figures(true: Places, likely: Floats, shown: Places) -> SentimentFigures:
    three = three_classes(likely)
    said = CLASS_OF[true]
    negative = CLASSES.index("negative")
    each = [agreement(str(place), _pairs(said, shown)) for place in range(len(CLASSES))]
    return SentimentFigures(
        texts=len(true),
        accuracy=Share.of(int((said == shown).sum()), len(true)),
        five_classes=Share.of(
            int((np.where(shown[:, None] == CLASS_OF, likely, -1).argmax(1) == true).sum()), len(true)
        ),
        negative_recall=Share.of(int(((said == negative) & (shown == negative)).sum()), int((said == negative).sum())),
        negative_labelled=Share.of(int((said == negative).sum()), len(true)),
        negative_shown=Share.of(int((shown == negative).sum()), len(true)),
        macro_f1=macro_average(each).f1,
        calibration_error=calibration_error(three[np.arange(len(true)), shown], said == shown),
    )


def _pairs(said: Places, shown: Places) -> list[tuple[set[str], set[str]]]:
    return [({str(one)}, {str(other)}) for one, other in zip(said, shown, strict=True)]


def _named(places: Places) -> list[str]:
    return [CLASSES[place] for place in places]


def _labels(has: NDArray[np.bool_], names: Sequence[str]) -> list[set[str]]:
    return [{name for name, one in zip(names, row, strict=True) if one} for row in has]


def _parts(values: NDArray[np.str_]) -> dict[str, NDArray[np.bool_]]:
    return {str(value): values == value for value in np.unique(values)}
