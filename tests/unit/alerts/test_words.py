"""Words that may stand as those that rose in an alert: what they are about, and nobody's name."""

import pytest

from wordround.alerts import words


@pytest.mark.parametrize("word", ["waiting", "parking", "call", "fire", "empty", "nobody", "nurse's", "cold", "side"])
def test_what_a_comment_is_about_stands(word: str) -> None:
    assert words.carries_subject(word)


@pytest.mark.parametrize(
    "word", ["are", "was", "the", "they", "very", "did", "wasn't", "don't", "won't", "they're", "it's", "with", "been"]
)
def test_a_word_that_only_joins_others_does_not(word: str) -> None:
    assert not words.carries_subject(word)
    assert words.kept([word]) == [False]


def test_a_name_and_a_word_that_nobody_knows_do_not_stand_either() -> None:
    assert words.kept(["waiting", "sarah", "ottoline", "zxqv", "are", "parking"]) == [
        True, False, False, False, False, True,
    ]  # fmt: skip
    assert words.kept([]) == []
