"""The direction of scores: whether what people wrote agrees with the scores that they gave.

A file whose scale runs the other way (5 is very good) reads without an error and turns every figure around. Single
contradictions are common: people mistake the scale. A whole file that contradicts itself is read the wrong way round.
"""

from functools import cache

from wordround.comments import Comment
from wordround.understand.sentiment import Vader

CONTRADICTION = "words_contradict_the_scores"
_GOOD, _BAD = (1, 2), (4, 5)
# Only clear words count; of more texts than this the answer would be the same.
_CLEAR, _MOST_TEXTS, _FEWEST = 0.5, 400, 10


class ScoreDirection:
    """Counts in how many comments of a file the words agree with the score, and in how many they contradict it.

    The first comments with clear words are enough. Scores as in the Friends and Family Test, 1 is best.
    """

    def __init__(self) -> None:
        self.agreeing = self.contradicting = self._seen = 0

    def add(self, comment: Comment) -> None:
        """Take one comment into account."""
        if self._seen >= _MOST_TEXTS or not comment.text or comment.rating not in (*_GOOD, *_BAD):
            return
        self._seen += 1
        compound = _vader().score(comment.text).compound
        if abs(compound) >= _CLEAR:
            agrees = (compound > 0) == (comment.rating in _GOOD)
            self.agreeing += agrees
            self.contradicting += not agrees

    def notes(self) -> dict[str, int]:
        """Return the number of contradictions where the words of the file as a whole say the opposite of its scores."""
        is_turned = self.contradicting >= _FEWEST and self.contradicting > 2 * self.agreeing
        return {CONTRADICTION: self.contradicting} if is_turned else {}


@cache
def _vader() -> Vader:
    return Vader()
