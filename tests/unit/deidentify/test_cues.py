"""Cues: whatever a pattern matches holds one of the words that are looked for before it is tried."""

import re
import sys

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from wordround.deidentify import recognisers
from wordround.deidentify.cues import Cued, any_of, cued, mask_of
from wordround.evaluate.corpus import evaluation

MODULES = sorted({find.__module__ for group in recognisers.GROUPS.values() for find in group})
PATTERNS = {
    f"{module.removeprefix('wordround.deidentify.')}.{name}": value
    for module in MODULES
    for name, value in vars(sys.modules[module]).items()
    if isinstance(value, Cued)
}


@pytest.mark.parametrize(
    ("pattern", "cues"),
    [
        (r"\bward\b", {"ward"}),
        (r"\bwards?\b", {"ward", "wards"}),
        (r"\bthe ward\b", {"ward"}),
        (r"\b(?:ward|unit) \d+", {"ward", "unit"}),
        (r"\bneurolog\w+", {"neurolog*"}),
        (r"(?<![\w'-])ward(?![\w'-])", {"ward"}),
        (r"(?:^| )(?:health visitor|cpn) ", {"visitor", "cpn"}),
        (r"[A-Z]\w+ (?:and |or )?ward\b", {"ward"}),
        (r"\b(?:[A-Z]\w+\s){1,3}?ward\.?\s", {"ward"}),
        # Nothing tells where these words end, so that "wardrobe" and "award" would do.
        ("ward", None),
        (r"\w+ward\b", None),
        (r"\b(?:ward|\d+)\b", None),
        (r"\b(?:ward)?\b", None),
        (r"\bab\w", None),
        (r"(?:ward )*", None),
    ],
)
def test_the_cues_of_a_pattern_are_the_rarest_words_without_which_it_cannot_match(
    pattern: str, cues: set[str] | None
) -> None:
    assert cued(pattern, re.IGNORECASE).cues == (None if cues is None else frozenset(cues))


@pytest.mark.parametrize(
    "text", ["kin\u017fman", "k\u0131nsman", "\u212ainsman", "K\u0130NSMAN", "my 2kinsman", "_kinsman,"]
)
def test_letters_that_are_taken_for_others_where_case_is_ignored_hide_no_cue(text: str) -> None:
    pattern = cued(r"(?:\b|\d|_)kinsman\b", re.IGNORECASE)
    assert pattern.pattern.search(text)
    assert pattern.cues
    assert pattern.search(text)


def test_only_patterns_of_digits_marks_and_single_letters_have_no_cue() -> None:
    assert {name.partition(".")[0] for name, pattern in PATTERNS.items() if pattern.cues is None} <= {
        "age", "bank_account", "date_of_birth", "dated_event", "hospital_number", "ip_address", "names", "nhs_number",
        "phone", "postcode", "reference_number", "street_address", "vehicle",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "digits"),
    [
        (r"ward \d", 1),
        (r"[0-9]\d{2,4}", 3),
        (r"(?:\d[ -]?){5}", 5),
        (r"0\d|7", 1),
        (r"(?<!\d)\d(?!\d)", 1),
        (r"(?=\d\d)\d", 1),
        (r"(\d)\1", 1),
        # Nothing tells that these are digits.
        (r"[a-z\d]{4}", 0),
        (r"[^\d]\w\D", 0),
        (r"\d*(?:\d|ward)", 0),
    ],
)
def test_a_pattern_is_looked_for_only_among_as_many_digits_as_it_holds(pattern: str, digits: int) -> None:
    assert cued(pattern).fewest_digits == digits


@pytest.mark.parametrize("name", PATTERNS)
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_a_pattern_matches_holds_a_cue(name: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(PATTERNS[name].pattern))
    assume(PATTERNS[name].pattern.search(text))
    assert PATTERNS[name].may_match(text)


def test_what_a_pattern_matches_in_the_corpus_holds_a_cue() -> None:
    texts = [sample.text for sample in (*evaluation.clean(), *evaluation.carriers(1))]
    missed = [
        (name, text)
        for name, pattern in PATTERNS.items()
        for text in texts
        if not pattern.may_match(text) and pattern.pattern.search(text)
    ]
    assert missed == []


@pytest.mark.parametrize("word", ["i", "m", "at", "ward", "o", "brien", "s"])
def test_the_words_of_a_text_are_runs_of_letters_in_small_letters(word: str) -> None:
    pattern, other = cued(rf"\b{word}\b"), cued(rf"\b{word}x\b")
    mask = mask_of("I'm at_Ward4 O'Brien's")
    assert mask & pattern.bit
    assert not mask & other.bit


def test_of_several_patterns_one_cue_is_enough() -> None:
    may_match = any_of(cued(r"\bward\b"), cued(r"\bneurolog\w+"))
    assert may_match("on the ward")
    assert may_match("a neurologist")
    assert not may_match("in the unit")


def test_patterns_that_are_looked_for_together_are_told_apart() -> None:
    ward, number, capital = cued(r"\bward\b"), cued(r"\bward \d+"), cued(r"\bward [A-Z]")
    assert any_of(ward, number, capital)("on ward 4")
    assert [one.may_match("on ward 4") for one in (ward, number, capital)] == [True, True, False]
    assert [one.may_match("on ward B") for one in (ward, number, capital)] == [True, False, True]
    assert not any(one.may_match("on the unit") for one in (ward, number, capital))
