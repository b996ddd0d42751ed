"""Friends and Family files as trusts really export them: read as they are, every row accounted for."""

import codecs
import json
import os
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.fixtures.fft_files import HEADER, csv_text, row, write_csv
from tests.fixtures.labelled import labelled_file
from wordround import landing, pipeline, warehouse
from wordround.connectors.fft_answers import question_type, read_score
from wordround.connectors.no_answer import is_no_answer
from wordround.errors import FileUnreadable, UnexpectedColumns
from wordround.settings import Settings

TODAY = date(2026, 11, 21)


def feed(settings: Settings, path: Path) -> dict:
    outcome = pipeline.ingest(settings, "fft", TODAY, path)
    rows = outcome["rows"]
    assert rows["in"] == sum(count for name, count in rows.items() if name != "in")
    return outcome


def stored(settings: Settings, columns: str = "text") -> list[tuple]:
    with warehouse.connect(settings) as connection:
        return connection.execute(f"select {columns} from raw.comments order by all").fetchall()


def texts(settings: Settings) -> list[str]:
    return [text for (text,) in stored(settings) if text is not None]


def quarantined(outcome: dict) -> list[dict[str, str]]:
    rows = duckdb.sql(f"from read_csv('{outcome['quarantine_file']}', all_varchar = true, header = true)")
    return [dict(zip(rows.columns, cells, strict=True)) for cells in rows.fetchall()]


def test_each_answer_of_a_form_is_a_comment_of_one_response(settings: Settings, tmp_path: Path) -> None:
    outcome = feed(settings, write_csv(tmp_path / "f.csv", [row(1), row(2, good="Warm and calm")]))
    assert outcome["rows"] == {
        "in": 4,
        "loaded": 4,
        "updated": 0,
        "unchanged": 0,
        "no_answer": 0,
        "quarantined": 0,
        "erased": 0,
    }
    assert len({response for (response,) in stored(settings, "response_id")}) == 2
    kinds = stored(settings, "question_type, location_1, location_2, rating, rating_max, trust_code")
    assert kinds[0] == ("could_improve", "Fernvale Hospital", "Heron Ward", 2, 6, "XFV")


def test_a_file_fed_twice_adds_nothing(settings: Settings, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", [row(1), row(2)])
    feed(settings, path)
    before = stored(settings, "*")
    assert feed(settings, path)["rows"] == {
        "in": 4, "loaded": 0, "updated": 0, "unchanged": 4, "no_answer": 0, "quarantined": 0, "erased": 0,
    }  # fmt: skip
    assert stored(settings, "*") == before


def test_a_corrected_file_updates_its_rows_and_only_those(settings: Settings, tmp_path: Path) -> None:
    feed(settings, write_csv(tmp_path / "f.csv", [row(1), row(2)]))
    outcome = feed(settings, write_csv(tmp_path / "g.csv", [row(1, better="More parking"), row(2)]))
    assert (outcome["rows"]["updated"], outcome["rows"]["unchanged"]) == (1, 3)
    assert "More parking" in texts(settings)
    assert len(texts(settings)) == 4


def test_without_an_id_column_equal_rows_all_count_and_a_grown_file_adds_only_what_is_new(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = settings_with(('id = "Response ID"\n', ""))
    same = row(1, good="Good", better="Nothing")
    feed(settings, write_csv(tmp_path / "f.csv", [same, same]))
    outcome = feed(settings, write_csv(tmp_path / "g.csv", [same, same, same, row(2)]))
    assert (outcome["rows"]["loaded"], outcome["rows"]["unchanged"]) == (4, 4)
    assert outcome["notes"] == {"no_id_column_so_corrections_are_new_rows": 1}


@pytest.mark.parametrize(
    "blank", ["", "  ", "Did not answer", "did not answer.", "N/A", "n/a", "No comment", "-", "\u00a0", "..."]
)
def test_no_answer_is_told_from_an_answer(settings: Settings, tmp_path: Path, blank: str) -> None:
    outcome = feed(settings, write_csv(tmp_path / "f.csv", [row(good=blank)]))
    assert (outcome["rows"]["no_answer"], outcome["rows"]["loaded"]) == (1, 1)
    assert len(stored(settings)) == 2, "the form's score counts although one answer is blank"


@pytest.mark.parametrize(
    "answer", ["None", "none", "Nothing", "No", "NULL points for parking", "\U0001f600", ":)", "x"]
)
def test_short_answers_are_answers(settings: Settings, tmp_path: Path, answer: str) -> None:
    feed(settings, write_csv(tmp_path / "f.csv", [row(good=answer)]))
    assert answer in texts(settings)


def test_a_trusts_own_phrase_for_no_answer_can_be_set(settings_with: Callable[..., Settings], tmp_path: Path) -> None:
    settings = settings_with(("no_answer = []", 'no_answer = ["Patient declined"]'))
    assert feed(settings, write_csv(tmp_path / "f.csv", [row(good="PATIENT DECLINED")]))["rows"]["no_answer"] == 1


class TestDates:
    def test_a_date_that_can_only_be_read_one_way_decides_for_the_others_of_its_trust(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        feed(settings, write_csv(tmp_path / "f.csv", [row(1, "03/04/2026"), row(2, "30/04/2026")]))
        assert {day for (day,) in stored(settings, "posted_date")} == {date(2026, 4, 3), date(2026, 4, 30)}
        feed(settings, write_csv(tmp_path / "g.csv", [row(3, "03/05/2026"), row(4, "04/30/2026")]))
        assert date(2026, 3, 5) in {day for (day,) in stored(settings, "posted_date")}

    def test_without_evidence_an_ambiguous_date_goes_to_quarantine(self, settings: Settings, tmp_path: Path) -> None:
        outcome = feed(settings, write_csv(tmp_path / "f.csv", [row(1, "03/04/2026"), row(2, "05/05/2026")]))
        assert outcome["quarantine"] == {"ambiguous_date": 2}
        assert outcome["rows"]["loaded"] == 2, "the fifth of May is the same both ways"
        (bad,) = quarantined(outcome)
        assert (bad["row"], bad["column"], bad["reason"]) == ("2", "Date received", "ambiguous_date")
        assert "date_order" in bad["what_to_do"]

    def test_evidence_both_ways_leaves_ambiguous_dates_in_quarantine_and_keeps_the_others(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        rows = [row(1, "30/04/2026"), row(2, "04/30/2026"), row(3, "03/04/2026")]
        outcome = feed(settings, write_csv(tmp_path / "f.csv", rows))
        assert outcome["quarantine"] == {"ambiguous_date": 2}
        assert [day for (day,) in stored(settings, "posted_date")] == [date(2026, 4, 30)] * 4

    def test_a_setting_decides_what_evidence_leaves_open(
        self, settings_with: Callable[..., Settings], tmp_path: Path
    ) -> None:
        settings = settings_with(added='[sources.fft.trusts.XFV]\ndate_order = "month_first"')
        feed(settings, write_csv(tmp_path / "f.csv", [row(1, "03/04/2026")]))
        assert stored(settings, "posted_date")[0][0] == date(2026, 3, 4)

    def test_one_trusts_evidence_says_nothing_about_another(self, settings: Settings, tmp_path: Path) -> None:
        header = ["Comment ID", "Respondent ID", "Trust", "Date", "FFT categorical answer", "Service type 1",
                  "Service type 2", "FFT question", "FFT answer"]  # fmt: skip
        rows = [[f"c{i}", f"r{i}", trust, day, "1", "Ward", "", "What was good?", "Kind"]
                for i, (trust, day) in enumerate([("XAA", "30/04/2026"), ("XAA", "03/04/2026"), ("XBB",
                "03/04/2026")])]  # fmt: skip
        outcome = feed(settings, write_csv(tmp_path / "f.csv", rows, header))
        assert outcome["date_orders"] == {"XAA": "day_first", "XBB": "evidence"}
        assert outcome["quarantine"] == {"ambiguous_date": 1}

    @pytest.mark.parametrize(
        ("written", "day"),
        [
            ("2026-04-03", date(2026, 4, 3)),
            ("2026-04-03 14:05:00", date(2026, 4, 3)),
            ("2026-04-03T14:05:00Z", date(2026, 4, 3)),
            ("30.04.26", date(2026, 4, 30)),
            ("3 April 2026", date(2026, 4, 3)),
            ("3rd Apr 26", date(2026, 4, 3)),
            ("Friday, 3 April 2026", date(2026, 4, 3)),
            ("03-Apr-2026", date(2026, 4, 3)),
        ],
    )
    def test_dates_are_read_as_people_write_them(
        self, settings: Settings, tmp_path: Path, written: str, day: date
    ) -> None:
        feed(settings, write_csv(tmp_path / "f.csv", [row(1, written)]))
        assert stored(settings, "posted_date")[0][0] == day

    @pytest.mark.parametrize(
        ("written", "reason"),
        [
            ("31/02/2026", "impossible_date"),
            ("1970-01-01", "date_too_early"),
            ("2090-06-01", "future_date"),
            ("last Tuesday", "unreadable_date"),
            ("", "missing_date"),
        ],
    )
    def test_a_date_that_cannot_be_is_quarantined_with_its_reason(
        self, settings: Settings, tmp_path: Path, written: str, reason: str
    ) -> None:
        outcome = feed(settings, write_csv(tmp_path / "f.csv", [row(1, written), row(2)]))
        assert outcome["quarantine"] == {reason: 2}
        assert outcome["rows"]["loaded"] == 2


@pytest.mark.parametrize(
    ("cell", "score"),
    [
        ("1", (1, None)),
        (1, (1, None)),
        (5.0, (5, None)),
        ("2,0", (2, None)),
        (" 2 ", (2, None)),
        ("NULL", (None, None)),
        ("NaN", (None, None)),
        ("6", (6, None)),
        ("7", (None, "undocumented_code")),
        ("Very good", (1, None)),
        ("1 - Very good", (1, None)),
        ("VERY POOR", (5, None)),
        ("Don\u2019t know", (6, None)),
        ("Extremely likely", (1, "before_april_2020")),
        ("Extremely unlikely", (5, "before_april_2020")),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_scores_are_read_in_every_wording(cell: str | int | float | None, score: tuple) -> None:
    assert read_score(cell) == score


def test_an_unknown_score_quarantines_its_row_without_repeating_it(settings: Settings, tmp_path: Path) -> None:
    outcome = feed(settings, write_csv(tmp_path / "f.csv", [row(1, score="banana"), row(2, score="7")]))
    assert outcome["quarantine"] == {"unknown_score": 2}
    assert outcome["notes"] == {"score_undocumented_code": 1}
    assert stored(settings, "rating, rating_note") == [(None, "undocumented_code")] * 2


@pytest.mark.parametrize(
    ("wording", "kind"),
    [
        ("What was good?", "what_good"),
        ("What did we do well?", "what_good"),
        ("What could we do better?", "could_improve"),
        ("How could we improve?", "could_improve"),
        ("Please tell us why you gave your answer", "nonspecific"),
        ("What was good and what could be better?", "nonspecific"),
        ("What did you like, and what should we change?", "nonspecific"),
        ("", "nonspecific"),
        (None, "nonspecific"),
    ],
)
def test_follow_up_questions_reduce_to_what_they_ask_for(wording: str | None, kind: str) -> None:
    assert question_type(wording) == kind


class TestColumns:
    def test_a_renamed_column_stops_before_any_row_and_names_the_nearest(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        header = [name.replace("Date received", "Date recieved") for name in HEADER]
        with pytest.raises(UnexpectedColumns, match=r"'Date received' \(did you mean 'Date recieved'\?\)"):
            feed(settings, write_csv(tmp_path / "f.csv", [row()], header))
        assert not list(settings.home.glob("landing/**/*.parquet"))

    def test_a_missing_column_is_named(self, settings: Settings, tmp_path: Path) -> None:
        with pytest.raises(UnexpectedColumns, match="'Overall experience'"):
            feed(settings, write_csv(tmp_path / "f.csv", [[*row()[:4], *row()[5:]]], [*HEADER[:4], *HEADER[5:]]))

    def test_a_column_that_stands_twice_is_refused(self, settings: Settings, tmp_path: Path) -> None:
        with pytest.raises(UnexpectedColumns, match="'Service' stands in the header more than once"):
            feed(settings, write_csv(tmp_path / "f.csv", [[*row(), "x"]], [*HEADER, "Service"]))

    def test_case_spaces_and_order_of_columns_do_not_matter(self, settings: Settings, tmp_path: Path) -> None:
        header = [f" {name.upper()}\u00a0" for name in HEADER]
        feed(settings, write_csv(tmp_path / "f.csv", [row()[::-1]], header[::-1]))
        assert "Kind nurses on the ward" in texts(settings)

    def test_columns_that_no_layout_names_stop_at_the_door(self, settings: Settings, tmp_path: Path) -> None:
        feed(settings, write_csv(tmp_path / "f.csv", [[*row(), "CANARY-AGE"]], [*HEADER, "Age group"]))
        assert all(b"CANARY-AGE" not in path.read_bytes() for path in settings.home.rglob("*") if path.is_file())


class TestFormats:
    def test_a_byte_order_mark_does_not_hide_the_first_column(self, settings: Settings, tmp_path: Path) -> None:
        (tmp_path / "f.csv").write_bytes(codecs.BOM_UTF8 + csv_text([row()]).encode())
        assert feed(settings, tmp_path / "f.csv")["rows"]["loaded"] == 2

    @pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8"])
    def test_pounds_and_curly_quotes_survive_every_encoding(
        self, settings: Settings, tmp_path: Path, encoding: str
    ) -> None:
        said = "Parking is \u00a35 \u2013 a \u201cjoke\u201d"
        (tmp_path / "f.csv").write_bytes(csv_text([row(good=said)]).encode(encoding))
        feed(settings, tmp_path / "f.csv")
        assert said in texts(settings)

    def test_two_encodings_in_one_file_are_both_read(self, settings: Settings, tmp_path: Path) -> None:
        one, two = csv_text([row(1, good="caf\u00e9")]), csv_text([row(2, good="\u00a35")]).splitlines(True)[1]
        (tmp_path / "f.csv").write_bytes(one.encode("utf-8") + two.encode("cp1252"))
        feed(settings, tmp_path / "f.csv")
        assert {"caf\u00e9", "\u00a35"} <= set(texts(settings))

    @pytest.mark.parametrize("sign", [";", "\t", "|"])
    def test_other_delimiters_are_seen(self, settings: Settings, tmp_path: Path, sign: str) -> None:
        (tmp_path / "f.csv").write_text(sign.join(HEADER) + "\n" + sign.join(row()) + "\n")
        assert feed(settings, tmp_path / "f.csv")["rows"]["loaded"] == 2

    def test_excel_dates_numbers_and_empty_cells_are_read(self, settings: Settings, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        book.active.append(HEADER)
        book.active.append(["F1", datetime(2026, 4, 3), "Fernvale", "Heron Ward", 1, "Kind", None])
        book.active.append(["F2", 46115, "Fernvale", "Heron Ward", "Very good", "=1+1", "Nothing"])
        book.create_sheet("Notes").append(["ignore me"])
        book.save(tmp_path / "f.xlsx")
        outcome = feed(settings, tmp_path / "f.xlsx")
        assert outcome["rows"]["no_answer"] == 1 or outcome["rows"]["no_answer"] == 2
        assert outcome["notes"]["further_sheets_not_read"] == 1
        assert {day for (day,) in stored(settings, "posted_date")} == {date(2026, 4, 3)}

    def test_parquet_dates_and_nulls_are_read(self, settings: Settings, tmp_path: Path) -> None:
        cells = [["F1"], [date(2026, 4, 3)], ["Fernvale"], [None], [1], ["None"], [None]]
        pq.write_table(pa.table(dict(zip(HEADER, cells, strict=True))), tmp_path / "f.parquet")
        assert feed(settings, tmp_path / "f.parquet")["rows"]["no_answer"] == 1
        assert texts(settings) == ["None"]

    def test_quotes_and_line_breaks_inside_a_cell_stay_inside(self, settings: Settings, tmp_path: Path) -> None:
        said = 'She said "sit",\nso I did;\n\nthen waited'
        feed(settings, write_csv(tmp_path / "f.csv", [row(1, good=said), row(2)]))
        assert said in texts(settings)

    def test_a_quote_that_is_never_closed_costs_its_own_row_only(self, settings: Settings, tmp_path: Path) -> None:
        lines = csv_text([row(1), row(2), row(3)]).splitlines(True)
        lines[2] = lines[2].replace("Kind nurses", '"Kind nurses')
        (tmp_path / "f.csv").write_text("".join(lines))
        outcome = feed(settings, tmp_path / "f.csv")
        assert outcome["quarantine"] == {"unclosed_quote": 2}
        assert outcome["rows"]["loaded"] == 4
        assert quarantined(outcome)[0]["row"] == "3"

    def test_rows_with_too_many_or_too_few_cells_are_quarantined(self, settings: Settings, tmp_path: Path) -> None:
        outcome = feed(
            settings, write_csv(tmp_path / "f.csv", [[*row(1), "x"], row(2)[:-2], row(3), [*row(4), "", ""]])
        )
        assert outcome["quarantine"] == {"wrong_number_of_cells": 4}
        assert outcome["rows"]["loaded"] == 4

    @pytest.mark.parametrize(
        ("name", "content", "says"),
        [
            ("f.csv", b"", "is empty"),
            ("f.csv", csv_text([]).encode(), "no rows"),
            ("f.csv", b"\n\n\n", "no header"),
            ("f.csv", b"PK\x03\x04\x00\x00", "not a text file"),
            ("f.xlsx", b"PK\x03\x04 not really", "cannot be opened as a workbook"),
            ("f.parquet", b"PAR1", "not a Parquet file"),
            ("f.docx", b"x", "not a format"),
        ],
    )
    def test_a_file_that_cannot_be_read_says_why(
        self, settings: Settings, tmp_path: Path, name: str, content: bytes, says: str
    ) -> None:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(FileUnreadable, match=says):
            feed(settings, tmp_path / name)

    @pytest.mark.parametrize("said", ["Nurse Joy was rude to me", "x" * 100_000])
    def test_a_file_without_a_header_is_refused_and_its_first_row_not_repeated(
        self, settings: Settings, tmp_path: Path, said: str
    ) -> None:
        with pytest.raises(UnexpectedColumns, match="header must come first") as refused:
            feed(settings, write_csv(tmp_path / "f.csv", [row(2)], row(1, good=said)))
        assert said not in str(refused.value)

    def test_a_message_about_columns_stays_short(self, settings: Settings, tmp_path: Path) -> None:
        with pytest.raises(UnexpectedColumns) as refused:
            feed(settings, write_csv(tmp_path / "f.csv", [row()], [*HEADER[1:], "L" * 9_000, *map(str, range(300))]))
        assert len(str(refused.value)) < 2_000

    def test_blank_columns_at_the_end_of_a_header_or_a_row_do_not_matter(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        rows = [[*row(1), "", "", ""], row(2), [*row(3), ""], [*row(4), "a note"]]
        assert feed(settings, write_csv(tmp_path / "f.csv", rows, [*HEADER, "", "", ""]))["rows"]["loaded"] == 8

    def test_a_trust_whose_rows_all_have_blank_cells_too_many_is_read(self, settings: Settings, tmp_path: Path) -> None:
        header = ("Comment ID,Respondent ID,Trust,Date,FFT categorical answer,Service type 1,Service type 2,"
                  "FFT question,FFT answer").split(",")  # fmt: skip
        path = write_csv(tmp_path / "f.csv", [["1", "1", "XAA", "2026-04-30", "1", "S", "W", "", "Kind", ""]], header)
        assert feed(settings, path)["rows"]["loaded"] == 1

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_utf_16_is_known_without_its_mark(self, settings: Settings, tmp_path: Path, encoding: str) -> None:
        (tmp_path / "f.csv").write_bytes(csv_text([row(good="Caf\u00e9")]).encode(encoding))
        feed(settings, tmp_path / "f.csv")
        assert "Caf\u00e9" in texts(settings)

    def test_old_line_ends_and_a_null_in_a_comment_are_read(self, settings: Settings, tmp_path: Path) -> None:
        (tmp_path / "f.csv").write_text(csv_text([row(good="so\0 kind")]).replace("\r\n", "\r"), newline="")
        feed(settings, tmp_path / "f.csv")
        assert "so kind" in texts(settings)

    def test_the_line_that_names_the_delimiter_for_excel_is_no_header(self, settings: Settings, tmp_path: Path) -> None:
        (tmp_path / "f.csv").write_text(
            "sep=;\r\n" + csv_text([row(1), row(2, date="x")]).replace(",", ";"), newline=""
        )
        outcome = feed(settings, tmp_path / "f.csv")
        assert outcome["rows"]["loaded"] == 2
        assert quarantined(outcome)[0]["row"] == "4"

    def test_many_quotes_that_are_never_closed_stop_the_file(self, settings: Settings, tmp_path: Path) -> None:
        (tmp_path / "f.csv").write_text(csv_text([row()]) + 'F1,2026-01-01,S,W,2,b x","y so rude,z\n' * 2_000)
        with pytest.raises(FileUnreadable, match="quote that is never closed") as refused:
            feed(settings, tmp_path / "f.csv")
        assert "rude" not in str(refused.value)

    def test_a_stray_cell_in_the_far_corner_of_a_sheet_is_refused(self, settings: Settings, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        book.active.append(HEADER)
        book.active.append(row())
        book.active.cell(1_048_576, 16_384).value = "x"
        book.save(tmp_path / "f.xlsx")
        with pytest.raises(FileUnreadable, match="row 1048576 and column 16384"):
            feed(settings, tmp_path / "f.xlsx")
        book.active.cell(1_048_576, 16_384).value = None
        book.active.cell(1_048_576, 16_384).number_format = "0.00"
        book.save(tmp_path / "f.xlsx")
        assert feed(settings, tmp_path / "f.xlsx")["rows"]["loaded"] == 2

    def test_a_zero_is_an_answer_and_a_time_is_no_date(self, settings: Settings, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        book.active.append(HEADER)
        book.active.append(["F1", "2026-04-03", "Fernvale", "Heron Ward", 1, 0, None])
        book.active.append(["F2", time(9, 30), "Fernvale", "Heron Ward", 1, "Kind", None])
        book.save(tmp_path / "f.xlsx")
        assert feed(settings, tmp_path / "f.xlsx")["quarantine"] == {"unreadable_date": 2}
        assert texts(settings) == ["0"]

    @pytest.mark.parametrize(
        ("column", "cells", "outcome"),
        [
            ("Date received", pa.array([2**40], pa.timestamp("s")), "unreadable_date"),
            ("Date received", pa.array([2**30], pa.date32()), "unreadable_date"),
            ("Date received", pa.array([time(9)]), "unreadable_date"),
            ("Date received", pa.array([5], pa.duration("s")), "unreadable_date"),
            ("Date received", pa.array([float("nan")]), "missing_date"),
            ("Date received", pa.array([float("inf")]), "missing_date"),
            ("Response ID", pa.array([float("nan")]), "missing_id"),
            ("Date received", pa.array([b"2026-04-30"]), None),
            ("Service", pa.array([b"\xff\xfe"]).view(pa.string()), None),
            ("Overall experience", pa.array([float("nan")]), None),
            ("Overall experience", pa.array([True]), "unknown_score"),
            ("Site", pa.array(["Fernvale"]).dictionary_encode(), None),
        ],
    )
    def test_whatever_a_parquet_column_holds_costs_its_own_rows_at_most(
        self, settings: Settings, tmp_path: Path, column: str, cells: pa.Array, outcome: str | None
    ) -> None:
        table = pa.table({name: [cell] for name, cell in zip(HEADER, row(), strict=True)})
        pq.write_table(table.set_column(HEADER.index(column), column, cells), tmp_path / "f.parquet")
        assert feed(settings, tmp_path / "f.parquet")["quarantine"] == ({outcome: 2} if outcome else {})

    def test_whole_numbers_name_the_same_row_in_every_format(self, settings: Settings, tmp_path: Path) -> None:
        cells = [["7", *row()[1:]], ["8", *row()[1:]]]
        feed(settings, write_csv(tmp_path / "f.csv", cells))
        columns = dict(zip(HEADER, map(list, zip(*cells, strict=True)), strict=True)) | {"Response ID": [7.0, 8.0]}
        pq.write_table(pa.table(columns), tmp_path / "f.parquet")
        assert feed(settings, tmp_path / "f.parquet")["rows"]["unchanged"] == 4

    def test_a_moment_with_a_time_zone_is_on_its_day_in_london(self, settings: Settings, tmp_path: Path) -> None:
        table = pa.table({name: [cell] for name, cell in zip(HEADER, row(), strict=True)})
        late = pa.array([datetime(2026, 7, 3, 23, 30)], pa.timestamp("us", "UTC"))
        pq.write_table(table.set_column(1, HEADER[1], late), tmp_path / "f.parquet")
        feed(settings, tmp_path / "f.parquet")
        assert stored(settings, "posted_date")[0] == (date(2026, 7, 4),)

    def test_lists_in_a_parquet_file_are_refused(self, settings: Settings, tmp_path: Path) -> None:
        table = pa.table({name: [cell] for name, cell in zip(HEADER, row(), strict=True)})
        pq.write_table(table.set_column(3, "Service", pa.array([["W"]])), tmp_path / "f.parquet")
        with pytest.raises(FileUnreadable, match="'Service' holds lists"):
            feed(settings, tmp_path / "f.parquet")

    def test_a_parquet_file_damaged_in_its_middle_or_foot_is_named(self, settings: Settings, tmp_path: Path) -> None:
        path = tmp_path / "f.parquet"
        rows = [row(i, date="2026-04-30", good=os.urandom(40).hex()) for i in range(9_000)]
        pq.write_table(pa.table(dict(zip(HEADER, map(list, zip(*rows, strict=True)), strict=True))), path)
        whole = path.read_bytes()
        middle, foot = len(whole) // 2, len(whole) - 200
        for place in (middle, foot):
            path.write_bytes(
                whole[:place] + bytes(byte ^ 0x5A for byte in whole[place : place + 150]) + whole[place + 150 :]
            )
            with pytest.raises(FileUnreadable, match="damaged"):
                feed(settings, path)
        assert not [path for path in settings.landing.rglob("*") if path.is_file()]

    def test_what_is_no_file_is_refused_at_once(self, settings: Settings, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "f.csv")
        (tmp_path / "g.csv").mkdir()
        (tmp_path / "h.csv").symlink_to("h.csv")
        for name, says in [("f.csv", "a pipe"), ("g.csv", "a folder"), ("h.csv", "cannot be opened")]:
            with pytest.raises(FileUnreadable, match=says):
                feed(settings, tmp_path / name)

    def test_a_file_name_is_written_down_without_identifiers_and_without_bytes_that_are_no_characters(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        folder = os.fsencode(tmp_path)
        path = Path(os.fsdecode(folder + b"/pat@example.org\n\xff.csv"))
        feed(settings, write_csv(path, [row(1), row(2, date="x")]))
        assert next(landing.landed(settings))["file"] == "<email address>.csv"
        with pytest.raises(UnexpectedColumns, match=r"^<email address>\.csv: "):
            feed(settings, write_csv(path, [row(1)], ["x", *HEADER[1:]]))


def test_a_place_that_is_not_there_is_no_place(settings: Settings, tmp_path: Path) -> None:
    feed(settings, write_csv(tmp_path / "f.csv", [row(1, site="NaN", service="NULL"), row(2, service="N/A")]))
    assert {places[1] for places in stored(settings, "location_1, location_2")} == {None}


def test_two_answers_that_ask_for_the_same_are_two_comments(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    for without_ids in ((), (('id = "Response ID"\n', ""),)):
        settings = settings_with(('question_type = "could_improve"', 'question_type = "what_good"'), *without_ids)
        path = write_csv(tmp_path / "f.csv", [row(1), row(1 if without_ids else 2)])
        before = len(stored(settings))
        assert feed(settings, path)["rows"]["loaded"] == 4
        assert feed(settings, path)["rows"]["unchanged"] == 4
        assert len({comment for (comment,) in stored(settings, "comment_id")}) == before + 4


class TestIds:
    def test_an_id_given_twice_with_other_words_is_quarantined_and_a_repetition_is_unchanged(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        outcome = feed(settings, write_csv(tmp_path / "f.csv", [row(1), row(1), row(1, better="Other words")]))
        assert outcome["rows"] == {
            "in": 6,
            "loaded": 2,
            "updated": 0,
            "unchanged": 3,
            "no_answer": 0,
            "quarantined": 1,
            "erased": 0,
        }

    def test_no_native_id_is_written_anywhere(self, settings: Settings, tmp_path: Path) -> None:
        bad = row(2, date="31/02/2026")
        feed(settings, write_csv(tmp_path / "f.csv", [row(1), bad]))
        for path in settings.home.rglob("*"):
            assert path.is_dir() or b"F000" not in path.read_bytes(), path


def test_wild_text_arrives_plain_and_whole(settings: Settings, tmp_path: Path) -> None:
    said = {
        "emoji": "Lovely \U0001f469\u200d\u2695\ufe0f team \U0001f600",
        "right to left": "\u05ea\u05d5\u05d3\u05d4 \u0634\u0643\u0631\u0627",
        "zero width": "ki\u200bnd\ufeff nur\u00adses",
        "nulls": "so\x00 kind\x07",
        "sql": "'; drop table raw.comments; --",
        "jinja": "{{ 7 * 7 }} {% raw %}",
        "megabyte": "slow " * 200_000,
    }
    feed(
        settings, write_csv(tmp_path / "f.csv", [row(i, good=text, better="") for i, text in enumerate(said.values())])
    )
    kept = set(texts(settings))
    # Words in another script cannot be judged: they are withheld.
    assert said["right to left"] not in kept
    assert {said["emoji"], "kind nurses", "so kind", said["sql"], said["jinja"]} <= kept
    assert said["megabyte"].strip() in kept


def test_quarantine_opens_inert_and_without_identifiers(settings: Settings, tmp_path: Path) -> None:
    bad = row(1, date="=1+2", good='=HYPERLINK("http://example.org")', better="ring 07700 900123")
    written = Path(feed(settings, write_csv(tmp_path / "=f.csv", [bad]))["quarantine_file"]).read_text("utf-8-sig")
    assert "07700" not in written
    assert "example.org" not in written
    cells = duckdb.sql("select 1").fetchall() and quarantined(
        {"quarantine_file": next(settings.quarantine.rglob("*.csv"))}
    )
    assert all(not cell.startswith(("=", "+", "-", "@")) for line in cells for cell in line.values())
    assert json.loads(cells[0]["row_without_ids"])["Service"] == "Heron Ward"


def test_a_file_written_while_it_is_read_lands_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wordround.connectors.fft import Reader
    from wordround.errors import FileChangedWhileRead

    path = write_csv(tmp_path / "f.csv", [row(1)])
    items = Reader.items

    def write_meanwhile(reader: Reader):
        yield from items(reader)
        with path.open("ab") as file:
            file.write(csv_text([row(2)]).splitlines(True)[1].encode())

    monkeypatch.setattr(Reader, "items", write_meanwhile)
    with pytest.raises(FileChangedWhileRead):
        feed(settings, path)
    assert not [path for path in settings.landing.rglob("*") if path.is_file()]


def test_a_file_replaced_while_it_is_read_is_read_as_it_was(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wordround.connectors.fft import Reader

    path = write_csv(tmp_path / "f.csv", [row(1)])
    items = Reader.items

    def replace_meanwhile(reader: Reader):
        write_csv(tmp_path / "new.csv", [row(9, good="Another file")])
        (tmp_path / "new.csv").replace(path)
        yield from items(reader)

    monkeypatch.setattr(Reader, "items", replace_meanwhile)
    feed(settings, path)
    assert "Another file" not in texts(settings)


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=12), st.sampled_from(["\n", "\r\n"]))
@examples(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_cells_hold_the_rows_reconcile(
    settings: Settings, tmp_path: Path, cells: list, line_end: str
) -> None:
    rows = [row(i, good=good, better=better, service=service, date=day or "2026-01-01")
            for i, (good, better, service, day) in enumerate(cells)]  # fmt: skip
    path = tmp_path / "wild.csv"
    path.write_bytes(csv_text(rows).replace("\r\n", line_end).encode())
    assert feed(settings, path)["rows"]["in"] == 2 * len(rows)


def test_the_labelled_export_is_taken_as_it_is(settings: Settings) -> None:
    outcome = feed(settings, labelled_file())
    assert outcome["rows"]["in"] == 6181
    assert outcome["rows"]["loaded"] > 3000
    assert set(outcome["quarantine"]) == {"ambiguous_date"}
    again = feed(settings, labelled_file())["rows"]
    assert (again["loaded"], again["updated"], again["unchanged"]) == (0, 0, outcome["rows"]["loaded"])


def test_answers_that_only_look_like_none_are_kept() -> None:
    assert is_no_answer("N/A")
    assert not is_no_answer("None")
    assert not is_no_answer("Not applicable to me, I was only visiting")
