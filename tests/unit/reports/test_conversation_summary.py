"""The summary of a conversation that is passed on: what it says, and that it gives no small number away."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.fixtures import published
from tests.fixtures.browser import is_wider_than_its_window, needs_chromium, opened, violations
from wordround.errors import ConversationNotThere
from wordround.records import reviews
from wordround.records.reviews import Code, Item, Stratum, ThemeCode
from wordround.reports import conversation
from wordround.settings import Settings


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    published.publish(tmp_path)
    return published.settings_for(tmp_path)


def words(path: Path) -> str:
    return " ".join(path.read_text(encoding="utf-8").split())


def row(page: str, label: str) -> str:
    """The row of a table that begins with this label."""
    return page.split(f">{label}<")[1].split("</tr>")[0]


def test_it_says_what_came_against_the_usual_and_who_took_part(home: Settings) -> None:
    made = conversation.write(home, "maternity_hour")
    page = words(made.page)
    assert "12 November 2026, 20:00 to 21:00" in page
    assert "<strong>360</strong> posts came in" in page and "60 reposts and 25 copies" in page
    assert "3.1 times the usual for these hours (2.6 to 3.7)" in page
    assert "people and groups wrote those of sites where we can count them; of X we can count nobody." in page
    assert "Posts by minute." in page and "(not given by Bluesky)" in page
    assert "from 20:08, 20:28, 20:48 on" in page
    assert "Samaritans" in page and "No link was opened" in page


def test_a_small_number_is_hidden_and_follows_from_no_other(home: Settings) -> None:
    page = words(conversation.write(home, "maternity_hour").page)
    for label in ("Charities", "Hosts", "Activities", "General"):  # the next lowest beside a small one
        assert ">*<" in row(page, label), label
    assert "12 questions of participants." in page, "9 answered would say that 3 were not"
    assert "English *, Welsh *" in page
    assert "somebody.example" not in page, "a website that one person names may be their own"
    exact = conversation.write(home, "maternity_hour", is_exact=True)
    assert "a host replied to 9, half of them within 7 minutes" in words(exact.page)
    assert exact.page.parent.name == "conversation-maternity_hour-exact"


def test_themes_that_come_together_are_shown_where_neither_they_nor_the_rest_are_few(home: Settings) -> None:
    page = words(conversation.write(home, "maternity_hour").page)
    table = page.split("Themes that come together most often")[1].split("</table>")[0]
    assert [cell.split("<")[0] for cell in table.split('<th scope="row">')[1:]] == ["Access to care and Staff"]
    assert ">12<" in table
    exact = words(conversation.write(home, "maternity_hour", is_exact=True).page)
    assert "Access to care and General" in exact and "Activities and Staff" in exact, "nothing is hidden at the desk"
    assert "No post was coded by two people" in page


STAFF, ACCESS = (Code("positive", (ThemeCode("patient_experience", name),)) for name in ("Staff", "Access to care"))


def code(settings: Settings, count: int, is_same: Callable[[int], bool]) -> None:
    """Let two people code the first posts of the conversation, one in two about staff."""
    items = [Item(number, f"post {number}", f"key {number}", 0, 1.0) for number in range(count)]
    strata = [Stratum(None, None, None, None, count, count)]
    sample = reviews.add_sample(settings, None, 1, ["AB", "CD"], strata, items)
    codes: dict[tuple[int, int, str], Code | None] = {}
    for number in range(count):
        one, other = (STAFF, ACCESS) if number % 2 else (ACCESS, STAFF)
        codes |= {(sample, number, "AB"): one, (sample, number, "CD"): one if is_same(number) else other}
    reviews.replace(settings, codes)


def test_how_far_coders_agree_is_said_with_an_interval(home: Settings) -> None:
    code(home, 160, lambda number: number % 10 != 3)
    page = words(conversation.write(home, "maternity_hour").page)
    assert "160 posts were coded by two people or more. They agree by 0.80 (0.7" in page


@pytest.mark.parametrize(
    ("count", "says"),
    [(80, "80 posts were coded by two people or more: too few"), (358, "Some posts were coded by two people")],
)
def test_where_few_were_coded_or_not_coded_no_small_number_follows(home: Settings, count: int, says: str) -> None:
    code(home, count, lambda _: True)
    assert says in words(conversation.write(home, "maternity_hour").page)


def test_help_stands_before_links_and_titles_of_few_posts_or_few_writers_are_left_out(home: Settings) -> None:
    page = words(conversation.write(home, "maternity_hour").page)
    assert 0 < page.index("Samaritans") < page.index("Where people pointed") < page.index("tommys.org")
    assert page.count("Samaritans") == 1
    rows = {label: row(page, label) for label in ("www.nhs.uk", "“Your pregnancy week by week”", "“Calm breathing”")}
    assert ">19<" in rows["www.nhs.uk"] and ">7<" in rows["“Calm breathing”"]
    assert "third birth" not in page, "three posts give it"
    assert "Our letter" not in page, "six posts give it, and two people wrote them"
    assert ">9<" in rows["“Your pregnancy week by week”"] and ">5<" in row(page, "“Where to give birth”")
    exact = words(conversation.write(home, "maternity_hour", is_exact=True).page)
    assert "third birth" in exact and "Our letter" in exact


def test_a_number_of_a_title_is_hidden_where_the_other_posts_of_its_domain_would_follow(home: Settings) -> None:
    with duckdb.connect(str(home.published / "wordround.duckdb")) as connection:
        connection.execute(
            "update marts.fct_conversation_links set contribution_count = 15 where link_domain = 'www.nhs.uk'"
        )
    page = words(conversation.write(home, "maternity_hour").page)
    assert ">15<" in row(page, "www.nhs.uk") and ">9<" in row(page, "“Your pregnancy week by week”")
    assert ">*<" in row(page, "“Where to give birth”"), "one post of the domain has neither title"


def test_countries_that_few_declare_are_not_named(home: Settings) -> None:
    page = words(conversation.write(home, "maternity_hour").page)
    assert ">21<" in row(page, "United Kingdom") and ">330<" in row(page, "No country is declared")
    assert ">*<" in row(page, "Other countries"), "two, which would follow, and seven beside it"
    assert "Tuvalu" not in page and "Ireland" not in page
    exact = words(conversation.write(home, "maternity_hour", is_exact=True).page)
    assert ">2<" in row(exact, "Tuvalu") and "Other countries" not in exact


def test_what_few_people_wrote_is_hidden_however_often_they_wrote_it(home: Settings) -> None:
    with duckdb.connect(str(home.published / "wordround.duckdb")) as connection:
        connection.execute(
            "update marts.fct_conversation_links set contribution_count = 6, writer_count = 1 "
            "where link_domain in ('somebody.example', 'sands.org.uk')"
        )
        connection.execute(
            """insert into marts.fct_conversation_links by name
               select
                   conversation_id, name as link_domain, kind as link_group, 7 as contribution_count, new.writer_count
               from marts.fct_conversation_links, (values
                   ('mybirthstory.blogspot.com', 'blog', 1), ('all.blogspot.com', 'blog', 7),
                   ('our.example', 'other', 5)
               ) as new(name, kind, writer_count)
               where link_domain = 'tommys.org'"""
        )
        connection.execute("update marts.fct_conversation_countries set writer_count = 1 where country_code = 'GB'")
        connection.execute("delete from marts.fct_conversation_countries where country_code = 'TV'")
    page = words(conversation.write(home, "maternity_hour").page)
    assert "somebody.example" not in page and "mybirthstory" not in page, "they may be of who points to them"
    assert ">7<" in row(page, "all.blogspot.com") and ">7<" in row(page, "our.example")
    assert ">*<" in row(page, "sands.org.uk"), "six posts of one person"
    assert "United Kingdom" not in page and ">*<" in row(page, "Other countries"), "21 posts of one person"
    assert "Ireland" not in page, "21 would follow from the whole"
    exact = words(conversation.write(home, "maternity_hour", is_exact=True).page)
    assert "mybirthstory.blogspot.com" in exact and ">21<" in row(exact, "United Kingdom")


def test_how_many_posts_have_a_theme_is_hidden_where_few_have_none(home: Settings) -> None:
    page = words(conversation.write(home, "maternity_hour").page)
    assert "230 posts have a theme" in page
    with duckdb.connect(str(home.published / "wordround.duckdb")) as connection:
        connection.execute("update marts.fct_conversation_themes set frame_contribution_count = 358")
    page = words(conversation.write(home, "maternity_hour").page)
    assert "* posts have a theme" in page and "358" not in page, "two of 360 have none"


def test_where_no_source_declares_a_country_the_page_says_so(home: Settings) -> None:
    with duckdb.connect(str(home.published / "wordround.duckdb")) as connection:
        connection.execute("delete from marts.fct_conversation_countries where country_code <> 'not_declared'")
    page = words(conversation.write(home, "maternity_hour").page)
    assert "No source of this conversation declares a country." in page and "No country is declared" not in page


def test_a_name_that_is_not_there_is_an_error_that_names_those_that_are(home: Settings) -> None:
    with pytest.raises(ConversationNotThere, match="Published are: maternity_hour"):
        conversation.write(home, "paternity_hour")


@needs_chromium
@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
def test_everybody_can_read_it(home: Settings, width: int) -> None:
    with opened(conversation.write(home, "maternity_hour").page, width) as page:
        assert violations(page) == []
        assert not is_wider_than_its_window(page)
