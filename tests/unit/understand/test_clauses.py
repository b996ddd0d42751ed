"""Where a comment is parted into what it praises and what it criticises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordround.understand.clauses import clauses


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("staff lovely, parking a nightmare", ["staff lovely", "parking a nightmare"]),
        ("The nurse was kind but the ward was dirty", ["The nurse was kind", "but the ward was dirty"]),
        ("The nurse was lovely and the food was terrible", ["The nurse was lovely", "the food was terrible"]),
        ("Everything was fine apart from the wait", ["Everything was fine", "apart from the wait"]),
        ("I waited 3.30 hours - not good", ["I waited 3.30 hours", "not good"]),
        ("Good care\n\nBad food here", ["Good care", "Bad food here"]),
        ("Dr. <name> was great. Food was awful", ["Dr. <name> was great.", "Food was awful"]),
        ("Friendly and helpful", ["Friendly and helpful"]),
        ("good but slow", ["good but slow"]),
        ("Nothing", ["Nothing"]),
        ("  ", []),
    ],
)
def test_a_comment_is_parted_where_its_subject_changes(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts


@given(st.text(alphabet="ab .,;!?\n-\u2013butand\u2026", max_size=300))
def test_no_word_is_lost_and_no_part_is_blank(text: str) -> None:
    parts = clauses(text)
    assert all(part.strip() for part in parts)
    place = 0
    for part in parts:
        place = text.index(part, place) + len(part)
    letters = [character for character in text if character.isalnum()]
    kept = [character for part in parts for character in part if character.isalnum()]
    dropped = len(letters) - len(kept)
    # An "and" between two subjects belongs to neither.
    assert dropped % 3 == 0
    assert dropped == 0 or "and" in text.lower()
