"""The name tagger: a linear-chain conditional random field over the words that the vocabulary does not clear.

It says where names of people stand in a text, how sure that is, and how much is left in doubt. The model
(`data/names.crfsuite`) is trained on generated text (`wordround train names`): no comment of a patient is in it.
Method: Lafferty, McCallum, Pereira, Conditional Random Fields, ICML 2001; CRFsuite by Okazaki.
"""

from functools import cache
from importlib import resources
from typing import NamedTuple

from wordround.deidentify.names.candidates import any_listed, tokens_and_candidates
from wordround.deidentify.names.features import Describer, Token, placed
from wordround.deidentify.names.field import BEGINS, Field, Score
from wordround.deidentify.names.vocabulary import vocabulary

_FEW = 100


class Weighed(NamedTuple):
    """A token with the probability that it is part of a name, whether a name begins with it, and its class."""

    token: Token
    probability: float
    begins: bool
    kind: str


class Tagger:
    """The trained model, read once."""

    def __init__(self, model: bytes) -> None:
        self._field = Field(model)
        self._known = vocabulary()
        self._describer: Describer[Score] = Describer(self._known, self._field.score, self._field.score_of_one)

    def weigh(self, text: str, least: float = 0.0) -> list[Weighed]:
        """Return every word that may be a name, weighed.

        least: where none of a few words is as likely as this or a listed name, none is returned.
        """
        tokens, places = tokens_and_candidates(text, self._known)
        if not places:
            return []
        # What is told of each, added up.
        scores: list[Score] = []
        for told in self._describer.describe(tokens, places):
            begins = inside = 0.0
            for more_begins, more_inside in told:
                begins += more_begins
                inside += more_inside
            scores.append((begins, inside))
        weights = self._field.probabilities(scores)
        if len(places) <= _FEW and max(weights) < least and not any_listed(tokens, places, self._known):
            return []
        labels = self._field.labels(scores, weights)
        see = self._describer.see
        return [
            Weighed(token, weight, label == BEGINS, see(token.text).kind)
            for token, weight, label in zip(placed(text, tokens, places), weights, labels, strict=True)
        ]


@cache
def tagger() -> Tagger:
    """Return the tagger of this process."""
    return Tagger((resources.files("wordround.deidentify") / "data" / "names.crfsuite").read_bytes())
