"""The tagger: its own arithmetic gives what CRFsuite gives of the same model."""

import random
import tracemalloc
from functools import cache
from importlib import resources
from itertools import chain
from math import isfinite
from string import ascii_lowercase

import pycrfsuite
import pytest

from wordround.deidentify.names.candidates import tokens_and_candidates
from wordround.deidentify.names.features import Describer
from wordround.deidentify.names.field import BEGINS, OUTSIDE, Field, NotAModel
from wordround.deidentify.names.tagger import tagger
from wordround.deidentify.names.vocabulary import vocabulary
from wordround.evaluate.corpus import evaluation

_MODEL = (resources.files("wordround.deidentify") / "data" / "names.crfsuite").read_bytes()
_TEXTS = [sample.text for sample in (*evaluation.carriers(1), *evaluation.clean())]


@cache
def _of_the_library() -> pycrfsuite.Tagger:
    library = pycrfsuite.Tagger()
    library.open_inmemory(_MODEL)
    return library


def _by_the_library(text: str) -> list[tuple[float, bool]]:
    tokens, places = tokens_and_candidates(text, vocabulary())
    if not places:
        return []
    describer = Describer(vocabulary(), tell=tuple, tell_one=lambda feature: (feature,))
    library = _of_the_library()
    library.set([list(chain.from_iterable(told)) for told in describer.describe(tokens, places)])
    labels = library.tag()
    return [(1 - library.marginal(OUTSIDE, place), labels[place] == BEGINS) for place in range(len(places))]


@pytest.mark.parametrize("every", range(5))
def test_words_are_weighed_as_crfsuite_weighs_them(every: int) -> None:
    # Some at once, so that words stand beside many others.
    texts = [*_TEXTS[every::5], " ".join(_TEXTS[every:400:5])]
    weighed = [tagger().weigh(text) for text in texts]
    for text, own in zip(texts, weighed, strict=True):
        expected = _by_the_library(text)
        assert [one.probability for one in own] == pytest.approx([weight for weight, _ in expected], abs=1e-9)
        assert [one.begins for one in own] == [begins for _, begins in expected]
    assert sum(one.begins for own in weighed for one in own) > 100


def test_a_word_as_long_as_no_other_is_weighed_all_the_same() -> None:
    (one,) = tagger().weigh("zqx" * 20_000)
    assert isfinite(one.probability) and 0 <= one.probability <= 1


def test_of_a_word_as_long_as_no_other_memory_holds_no_square() -> None:
    letters = random.Random(1).choices(ascii_lowercase, k=6_000)
    tagger().weigh("".join(letters[::-1]))
    tracemalloc.start()
    try:
        tagger().weigh("".join(letters))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1_000 * len(letters)


@pytest.mark.parametrize("model", [b"", b"lCRF", _MODEL[:200], b"X" + _MODEL[1:], _MODEL[: len(_MODEL) // 3]])
def test_what_is_no_model_is_said_to_be_none(model: bytes) -> None:
    with pytest.raises(NotAModel, match="train it again"):
        Field(model)
