"""The linear half of the teacher: one classifier a theme over words, pairs, spellings and cues, the rare weighed up.

It is right where the encoder has too few examples to tune on: what a theme's cues say counts for all of them at once.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from wordround.progress import progress
from wordround.train.student import Floats, Linear, Places, Vocabulary

_SCALE, _HEADING_SCALE = 4.0, 3.0
_FIT = 0.2
_FEWEST_EXAMPLES = 2
_NEVER = -6.0


def taught(rows: Sequence[Places], known: Vocabulary, marks: Floats, learned_from: Places) -> Linear:
    """Learn from the rows at `learned_from`; say what is thought of all `rows`.

    `marks` (of those rows, labels): what people say of them. A theme with fewer than two examples has nought.
    """
    features, cues = _features(rows, known)
    own = features[learned_from]
    said = np.zeros((len(rows), marks.shape[1]), np.float32)
    weights = np.zeros((known.rows, marks.shape[1]), np.float32)
    bias = np.full(marks.shape[1], _NEVER, np.float32)
    has = marks >= 0.5
    with progress("Training: the linear half", marks.shape[1]) as advance:
        for label in range(marks.shape[1]):
            examples = int(has[:, label].sum())
            if examples >= _FEWEST_EXAMPLES:
                heavier = np.sqrt((len(has) - examples) / examples)
                # liblinear: the same rows give the same bits, whatever the number of cores
                model = LogisticRegression(C=_FIT, class_weight={False: 1.0, True: heavier}, solver="liblinear")
                said[:, label] = model.fit(own, has[:, label]).predict_proba(features)[:, 1]
                weights[:, label] = _SCALE * (model.coef_[0, : known.rows] + cues @ model.coef_[0, known.rows :])
                bias[label] = model.intercept_[0]
            advance(1)
    return Linear(weights, bias, said)


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
