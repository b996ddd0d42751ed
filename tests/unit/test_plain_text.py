"""Text as it is kept: what a reader sees, whatever program wrote it."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wordround.connectors.asking.texts import text_of_html
from wordround.deidentify import deidentify
from wordround.plain_text import plain

DISGUISED = [
    ("Please ring 07700<br>900123 about it", "Please ring 07700\n900123 about it"),
    ("NHS no 943&nbsp;476&nbsp;5919 is mine", "NHS no 943 476 5919 is mine"),
    ("my name is Joan&#32;Pike", "my name is Joan Pike"),
    ("joan.pike&#64;example.org", "joan.pike@example.org"),
    ("Bed&amp;board was fine", "Bed&board was fine"),
    ("&amp;lt;br&amp;gt;fine", "fine"),
    ("good&nbsp staff", "good  staff"),
    ('<p class="x">Hi</p><p>there</p>', "Hi\nthere"),
    ("kind<o:p></o:p> staff", "kind staff"),
    ("cafÃ© Â£3", "café £3"),
    ("don\x92t", "don't"),
    ("Good_x000D_\nfood", "Good\nfood"),
    ("joan%2Epike%40example.org", "joan.pike@example.org"),
    ("Great%20staff%2C thanks", "Great staff, thanks"),
    ("Jo\u0430n \u0420ike", "Joan Pike"),
    ("\uff2a\uff4f\uff41\uff4e", "Joan"),
    ("ring \u041e7700 900123", "ring O7700 900123"),
    ("\u0423vonne and \u039dorman", "Yvonne and Norman"),
    ("my name is J\u00f6\u0430n", "my name is Jöan"),
    ("Jo\u200ban", "Joan"),
    (f"joan.pike&{'amp;' * 40}#64;example.org", "joan.pike@example.org"),
    (f"joan.pike%{'25' * 40}40example.org", "joan.pike@example.org"),
    (f"Go_{'x005F_' * 40}x006F_d", "Good"),
    (f"joan.pike&{'amp;#38;' * 20}#64;example.org", "joan.pike@example.org"),
]
APOSTROPHES = ["We don{}t know and can{}t get through", "they{}re late and I{}ve rung", "It{}s cold, that{}s all"]
SIGNS = [
    "'", "\u2019", "\u2018", "`", "\u00b4", "\u02bc", "?", "\ufffd", "\\'", "''", '"', "&#39;", "&rsquo;", "â€™", " ",
]  # fmt: skip
LONG = ["\u00c3" * 60_000, "\\" * 60_000 + "\u00e9", "<!-- " * 12_000, "x" * 60_000 + "\u00e9"]
NO_MARKUP = [
    "<36", "I <3 NHS", "a < b and c > d", "<Ward 4> was cold", "<Will> sat with me", "<address> was wrong",
    "R&D &notes",
    "50%25 of", "100%20 of it", "up 10%20 of 3", "see https://example.org/a%20b", "x<y>z", "patients\u2019 food",
    "snake_case_x12", "Спасибо", "5μg, not 5mg", "20Г", "naïve café", "we re-booked it", 'she said "no"',
]  # fmt: skip


@pytest.mark.parametrize(("written", "read"), DISGUISED)
def test_what_a_program_wrote_becomes_what_a_reader_sees(written: str, read: str) -> None:
    assert plain(written) == read


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("form", APOSTROPHES)
def test_an_apostrophe_is_one_however_it_was_written_and_makes_no_name(form: str, sign: str) -> None:
    text = plain(form.replace("{}", sign))
    assert text == form.replace("{}", "'")
    assert deidentify(text).text == text


@pytest.mark.parametrize("text", LONG)
def test_no_text_takes_longer_than_its_length(text: str) -> None:
    # Minutes where a sign was looked for anew at each place.
    assert plain(text) == text.strip()


def test_what_no_reader_sees_goes_however_long_it_is() -> None:
    assert plain(f"Kind staff<!-- {'macro ' * 2000}--> here<style>{'p {} ' * 2000}</style>") == "Kind staff here"
    assert plain("wait --> <!-- still waiting") == "wait --> <!-- still waiting"


@pytest.mark.parametrize("text", NO_MARKUP)
def test_what_is_no_markup_stays(text: str) -> None:
    assert plain(text) == text


def test_escaped_signs_of_a_page_are_signs() -> None:
    assert text_of_html("<p>platelets &lt;36 &amp; falling</p>")[0] == "platelets <36 & falling"


_BITS = [
    "<br>", "&amp;", "lt;", "&lt;", "%20", "%", "2520", "_x000D_", "_x005F_", " t ", "don", "''", "\\", "'", '"',
    "\ufffd", "â€™", "Ã", "©", "\u0430", "J", "<", "b", ">", "/", " ", "\n", "\x00", "é", "1", "?", "&#39;", "\uff21",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_BITS), max_size=10).map("".join))
def test_plain_text_is_plain(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abc XYZ 123 <>.,!?&;#", max_size=60))
def test_letters_and_digits_that_are_no_markup_are_not_lost(text: str) -> None:
    kept = sum(character.isalnum() for character in plain(text))
    in_tags = 4 * text.count(">") + 9 * text.count("&")
    assert kept + in_tags >= sum(character.isalnum() for character in text)


@pytest.mark.parametrize(
    "text", ["x" * 400_000 + "%", "<a>" * 130_000, "<td>" * 100_000, "a+" * 200_000 + "%20"], ids=lambda text: text[:6]
)
def test_a_long_text_takes_no_longer_for_its_length(text: str) -> None:
    start = process_time()
    plain(text)
    # Looked at from each of its places, or for each of its tags, it took minutes.
    assert process_time() - start < 10


def test_an_address_of_any_scheme_keeps_its_percents() -> None:
    assert plain("a%20b http://a.example/b%20c tel+x.y-1://b%20c") == "a b http://a.example/b%20c tel+x.y-1://b%20c"
