"""Hashtags in any script: what the door keeps, what is declared and what dbt compares are one form."""

import re
import unicodedata
from collections.abc import Callable

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wordround.deidentify import deidentifier
from wordround.deidentify.cells import Cells
from wordround.folders import PROJECT
from wordround.plain_text import plain, tag_key, tag_name

_MACRO = (PROJECT / "dbt/macros/names_of_services.sql").read_text(encoding="utf-8")
_HASHTAG_NAME = re.search(r"macro hashtag_name\(hashtag\) -%}(.*?){%- endmacro", _MACRO, re.DOTALL)[1]
# Without those that are the second half of a letter in the wrong encoding: whether "áœª" is one is told by its case.
_LETTERS = st.characters(
    categories=("Lu", "Ll", "Lt", "Lo", "Lm", "Nd", "Mn"),
    include_characters="_ΣςİıẞßＡａ",
    exclude_characters="ªµºŒœŠšŸŽžƒˆ",
)
# As often as not beside Latin letters and digits.
_TAGS = st.text(st.one_of(_LETTERS, st.sampled_from("Aa1ΑαΒβΜμΝνГгПпЖ")), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def in_sql() -> Callable[[str], str]:
    connection = duckdb.connect()
    select = f"select {_HASHTAG_NAME.replace('{{ hashtag }}', '$tag')}"
    return lambda tag: connection.execute(select, {"tag": tag}).fetchone()[0]


@settings(max_examples=1_500, deadline=None)
@given(written=_TAGS)
@example(written="A\N{LATIN CAPITAL LETTER SALTILLO}A")
def test_sql_finds_what_python_finds(in_sql: Callable[[str], str], written: str) -> None:
    kept = plain(written)
    assert in_sql(kept) == tag_key(kept) == tag_key(tag_name(kept)) == in_sql(tag_name(kept))
    assert tag_key(tag_key(kept)) == tag_key(kept)


def test_a_letter_beside_latin_ones_is_the_same_in_capitals_and_in_small_letters() -> None:
    capitals = [letter for letter in map(chr, range(0x370, 0x530)) if letter.lower() != letter]
    assert len(capitals) > 150
    for letter in capitals:
        for mixed in (f"A{letter}", f"{letter}2026", f"É{letter}", f"İ{letter}", f"A-{letter}"):
            small = "".join(map(tag_name, mixed))
            assert tag_key(plain(mixed)) == tag_key(plain(small)), (mixed, small)


@pytest.mark.parametrize(
    "spellings",
    [
        ("ΜΑΊΑΣ", "Μαίας", "#μαίας", "μαίασ"),
        ("ＭａｔｅｒｎｉｔｙＨｏｕｒ", "MaternityHour", "#maternityhour"),
        ("İYİUYKU", "iyiuyku"),
        ("MAMÁS", unicodedata.normalize("NFD", "Mamás"), "mamás"),
        ("BYDWRAGEDDCYMRU", "BydwrageddCymru"),
        # With digits, for which the whole is read as Latin letters where they look alike.
        ("ΜΕΝΟΥΜΕΣΠΙΤΙ2020", "Μενουμεσπίτι2020".replace("ί", "ι"), "μενουμεσπιτι2020"),
        ("ПРИВИВКА2026", "Прививка2026", "прививка2026"),
    ],
)
def test_spellings_of_one_tag_are_one(in_sql: Callable[[str], str], spellings: tuple[str, ...]) -> None:
    door = Cells(deidentifier(), hashtags=lambda: [spellings[0]])
    assert len({in_sql(door.hashtag(written.lstrip("#"))) for written in spellings}) == 1
    assert {in_sql(tag_name(written)) for written in spellings} == {tag_key(spellings[0])}


def test_a_tag_is_asked_for_and_shown_as_it_is_written() -> None:
    assert (tag_name("#Straße"), tag_name("Μαίας")) == ("straße", "μαίας")
