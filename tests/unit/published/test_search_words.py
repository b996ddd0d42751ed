"""The language of the search: what it finds in texts, and that nothing that can be typed breaks it or becomes SQL."""

import re
from itertools import pairwise

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wordround.published.search_words import LONGEST, LONGEST_WORD, MOST_TERMS, SearchUnreadable, marks, read

TEXTS = (
    "Parking was dear.",
    "The car park is full",
    "Sparking clean rooms",
    "Staff didn't listen",
    "They didn\u2019t ring back, the café was shut",
    "Waiting - room too small; PARKING",
    "<name> was kind, staff too",
    "Seen in A&E 😡",
)


def found(typed: str) -> list[int]:
    """The places of the texts that a search finds, by DuckDB."""
    words = read(typed)
    with duckdb.connect() as connection:
        connection.execute("create table comments as select unnest(?::varchar[]) as comment_text", [list(TEXTS)])
        query = f"select comment_text from comments where {words.condition}"
        hits = {text for (text,) in connection.execute(query, dict(words.parameters)).fetchall()}
    return [place for place, text in enumerate(TEXTS) if text in hits]


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("parking", [0, 5]),
        ("PARKING", [0, 5]),
        ("park*", [0, 1, 5]),
        ("park", [1]),
        ('"car park"', [1]),
        ("“waiting room”", [5]),
        ('"car park*" OR dear', [0, 1]),
        ("parking dear", [0]),
        ("parking AND dear", [0]),
        ("parking OR staff", [0, 3, 5, 6]),
        ("parking NOT dear", [5]),
        ("parking -dear", [5]),
        ('-"dear" parking', [5]),
        ("NOT (parking OR staff)", [1, 2, 4, 7]),
        ("(-parking) -staff", [1, 2, 4, 7]),
        ("(parking OR staff) AND (dear OR kind)", [0, 6]),
        ("staff OR parking AND dear", [0, 3, 6]),
        ("NOT NOT parking", [0, 5]),
        ("didn't", [3, 4]),
        ("didn\u2019t", [3, 4]),
        ("cafe", [4]),
        ("CAFÉ", [4]),
        ("cafe\u0301", [4]),
        ("name", []),
        ("and", []),
        ("A&E", [7]),
        ("😡", [7]),
        ("ANDROID", []),
        ("", list(range(8))),
        ("   ", list(range(8))),
    ],
)
def test_a_search_finds_whole_words_whatever_their_case_accents_and_apostrophes(typed: str, places: list[int]) -> None:
    assert found(typed) == places


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ('"parking', "quotation mark is not closed"),
        ("(parking", "bracket is not closed"),
        ("parking)", "bracket is closed that was not opened"),
        ("()", "no word before it"),
        ("parking AND", "Words are missing"),
        ("OR parking", "Words are missing"),
        ("NOT", "Words are missing"),
        ("a AND AND b", "Words are missing"),
        ('""', "no word between"),
        ("*", "no word between"),
        ("x" * (LONGEST + 1), f"longer than {LONGEST}"),
        ("x" * (LONGEST_WORD + 1), f"more than {LONGEST_WORD} letters"),
        (" ".join(["a"] * (MOST_TERMS + 1)), f"more than {MOST_TERMS} words"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence_without_what_was_typed(typed: str, says: str) -> None:
    with pytest.raises(SearchUnreadable) as refused:
        read(typed)
    assert says in refused.value.says and refused.value.says.count(". ") == 0
    assert "parking" not in refused.value.says


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("staff", "Staff, staff <staff> staffed", ["Staff", "staff"]),
        ('"the car" OR park*', "The  car parks", ["The  car", "parks"]),
        ("staff NOT rude", "rude staff", ["staff"]),
        ("cafe 😡", "Café 😡😡", ["Café", "😡", "😡"]),
        ("NOT staff", "kind staff", []),
    ],
)
def test_what_was_looked_for_is_marked_where_it_stands(typed: str, text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in marks(read(typed), text)] == marked


# Parts of the language, of SQL and of patterns, in any order.
SIGNS = [
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    '"',
    "“",
    "*",
    "'",
    "--",
    ";",
    "\\",
    "[",
    "]",
    "{9}",
    "$",
    "%",
    "é",
    "😡",
    "\x00",
]
WORDS = ["parking", "waiting", "drop", "table", "$word_0", "union select", "1=1", "(?i)", ".*", "pg_sleep(9)"]
TYPED = st.one_of(
    st.text(max_size=80), st.lists(st.sampled_from(SIGNS + WORDS), max_size=25).map(" ".join),
    st.lists(st.sampled_from(SIGNS + WORDS), max_size=25).map("".join),
)  # fmt: skip

_FIXED = re.compile(r"(?:regexp_matches\(comments\.comment_text, \$word_\d+\)|true|not|and|or|[() ])+")


@given(TYPED)
@example("'; drop table comments; --")
@example("x') or true or regexp_matches('a', 'a")
@example("NOT " * 74 + "a")
@example("(" * 149 + "a" + ")" * 149)
@example("\\pL [[:alpha:]] (?P<a>x){1000}")
def test_whatever_is_typed_is_read_or_refused_and_never_becomes_sql(typed: str) -> None:
    try:
        words = read(typed)
    except SearchUnreadable as refused:
        assert refused.says
        return
    assert _FIXED.fullmatch(words.condition), "the condition is made of fixed parts alone"
    found(typed)
    for text in TEXTS:
        places = marks(words, text)
        assert all(start < end for start, end in places)
        assert all(before[1] <= after[0] for before, after in pairwise(places))
