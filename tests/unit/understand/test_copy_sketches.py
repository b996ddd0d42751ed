"""Sketches of texts: no pair of copies is lost by them, and few other pairs are left to be compared."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.evaluate.test_copies import ORIGINAL, OTHER, VARIANTS
from wordround.understand import copies
from wordround.understand.copy_sketches import Sketches, sketched

WORDS = [*ORIGINAL.split(), *OTHER.split(), "not", "never", "…"]


@st.composite
def edited(draw: st.DrawFn) -> str:
    """A text with some of its words left out, put in, or cut off at the end."""
    words = draw(st.sampled_from([*VARIANTS, ORIGINAL, OTHER, " ".join(ORIGINAL.split() * 30)])).split()
    for place in draw(st.lists(st.integers(0, 60), max_size=12)):
        if not words:
            break
        if draw(st.booleans()):
            words[place % len(words) : place % len(words) + 1] = []
        else:
            words.insert(place % (len(words) + 1), draw(st.sampled_from(WORDS)))
    text = " ".join(words)
    return text[: draw(st.integers(60, max(60, len(text))))]


@given(st.lists(edited(), min_size=2, max_size=8), st.sampled_from([0.5, copies.RESEMBLANCE, 0.8]))
def test_no_pair_of_copies_is_lost(texts: list[str], resemblance: float) -> None:
    ready = [text for text in map(copies.compared, texts) if text]
    sketches = Sketches.joined([sketched(ready[:1]), sketched(ready[1:])])
    pairs = list(combinations(range(len(ready)), 2))
    one, other = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    for (first, second), may_be in zip(pairs, sketches.may_be_copies(one, other, resemblance), strict=True):
        assert may_be or not copies.are_copies(ready[first], ready[second], resemblance)


def test_sketches_never_say_less_than_texts_have_in_common() -> None:
    """Of long texts many pieces share a mark, so that the marks in common alone would be too few."""
    words = [f"{one}{other}" for one in ORIGINAL.split() for other in OTHER.split()]
    texts = [copies.compared(" ".join(words[start : start + 300])) for start in (0, 0, 100, 150, 250)]
    ready = [text for text in texts if text]
    sketches = sketched(ready)
    assert sketches.unmarked.min() > 0
    for one, other in combinations(range(len(ready)), 2):
        marks = int(np.bitwise_count(sketches.marks[one] & sketches.marks[other]).sum())
        common = len(ready[one].pieces & ready[other].pieces)
        assert common <= marks + min(sketches.unmarked[one], sketches.unmarked[other])
    assert sketches.marked[0] + sketches.unmarked[0] == len(ready[0].pieces)


def test_of_texts_that_share_words_and_are_no_copies_few_are_left() -> None:
    draw = np.random.default_rng(1)
    texts = [copies.compared(" ".join(draw.choice(WORDS[:-3], 60))) for _ in range(80)]
    sketches = sketched([text for text in texts if text])
    one, other = np.triu_indices(len(texts), 1)
    assert sketches.may_be_copies(one, other).mean() < 0.05
