"""Sentiment: the same four figures as the vaderSentiment package, on every text."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer

from tests.fixtures.labelled import labelled_texts
from wordround.understand.sentiment import Vader

package, ours = SentimentIntensityAnalyzer(), Vader()
LEXICON = sorted(package.lexicon)
WORDS = [
    *(
        "but",
        "BUT",
        "But",
        "kind",
        "of",
        "never",
        "so",
        "this",
        "without",
        "doubt",
        "least",
        "at",
        "very",
        "the",
        "no",
        "or",
    ),
    *(
        "nor",
        "ward",
        "Waiting",
        "WAITING",
        "isn't",
        "\u00a3",
        ":)",
        ":-(",
        "...",
        "!!!",
        "??",
        "\U0001f600",
        "\u2764\ufe0f",
    ),
    *BOOSTER_DICT,
    *NEGATE,
    *(word for phrase in SPECIAL_CASES for word in phrase.split()),
    *LEXICON[::40],
]


def assert_same(text: str) -> None:
    assert ours.polarity_scores(text) == package.polarity_scores(text)


@given(st.lists(st.sampled_from(WORDS), max_size=30), st.sampled_from([" ", "  ", "\n", ", "]))
@settings(max_examples=400)
def test_words_that_the_rules_know_score_the_same_in_any_order(words: list[str], between: str) -> None:
    assert_same(between.join(words))


@given(st.text())
def test_any_characters_score_the_same(text: str) -> None:
    assert_same(text)


@pytest.mark.parametrize("seed", range(20))
def test_long_texts_score_the_same(seed: int) -> None:
    chance = random.Random(seed)
    assert_same(" ".join(chance.choice(WORDS) for _ in range(600)))


def test_many_equal_figures_around_a_but_score_the_same() -> None:
    assert_same("good good bad good but bad good good bad good bad but good " * 9)


def test_real_comments_score_the_same() -> None:
    for text in labelled_texts():
        assert_same(text)


def test_a_megabyte_of_words_is_scored_without_growing_with_its_square() -> None:
    # At the package's pace this text would take hours: finishing at all is the test.
    assert ours.score("not very good but the wait was awful " * 28_000).compound < 0
