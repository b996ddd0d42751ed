"""What became of an action is said in one sentence, with no number that must not be shown."""

import pytest

from wordround.published.answers import answer_label, share_label
from wordround.published.disclosure import SmallNumbers
from wordround.spc.answering import Answer, Part

SMALL = SmallNumbers(4)
BEFORE, AFTER = Part(120, 500, 12), Part(76, 500, 9)
FELL = "24 % before, 15 % after, nine weeks"
HIDDEN = "shares are hidden, because a number behind them is small; nine weeks"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer("lower", BEFORE, AFTER, 12, -4.0), f"{FELL}; very unlikely to be chance"),
        (Answer("lower", BEFORE, AFTER, 12, -2.5), f"{FELL}; unlikely to be chance"),
        (Answer("not_judged", BEFORE, AFTER, 12), f"{FELL}; too few weeks before the change to say how sure that is"),
        (
            Answer("may_be_chance", BEFORE, Part(115, 500, 12), 12, -0.2),
            "24 % before, 23 % after, twelve weeks; may be chance",
        ),
        (
            Answer("higher", AFTER, BEFORE, 12, 3.5),
            "15 % before, 24 % after, twelve weeks; very unlikely to be chance",
        ),
        (Answer("too_early", BEFORE, AFTER, 5), "too early: 5 of 12 weeks"),
        (
            Answer("nothing_to_compare", BEFORE, Part(3, 9, 1), 12),
            "cannot be said: 1 week after the change had whole data",
        ),
        (
            Answer("lower", Part(20, 50, 4), Part(3, 60, 9), 12, -4.0),
            f"{HIDDEN}; lower after than before; very unlikely to be chance",
        ),
        (
            Answer("lower", Part(19, 80, 4), Part(14, 90, 9), 12, -2.0),
            "about 20 % before and after, lower after, nine weeks; unlikely to be chance",
        ),
    ],
)
def test_the_sentence(answer: Answer, words: str) -> None:
    assert answer_label(answer, SMALL) == words


@pytest.mark.parametrize(
    ("part", "label"),
    [
        (Part(120, 500, 9), "24 %"),
        (Part(4, 500, 9), "*"),
        (Part(497, 500, 9), "*"),
        (Part(3, 4, 1), "*"),
        (Part(0, 500, 9), "0 %"),
        (Part(), None),
    ],
)
def test_a_share_of_few_comments_is_hidden(part: Part, label: str | None) -> None:
    assert share_label(part, SMALL) == label
