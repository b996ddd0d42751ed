"""De-identification: what goes, what stays, and that it fails closed."""

from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordround.deidentify import Deidentifier, deidentifier, deidentify, forget_defaults, recognisers
from wordround.deidentify.nhs_number import is_valid
from wordround.plain_text import plain

IDENTIFIERS = [
    ("write to pat.example@ward.example.org please", "write to <email address> please"),
    ("pat at example dot org", "<email address>"),
    ("pat[at]example.org", "<email address>"),
    ("see https://example.org/pat?x=1, it helped", "see <web address>, it helped"),
    ("see www.example.net.", "see <web address>."),
    ("fernvale.example.co.uk was down", "<web address> was down"),
    ("thanks @heron_ward!", "thanks <handle>!"),
    ("on @pat@social.example too", "on <handle> too"),
    ("ring 07700 900123 today", "ring <phone number> today"),
    ("ring 07700-900-123", "ring <phone number>"),
    ("ring (020) 7946 0123", "ring <phone number>"),
    ("ring +44 (0)20 7946 0999", "ring <phone number>"),
    ("ring 0044 7700 900123", "ring <phone number>"),
    ("\uff10\uff17\uff17\uff10\uff10 \uff19\uff10\uff10\uff11\uff12\uff13", "<phone number>"),
    ("my number 943 476 5919 was lost", "my number <NHS number> was lost"),
    ("my number 9434765919", "my number <NHS number>"),
    ("NI no QQ 12 34 56 C", "NI no <National Insurance number>"),
    ("we live at AB12 3CD.", "we live at <postcode>."),
    ("sw1a1aa is far", "<postcode> is far"),
]
OBFUSCATED = [
    "07700\n900123",
    "07700\t900123",
    "07700\u2014900\u2014123",
    "07700\u2212900\u2212123",
    "07700_900_123",
    "07700*900*123",
    "07700, 900, 123",
    "07700\u200e900123",
    "".join(f"{digit}\ufe0f\u20e3" for digit in "07700900123"),
    "\U0001d7ce\U0001d7d5\U0001d7d5\U0001d7ce\U0001d7ce 900123",
    "7700 900123",
    "pat\uff20example\uff0eorg",
    "pat @ example.org",
    "\uff20heron_ward",
    "http\uff1a//example\uff0eorg",
    "example.org.Thanks",
    "943_476_5919",
    "943,476,5919",
    "943\n476\n5919",
    "9 4 3 4 7 6 5 9 1 9",
    "943\u2014476\u20145919",
    "AB12\n3CD",
    "AB12.3CD",
    "AB12_3CD",
    "AB12\u200e3CD",
    "B1 2ND",
    "QQ.12.34.56.C",
    "QQ 123 456 C",
    "QQ\n123456\nC",
    "QQ_123456_C",
]


@pytest.mark.parametrize(("text", "expected"), IDENTIFIERS)
def test_an_identifier_gives_way_to_its_kind(text: str, expected: str) -> None:
    assert deidentify(text).text == expected


@pytest.mark.parametrize("identifier", OBFUSCATED)
def test_an_identifier_is_found_however_it_is_drawn_out(identifier: str) -> None:
    left = deidentify(plain(f"ask {identifier} please"))
    assert left.found
    assert not any(character.isdigit() for character in left.text)
    assert "@" not in left.text


@pytest.mark.parametrize(
    "stretch", ["07700 900123 ", "1 ", "7777777 ", "943 476 ", "0 (", "a@", "a.", "[at] ", "zzxq ", "Zog Zog and "]
)
def test_a_text_made_to_take_for_ever_is_over_soon_or_withheld(stretch: str) -> None:
    deidentify(stretch)  # on a new machine the first text of a kind waits for its tables
    started = process_time()
    deidentify(stretch * (300_000 // len(stretch)))
    assert process_time() - started < 10


def test_positions_are_those_of_the_original() -> None:
    text = "a@b.example.org and 07700 900123"
    assert [text[span.start : span.end] for span in deidentify(text).found] == ["a@b.example.org", "07700 900123"]


def test_an_identifier_at_the_end_of_a_very_long_text_is_found() -> None:
    assert deidentify("the wait was 12345 minutes " * 20_000 + "07700 900123").text.endswith("<phone number>")


def test_a_text_that_a_recogniser_fails_on_is_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str) -> None:
        raise RuntimeError(text)

    monkeypatch.setitem(recognisers.GROUPS, "digits", (fail,))
    left = deidentify("bed 4 was cold, ring 07700 900123 or ask quillby")
    assert left.withheld
    assert left.text == "bed <number> was cold, ring <number> <number> or ask <word>"


@given(st.integers(100_000_000, 999_999_999))
def test_nine_digits_have_one_check_digit_at_most(first_nine: int) -> None:
    assert sum(is_valid(f"{first_nine}{last}") for last in range(10)) <= 1


@given(st.text(st.characters(codec="utf-8")), st.sampled_from([text for text, _ in IDENTIFIERS]), st.text(max_size=20))
def test_an_identifier_set_among_any_text_on_lines_of_its_own_is_found(before: str, text: str, after: str) -> None:
    found = deidentify(f"{before}\n\n{text}\n\n{after}")
    assert found.withheld or any(
        span.start <= len(before) + 2 + len(text) and span.end > len(before) + 2 for span in found.found
    )


@given(st.text())
def test_any_text_is_taken_and_spans_are_in_order(text: str) -> None:
    found = deidentify(text).found
    assert all(one.end <= two.start for one, two in pairwise(found))


def test_what_a_trust_is_called_for_short_stays_unless_it_is_somebody() -> None:
    from wordround.registers.services import exempt_names

    look = Deidentifier(exempt_names())
    assert look("Rang Fernvale crisis team twice").text == "Rang Fernvale crisis team twice"
    assert "Fernvale" not in look("I saw Dr Fernvale on Kestrel Ward").text
    assert "kestrel" not in look("saw dr. kestrel on Heron Ward").text


def test_the_same_names_make_one_de_identifier_until_the_vocabulary_changes() -> None:
    first = deidentifier(("Mill 4",))
    assert deidentifier(("Mill 4",)) is first
    assert deidentifier(("Mill 5",)) is not first
    forget_defaults()
    assert deidentifier(("Mill 4",)) is not first
