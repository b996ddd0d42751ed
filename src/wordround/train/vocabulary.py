"""What models are trained on: rows of a vocabulary for each text, and what is wanted of it. Without torch."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wordround.train.cues import Cues
from wordround.understand.learned import QUESTIONS, distinct_in_table
from wordround.understand.ngrams import Numbers, depends_on_question

Floats = NDArray[np.float32]
Places = NDArray[np.int64]


class Targets(NamedTuple):
    """What is wanted of texts: `choice` (n, k) shares that sum to 1, `marks` (n, m) 0 to 1 each, `weight` (n,).

    Marks that are not numbers are not asked for.
    """

    choice: Floats
    marks: Floats
    weight: Floats


class Linear(NamedTuple):
    """A linear model: `weights` (rows, labels) of a vocabulary, `bias` (labels,).

    The logit of a text is the sum of the weights of its rows over the root of their number, and the bias.
    """

    weights: Floats
    bias: Floats


class Vocabulary(NamedTuple):
    """`numbers`: what enough comments hold and what is a cue, sorted. `crossed` (numbers, questions): rows below these.

    -1 where there is none. `cues`: those of `numbers` that speak for a heading.
    """

    numbers: Numbers
    crossed: NDArray[np.int32]
    cues: Cues

    @property
    def rows(self) -> int:
        """How many vectors there are."""
        return len(self.numbers) + int((self.crossed >= 0).sum())

    def places(self, numbers: Numbers, question: str) -> Places:
        """Return the rows of a text's numbers under a question; what is not known has none."""
        found = np.searchsorted(self.numbers, numbers).clip(max=len(self.numbers) - 1)
        plain = found[self.numbers[found] == numbers]
        crossed = self.crossed[plain, QUESTIONS.index(question)]
        return np.concatenate([plain, crossed[crossed >= 0]]).astype(np.int64)


def vocabulary(
    comments: Sequence[Numbers], rows: Sequence[Numbers], questions: Sequence[str], fewest: int, cues: Cues
) -> Vocabulary:
    """Return what enough `comments` hold, and all cues; crossed with each question that enough `rows` have it under."""
    known = distinct_in_table(np.union1d(_frequent(comments, fewest), cues.numbers))
    crossed = np.full((len(known), len(QUESTIONS)), -1, np.int32)
    may = depends_on_question(known)
    for place, question in enumerate(QUESTIONS):
        often = _frequent([row for row, asked in zip(rows, questions, strict=True) if asked == question], fewest)
        has = np.flatnonzero(may & np.isin(known, often))
        crossed[has, place] = len(known) + int((crossed >= 0).sum()) + np.arange(len(has))
    return Vocabulary(known, crossed, cues.among(known))


def _frequent(rows: Sequence[Numbers], fewest: int) -> Numbers:
    """Return the numbers that at least so many rows have, sorted."""
    each = [np.unique(row) for row in rows]
    numbers, counts = np.unique(np.concatenate(each) if each else np.zeros(0, np.uint32), return_counts=True)
    return numbers[counts >= fewest]
