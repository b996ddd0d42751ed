"""JSON Lines: one object a line, as programs write them and as they break; a broken line costs its own row."""

import codecs
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.fixtures.feeding import TODAY, feed, quarantined, stored, texts
from tests.fixtures.fft_files import HEADER, row, write_csv
from wordround.comments import Comment, Rejected
from wordround.connectors.fft import connector as fft
from wordround.errors import FileUnreadable, UnexpectedColumns
from wordround.settings import Settings


def line(number: int = 1, **cells: object) -> dict[str, object]:
    """One form as a line's object; `cells` may replace a column or add one."""
    given = dict(zip(HEADER, row(number), strict=True))
    return given | {name.replace("_", " "): value for name, value in cells.items()}


def write_lines(path: Path, *lines: object, end: str = "\n", encoding: str = "utf-8") -> Path:
    """Write objects as JSON, and strings as they are."""
    written = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in lines]
    path.write_bytes((end.join(written) + end).encode(encoding))
    return path


def test_a_broken_line_costs_its_own_row_and_is_found_by_its_number(settings: Settings, tmp_path: Path) -> None:
    broken = ['{"Response ID": "F1", "Site": "Fern', "[1, 2]", "null", '"rude"', "{'Site': 1}", "{} {}", "[" * 100_000]
    path = write_lines(tmp_path / "f.jsonl", line(1), "", *broken, line(2))
    outcome = feed(settings, path)
    assert outcome["rows"]["loaded"] == 4
    assert outcome["quarantine"] == {"broken_json": 2 * len(broken)}
    bad = quarantined(outcome)
    assert [each["row"] for each in bad] == [str(number) for number in range(3, 3 + len(broken))]
    assert {each["row_without_ids"] for each in bad} == {"{}"}, "nobody can say what of a broken line is an id"
    assert "rude" not in Path(outcome["quarantine_file"]).read_text()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n \n", "\n\x1e"])
def test_every_line_end_and_blank_lines_are_read(settings: Settings, tmp_path: Path, end: str) -> None:
    path = write_lines(tmp_path / "f.ndjson", line(1), line(2, Service="Ward \u2028 two"), end=end)
    assert feed(settings, path)["rows"]["loaded"] == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_is_read(settings: Settings, tmp_path: Path, encoding: str) -> None:
    said = {HEADER[5]: "Caf\u00e9 at \u00a35"}
    feed(settings, write_lines(tmp_path / "f.jsonl", line(1) | said, line(2), encoding=encoding))
    assert "Caf\u00e9 at \u00a35" in texts(settings)


def test_files_that_were_joined_have_marks_in_their_middle(settings: Settings, tmp_path: Path) -> None:
    one = write_lines(tmp_path / "one", line(1), encoding="utf-8-sig").read_bytes()
    two = write_lines(tmp_path / "two", line(2), encoding="utf-8-sig").read_bytes()
    assert two.startswith(codecs.BOM_UTF8)
    (tmp_path / "f.jsonl").write_bytes(one + two)
    assert feed(settings, tmp_path / "f.jsonl")["rows"]["loaded"] == 4


def test_columns_are_the_keys_of_all_lines_in_any_order_and_case(settings: Settings, tmp_path: Path) -> None:
    first = {key: value for key, value in line(1).items() if key != HEADER[6]}
    second = {f" {key.upper()}\u00a0": value for key, value in reversed(line(2).items())}
    outcome = feed(settings, write_lines(tmp_path / "f.jsonl", first, second))
    assert (outcome["rows"]["loaded"], outcome["rows"]["no_answer"]) == (3, 1)


def test_what_is_no_number_is_blank_and_a_whole_number_names_the_same_row_as_in_a_table(
    settings: Settings, tmp_path: Path
) -> None:
    feed(settings, write_csv(tmp_path / "f.csv", [["7", *row()[1:]], ["80000000000000000001", *row()[1:]]]))
    said = [line(Response_ID=7.0, Overall_experience=2), line(Response_ID=80000000000000000001)]
    assert feed(settings, write_lines(tmp_path / "f.jsonl", *said))["rows"]["unchanged"] == 4
    blank = [line(Response_ID=float("nan")), line(Response_ID=float("inf")), line(Response_ID=None)]
    assert feed(settings, write_lines(tmp_path / "g.jsonl", *blank))["quarantine"] == {"missing_id": 6}
    text = json.dumps(line()).replace('"F0001"', "9" * 5_000)
    assert feed(settings, write_lines(tmp_path / "h.jsonl", text, line(3)))["quarantine"] == {"broken_json": 2}


def test_two_values_under_one_key_are_broken_and_the_same_value_twice_is_not(
    settings: Settings, tmp_path: Path
) -> None:
    def doubled(number: int, more: str) -> str:
        return json.dumps(line(number))[:-1] + ", " + more + "}"

    lines = [doubled(1, '"Site": "Elsewhere"'), doubled(2, '"SITE": "Fernvale Hospital"'), doubled(3, '"site": 1')]
    outcome = feed(settings, write_lines(tmp_path / "f.jsonl", *lines))
    assert outcome["quarantine"] == {"broken_json": 4}
    assert outcome["rows"]["loaded"] == 2


@pytest.mark.parametrize("value", [["a ward"], {"name": {"short": "HW"}}])
def test_lists_and_deep_records_are_refused_by_name_only_where_they_are_mapped(
    settings: Settings, tmp_path: Path, value: object
) -> None:
    unmapped = line(1, tags=["a"], device={"os": {"name": "x"}}, Service=[])
    assert feed(settings, write_lines(tmp_path / "f.jsonl", unmapped))["rows"]["loaded"] == 2
    nested = _with_layout_of_records(settings)
    path = write_lines(tmp_path / "g.jsonl", line(2, Place={"ward": "Heron Ward"}), line(3, Place={"ward": value}))
    with pytest.raises(FileUnreadable, match=r"'Place\.ward' holds lists or records"):
        feed(nested, path)


def test_a_record_within_a_line_is_flattened_by_one_level(settings: Settings, tmp_path: Path) -> None:
    nested = _with_layout_of_records(settings)
    path = write_lines(tmp_path / "f.jsonl", line(1, Place={"ward": "Kestrel Ward", "floor": {"no": 2}}))
    feed(nested, path)
    assert stored(nested, "location_2")[0] == ("Kestrel Ward",)


def _with_layout_of_records(settings: Settings) -> Settings:
    layout = settings.sources.fft.layouts["fernvale"].model_copy(update={"locations": ("Site", "Place.ward")})
    fft_block = settings.sources.fft.model_copy(update={"layouts": {"nested": layout}})
    return settings.model_copy(update={"sources": settings.sources.model_copy(update={"fft": fft_block})})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        ("\n \n", "holds no line"),
        (json.dumps([line(1), line(2)]), "without \\[ and \\]"),
        (json.dumps(line(1), indent=1), "no line of it is a JSON object"),
        ("{}\n{}", "no line of it is a JSON object with a key"),
        ("\n".join(json.dumps({f"key {i}": i}) for i in range(2_100)), "2000 different keys"),
    ],
)
def test_a_file_that_is_no_json_lines_says_why(settings: Settings, tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "f.jsonl").write_text(content)
    with pytest.raises(FileUnreadable, match=says):
        feed(settings, tmp_path / "f.jsonl")


def test_a_key_that_no_line_has_is_named_with_its_nearest(settings: Settings, tmp_path: Path) -> None:
    other = {key.replace("received", "recieved"): value for key, value in line().items()}
    with pytest.raises(UnexpectedColumns, match=r"'Date received' \(did you mean 'Date recieved'\?\)"):
        feed(settings, write_lines(tmp_path / "f.jsonl", other))


def test_half_a_character_and_raw_controls_do_not_stop_a_line(settings: Settings, tmp_path: Path) -> None:
    half = json.dumps(line(1)).replace("Kind nurses", "Kind \\ud83d nurses").replace("F0001", "F1\\udc00")
    feed(settings, write_lines(tmp_path / "f.jsonl", half, json.dumps(line(2)).replace("Kind nurses", "Kind\tnurses")))
    assert {"Kind \ufffd nurses on the ward", "Kind\tnurses on the ward"} <= set(texts(settings))


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
MAPPED = st.dictionaries(st.sampled_from(HEADER), SCALARS, max_size=4)
OTHER = st.dictionaries(st.text(max_size=6), VALUES, max_size=4)
JUNK = st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=30)
LINES = st.lists(st.tuples(MAPPED, OTHER) | JUNK, min_size=1, max_size=10)


@given(LINES, st.sampled_from(["\n", "\r\n", "\n\n"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_lines_hold_each_that_is_not_blank_is_accounted_for(
    settings: Settings, tmp_path: Path, lines: list, end: str, encoding: str
) -> None:
    written = [
        each if isinstance(each, str) else json.dumps(line(i) | each[0] | each[1]) for i, each in enumerate(lines)
    ]
    (tmp_path / "f.jsonl").write_bytes(end.join([json.dumps(line(99)), *written]).encode(encoding))
    with (tmp_path / "f.jsonl").open("rb") as file:
        reader = fft.Reader(tmp_path / "f.jsonl", file, settings.sources.fft, "XFV", TODAY)
        counted = sum(item.answer_count if isinstance(item, Rejected) else 1 for item in reader.items())
    assert counted == 2 * (1 + sum(map(_says_something, written)))


def _says_something(written: str) -> bool:
    """Whether a line is not blank, and no object without a value."""
    try:
        return json.loads(written) != {}
    except ValueError:
        return bool(written.strip("\ufeff \t\x00\x1e"))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(*[TEXTS] * 3), min_size=1, max_size=6))
@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_cells_are_the_same_comments_in_json_lines_as_in_a_table(
    settings: Settings, tmp_path: Path, cells: list
) -> None:
    forms = [row(i, good=good, better=better, service=service) for i, (good, better, service) in enumerate(cells)]
    write_csv(tmp_path / "f.csv", forms)
    write_lines(tmp_path / "f.jsonl", *(json.dumps(dict(zip(HEADER, form, strict=True))) for form in forms))
    read = []
    for name in ("f.csv", "f.jsonl"):
        with (tmp_path / name).open("rb") as file:
            reader = fft.Reader(tmp_path / name, file, settings.sources.fft, "XFV", TODAY)
            read.append([item._replace(row_number=0) for item in reader.items()])
    assert read[0] == read[1]
    assert all(isinstance(item, Comment) and item.posted_on == date(2026, 9, 14) for item in read[0])
