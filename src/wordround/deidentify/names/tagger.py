"""The name tagger: a linear-chain conditional random field over the words that the vocabulary does not clear.

It says where names of people stand in a text, how sure that is, and how much is left in doubt. The model
(`data/names.crfsuite`) is trained on generated text (`wordround train names`): no comment of a patient is in it.
Method: Lafferty, McCallum, Pereira, Conditional Random Fields, ICML 2001; CRFsuite by Okazaki.
"""

from functools import cache
from importlib import resources
from typing import NamedTuple

import pycrfsuite

from wordround.deidentify.names.candidates import any_listed, tokens_and_candidates
from wordround.deidentify.names.features import SIGHT, UNSEEN, Describer, Token, placed
from wordround.deidentify.names.vocabulary import vocabulary

OUTSIDE, BEGINS, INSIDE = "O", "B", "I"
_FEW = 100


class Weighed(NamedTuple):
    """A token with the probability that it is part of a name, whether a name begins with it, and its class."""

    token: Token
    probability: float
    begins: bool
    kind: str


class Tagger:
    """The trained model, opened once."""

    def __init__(self, model: bytes) -> None:
        # CRFsuite reads from these bytes for as long as it tags, and does not hold them.
        self._bytes = model
        self._model = pycrfsuite.Tagger()
        self._model.open_inmemory(self._bytes)
        self._known = vocabulary()
        self._describer = Describer(self._known)

    def weigh(self, text: str, least: float = 0.0) -> list[Weighed]:
        """Return every word that may be a name, weighed.

        least: where none of a few words is as likely as this or a listed name, none is returned.
        """
        tokens, places = tokens_and_candidates(text, self._known)
        if not places:
            return []
        # Of the others none has a part in what is described.
        seen, end, see = [UNSEEN] * len(tokens), 0, self._describer.see
        for place in places:
            begin, end = max(end, place - SIGHT), place + SIGHT + 1
            seen[begin:end] = map(see, tokens[begin:end])
        self._model.set(self._describer.describe(seen, places))
        marginal = self._model.marginal
        weights = [1 - marginal(OUTSIDE, order) for order in range(len(places))]
        if len(places) <= _FEW and max(weights) < least and not any_listed(tokens, places, self._known):
            return []
        labels = self._model.tag()
        where = placed(text, tokens, places)
        return [
            Weighed(token, weight, label == BEGINS, seen[place].kind)
            for token, weight, label, place in zip(where, weights, labels, places, strict=True)
        ]


@cache
def tagger() -> Tagger:
    """Return the tagger of this process."""
    return Tagger((resources.files("wordround.deidentify") / "data" / "names.crfsuite").read_bytes())
