"""Linear models of themes over words, pairs, spellings and cues: the teacher's half, and the larger part of what ships.

One is right where the encoder has too few examples to tune on: what a theme's cues say counts for all of them at once.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from wordround.progress import progress
from wordround.train.vocabulary import Floats, Linear, Places, Targets, Vocabulary

_SCALE, _HEADING_SCALE = 4.0, 3.0
_FIT = 0.2
_FEWEST_EXAMPLES = 2
_STEPS = 80
_RARITY = 0.25


def opinions(rows: Sequence[Places], known: Vocabulary, marks: Floats, learned_from: Places) -> Floats:
    """Learn from the rows at `learned_from`; return what is thought of all `rows` (n, labels).

    `marks` (of those rows, labels): what people say of them. A theme with fewer than two examples has nought.
    """
    features, _ = _features(rows, known)
    own = features[learned_from]
    found = np.zeros((len(rows), marks.shape[1]), np.float32)
    has = marks >= 0.5
    with progress("Training: the linear half", marks.shape[1]) as advance:
        for label in range(marks.shape[1]):
            examples = int(has[:, label].sum())
            if examples >= _FEWEST_EXAMPLES:
                heavier = np.sqrt((len(has) - examples) / examples)
                # liblinear: the same rows give the same bits, whatever the number of cores
                model = LogisticRegression(C=_FIT, class_weight={False: 1.0, True: heavier}, solver="liblinear")
                found[:, label] = model.fit(own, has[:, label]).predict_proba(features)[:, 1]
            advance(1)
    return found


def distilled(rows: Sequence[Places], known: Vocabulary, targets: Targets) -> Linear:
    """Return the linear model that comes nearest to the marks of `targets`, each of which is of one of `rows`.

    Least cross-entropy with a penalty of half the sum of squares; a mark counts the more the rarer it is. What people
    labelled says little of a rare theme, what the teacher makes of ten times as many texts says more.
    """
    features, cues = _features(rows, known)
    transposed = features.T.tocsr()
    marks, weight = targets.marks, targets.weight[:, None]
    common = np.clip(marks.mean(0), 1e-4, 0.5)
    has, lacks = weight * ((1 - common) / common) ** np.float32(_RARITY) * marks, weight * (1 - marks)
    shape = features.shape[1] + 1, marks.shape[1]

    with progress("Training: the linear part", _STEPS) as advance:

        def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            table = values.reshape(shape).astype(np.float32)
            logits = features @ table[:-1] + table[-1]
            likely = -np.logaddexp(0, -logits)
            off = (has + lacks) * np.exp(likely) - has
            gradient = np.concatenate([transposed @ off + table[:-1], off.sum(0, keepdims=True)])
            total = (table[:-1] ** 2).sum(dtype=np.float64) / 2
            total -= (has * likely + lacks * (likely - logits)).sum(dtype=np.float64)
            return float(total), gradient.ravel().astype(np.float64)

        start = np.zeros(shape)
        start[-1] = np.log(has.sum(0) / lacks.sum(0))
        best = minimize(
            loss, start.ravel(), jac=True, method="L-BFGS-B", callback=lambda _: advance(1),
            options={"maxiter": _STEPS, "maxcor": 6},
        )  # fmt: skip
    table = best.x.reshape(shape).astype(np.float32)
    weights = _SCALE * (table[: known.rows] + cues @ table[known.rows : -1])
    return Linear(weights, table[-1])


def _features(rows: Sequence[Places], known: Vocabulary) -> tuple[csr_matrix, csr_matrix]:
    """Return how often each row of the vocabulary and each heading's cues stand in a text, by the root of its size.

    Beside it, how much each row of the vocabulary counts for each heading.
    """
    text = np.repeat(np.arange(len(rows), dtype=np.int32), [len(row) for row in rows])
    root = np.sqrt(np.maximum([len(row) for row in rows], 1))
    places = np.concatenate(rows).astype(np.int32)
    scale = (_SCALE / root).astype(np.float32)[text]
    counts = csr_matrix((scale, (text, places)), shape=(len(rows), known.rows))
    cues = csr_matrix(
        (_HEADING_SCALE * known.cues.weight, (np.searchsorted(known.numbers, known.cues.numbers), known.cues.heading)),
        shape=(known.rows, known.cues.headings),
    )
    features = csr_matrix(hstack([counts, counts @ cues]), dtype=np.float32)
    features.indices, features.indptr = _narrow(features.indices), _narrow(features.indptr)
    return features, cues


def _narrow(numbers: NDArray[np.integer]) -> NDArray[np.int32]:
    """Return them in 32 bits: liblinear takes no others."""
    return numbers.astype(np.int32)
