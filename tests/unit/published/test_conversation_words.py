"""Words of a conversation that more than one page says."""

import pytest

from wordround.published import conversation_words


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(1, "minute"), (15, "15 minutes"), (60, "hour"), (360, "6 hours"), (1440, "day")],
)
def test_an_interval_is_named_in_the_unit_in_which_people_think(minutes: int, said: str) -> None:
    assert conversation_words.interval(minutes) == said
