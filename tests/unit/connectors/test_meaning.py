"""The meaning of rows, whatever their notation: texts, places and ids are compared by it, in Python and in SQL."""

import re
import unicodedata
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordround.comments import Comment
from wordround.connectors.fft import Block
from wordround.connectors.fft.connector import Reader
from wordround.connectors.files.cells import value_in
from wordround.connectors.files.meaning import look_alikes, place_key, row_id, spellings, text_key
from wordround.connectors.files.no_answer import is_no_answer
from wordround.settings import PROJECT

LATIN = st.text(st.characters(max_codepoint=0x17F, exclude_categories=["Cc", "Cs"]), max_size=30)
WORDS = st.lists(st.sampled_from("the ward's nurses were kind café naïve we don't 4 wait 20 mins".split()), min_size=1)
ANSWERS = st.lists(
    st.tuples(
        st.dates(date(2024, 1, 1), date(2026, 8, 31)),
        st.sampled_from(["Alder Ward", "Birch Ward", "Ward 4", "A & E"]),
        st.integers(1, 6),
        WORDS.map(" ".join),
    ),
    min_size=1,
    max_size=8,
)
SCORES = ["", "Very good", "Good", "Neither good nor poor", "Poor", "Very poor", "Don't know"]
DATES = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%Y 09:30", "%d/%m/%Y 23:59:27", "%d %B %Y", "%d-%b-%y"]
PLACES = [str, str.upper, lambda place: f" {place}. ", lambda place: place.replace(" ", "  "), str.lower]
TEXTS = [
    str,
    str.upper,
    lambda text: f"  {text}  ",
    lambda text: text.replace(" ", "\u00a0").replace("'", "\u2019"),
    lambda text: unicodedata.normalize("NFD", text),
]
WRITTEN_SCORES = [
    str,
    lambda score: f"{score}.0",
    lambda score: SCORES[score],
    lambda score: f"{score} - {SCORES[score]}",
    lambda score: f"{SCORES[score].upper()} ({score})",
]


def native_ids(folder: Path, rows: list[list[str]]) -> list[str]:
    """The ids of the answers of a file, in file order."""
    block = Block.model_validate(
        {
            "date_order": "day_first",
            "layouts": {"one": {"date": "Date", "locations": ["Ward"], "score": "Score", "answer": "Comment"}},
        }
    )
    path = folder / "answers.csv"
    cells = [["Date", "Ward", "Score", "Comment"], *rows]
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in cells), encoding="utf-8")
    with path.open("rb") as file:
        reader = Reader(path, file, block, "XFV", date(2026, 9, 30))
        found = list(reader.items())
    assert all(isinstance(one, Comment) for one in found)
    return [one.native_id for one in found if isinstance(one, Comment)]


@given(
    ANSWERS,
    st.lists(
        st.tuples(*(st.sampled_from(each) for each in (DATES, PLACES, WRITTEN_SCORES, TEXTS))), min_size=8, max_size=8
    ),
)
def test_an_answer_is_the_same_answer_in_every_notation(
    tmp_path_factory: pytest.TempPathFactory, answers: list, notations: list
) -> None:
    folder = tmp_path_factory.mktemp("answers")
    plainly = [[day.isoformat(), place, str(score), text] for day, place, score, text in answers]
    otherwise = [
        [day.strftime(dated), spelled(place), written(score), typed(text)]
        for (day, place, score, text), (dated, spelled, written, typed) in zip(answers, notations, strict=False)
    ]
    ids = native_ids(folder, plainly)
    assert native_ids(folder, otherwise) == ids
    assert len(set(ids)) == len(answers)


@pytest.mark.parametrize("changed", [0, 1, 2, 3])
def test_another_day_place_score_or_text_is_another_answer(tmp_path: Path, changed: int) -> None:
    row = ["2026-08-01", "Ward 1/2", "1", "Kind nurses"]
    other = [*row[:changed], ["2026-08-02", "Ward 12", "2", "Kind nurse"][changed], *row[changed + 1 :]]
    assert native_ids(tmp_path, [row]) != native_ids(tmp_path, [other])


@given(st.text(max_size=40))
def test_what_is_compared_stays_the_same_when_it_is_compared_again(text: str) -> None:
    for key in (text_key, place_key):
        assert key(key(text)) == key(text)


@pytest.mark.parametrize(
    "spelling", ["Ward 4", "ward 4 ", "WARD 4", "Ward  4", "Ward 4.", "Ward-4", '"Ward 4"', "Ward4"]
)
def test_a_ward_has_one_key_however_it_is_spelled(spelling: str) -> None:
    assert place_key(spelling) == "ward4"


def test_places_that_are_not_the_same_have_other_keys() -> None:
    places = [
        "Ward 4",
        "Ward 14",
        "Ward 1/4",
        "Ward 4A",
        "Ward 4 1",
        "Ward 41",
        "Tŷ Gwyn",
        "Ty Gwyn",
        "Bay 1.2",
        "Bay 12",
    ]
    assert len({place_key(place) for place in places}) == len(places)
    assert place_key("A & E") == place_key("A and E") == place_key("A&E")


def test_the_gate_compares_aliases_by_the_same_rule() -> None:
    macro = (PROJECT / "dbt" / "macros" / "place_key.sql").read_text(encoding="utf-8")
    body = re.search(r"macro place_key\(place\) -%\}(.*)\{%- endmacro", macro, re.DOTALL)
    gate = (PROJECT / "expectations" / "publishable" / "register.sql").read_text(encoding="utf-8")
    assert body
    assert "".join(body[1].replace("{{ place }}", "part").split()) in "".join(gate.split())


@given(st.one_of(LATIN, st.text("abAB149 .-/&'()ŷé", max_size=20)))
def test_dbt_gathers_the_spellings_of_a_place_by_the_same_rule(place: str) -> None:
    macro = (PROJECT / "dbt" / "macros" / "place_key.sql").read_text(encoding="utf-8")
    body = re.search(r"macro place_key\(place\) -%\}(.*)\{%- endmacro", macro, re.DOTALL)
    assert body
    sql = body[1].replace("{{ place }}", "$1")
    assert duckdb.execute(f"select {sql}", [place]).fetchone() == (place_key(place),)


@pytest.mark.parametrize("cell", [101, "101", "101.0", " 101 ", "101.00", '="101"', "\u200b101"])
def test_an_id_is_the_same_as_a_number_and_as_text(cell: str | int) -> None:
    assert row_id(cell) == "101"


def test_other_ids_stay_as_they_are() -> None:
    assert [row_id(one) for one in ("00100", "R1", "r1", "1.5", "101-0", "")] == [
        "00100",
        "R1",
        "r1",
        "1.5",
        "101-0",
        "",
    ]
    assert spellings("101.0") == ("101", "101.0")
    assert spellings("R1") == ("R1",)
    assert look_alikes("00100") == ("100",)
    assert look_alikes("100", 5) == ("0100", "00100")


@given(st.text(st.sampled_from("aZ09-xX'\u2019. _=\"(\uff11"), max_size=12))
def test_an_id_is_what_its_cell_says_also_where_nothing_is_to_be_taken_off(cell: str) -> None:
    number = re.fullmatch(r"(\d+)(?:\.0+|,0)", value_in(cell))
    assert row_id(cell) == (number[1] if number else value_in(cell))


@given(
    st.sampled_from(["Did not answer", "n/a", "NaN", "Left blank", "Null", "No", "Patient declined", "x", "9"]) | LATIN
)
def test_a_sign_before_it_makes_no_answer_of_nothing(text: str) -> None:
    for further in (frozenset[str](), frozenset({"patientdeclined"})):
        assert is_no_answer(text, further) == is_no_answer(f" {text}", further)
