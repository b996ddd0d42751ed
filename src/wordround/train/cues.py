"""The cues of the patient-experience frame as what the model sees: a word, a pair or a triple, each as its number."""

from collections.abc import Iterable
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from wordround.deidentify.names.vocabulary import vocabulary
from wordround.registers.own_files import Row
from wordround.understand.ngrams import Numbers, number_of
from wordround.understand.themes import words_of

_LONGEST = 3


class Cues(NamedTuple):
    """Numbers that speak for a heading: `numbers` sorted, `heading` and `weight` of each; a number may stand twice.

    `headings`: how many headings there are.
    """

    numbers: Numbers
    heading: NDArray[np.int64]
    weight: NDArray[np.float32]
    headings: int

    @classmethod
    def of(cls, rows: Iterable[Row], headings: Iterable[str]) -> Self:
        """Read the rows of a frame's cues: `heading_code`, `cue`, `weight`. Cues of more than three words are no use.

        A cue with any ending is every ordinary word with that beginning.
        """
        places = {code: place for place, code in enumerate(headings)}
        weights: dict[tuple[int, int], float] = {}
        for row in rows:
            heading, weight = places[row["heading_code"] or ""], float(row.get("weight") or 1)
            for words in _written(row["cue"] or ""):
                key = number_of(words), heading
                weights[key] = max(weight, weights.get(key, 0.0))
        ordered = sorted(weights)
        return cls(
            np.array([number for number, _ in ordered], np.uint32),
            np.array([heading for _, heading in ordered], np.int64),
            np.array([weights[each] for each in ordered], np.float32),
            len(places),
        )

    def among(self, known: Numbers) -> "Cues":
        """Return those whose number is known."""
        has = np.isin(self.numbers, known)
        return Cues(self.numbers[has], self.heading[has], self.weight[has], self.headings)


def _written(cue: str) -> list[tuple[str, ...]]:
    """Return the words of a cue, in each way that its ending may be written; none of a cue that is too long."""
    words = words_of(cue.removesuffix("*")).split()
    if not 0 < len(words) <= _LONGEST:
        return []
    endings = [words[-1]]
    if cue.endswith("*"):
        endings += sorted(word for word in vocabulary().ordinary if word.startswith(words[-1]) and word.isalpha())
    return [(*words[:-1], ending) for ending in dict.fromkeys(endings)]
