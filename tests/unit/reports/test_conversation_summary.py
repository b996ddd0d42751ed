"""The summary of a conversation that is passed on: what it says, and that it gives no small number away."""

from pathlib import Path

import pytest

from tests.fixtures import published
from tests.fixtures.browser import is_wider_than_its_window, opened, violations
from wordround.errors import ConversationNotThere
from wordround.reports import conversation
from wordround.settings import Settings


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    published.publish(tmp_path)
    return published.settings_for(tmp_path)


def words(path: Path) -> str:
    return " ".join(path.read_text(encoding="utf-8").split())


def test_it_says_what_came_against_the_usual_and_who_took_part(home: Settings) -> None:
    made = conversation.write(home, "maternity_hour")
    page = words(made.page)
    assert "12 November 2026, 20:00 to 21:00" in page
    assert "<strong>360</strong> posts came in" in page and "60 reposts and 25 copies" in page
    assert "3.1 times the usual for these hours (2.6 to 3.7)" in page
    assert "from 20:08, 20:28, 20:48 on" in page
    assert "Samaritans" in page and "No link was opened" in page


def test_a_small_number_is_hidden_and_follows_from_no_other(home: Settings) -> None:
    page = words(conversation.write(home, "maternity_hour").page)
    for label in ("Charities", "Hosts", "Activities", "General"):  # the next lowest beside a small one
        row = page.split(f">{label}<")[1].split("</tr>")[0]
        assert ">*<" in row, label
    assert "12 questions of participants." in page, "9 answered would say that 3 were not"
    assert "English *, Welsh *" in page
    assert "somebody.example" not in page, "a website that one person names may be their own"
    exact = conversation.write(home, "maternity_hour", is_exact=True)
    assert "a host replied to 9, half of them within 7 minutes" in words(exact.page)
    assert exact.page.parent.name == "conversation-maternity_hour-exact"


def test_a_name_that_is_not_there_is_an_error_that_names_those_that_are(home: Settings) -> None:
    with pytest.raises(ConversationNotThere, match="Published are: maternity_hour"):
        conversation.write(home, "paternity_hour")


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
def test_everybody_can_read_it(home: Settings, width: int) -> None:
    with opened(conversation.write(home, "maternity_hour").page, width) as page:
        assert violations(page) == []
        assert not is_wider_than_its_window(page)
