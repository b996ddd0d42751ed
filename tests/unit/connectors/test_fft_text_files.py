"""Friends and Family files as text: every encoding, delimiter and line end, and what is no text at all."""

import codecs
import csv
import os
from pathlib import Path

import openpyxl
import pytest

from tests.fixtures.feeding import feed, quarantined, texts
from tests.fixtures.fft_files import HEADER, csv_text, row, write_csv
from wordround.errors import FileUnreadable, UnexpectedColumns
from wordround.land import manifests
from wordround.settings import Settings


def test_a_byte_order_mark_does_not_hide_the_first_column(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes(codecs.BOM_UTF8 + csv_text([row()]).encode())
    assert feed(settings, tmp_path / "f.csv")["rows"]["loaded"] == 2


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8"])
def test_pounds_and_curly_quotes_survive_every_encoding(settings: Settings, tmp_path: Path, encoding: str) -> None:
    said = "Parking is \u00a35 \u2013 a \u201cjoke\u201d"
    (tmp_path / "f.csv").write_bytes(csv_text([row(good=said)]).encode(encoding))
    feed(settings, tmp_path / "f.csv")
    assert said in texts(settings)


def test_two_encodings_in_one_file_are_both_read(settings: Settings, tmp_path: Path) -> None:
    one, two = csv_text([row(1, good="caf\u00e9")]), csv_text([row(2, good="\u00a35")]).splitlines(True)[1]
    (tmp_path / "f.csv").write_bytes(one.encode("utf-8") + two.encode("cp1252"))
    feed(settings, tmp_path / "f.csv")
    assert {"caf\u00e9", "\u00a35"} <= set(texts(settings))


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_other_delimiters_are_seen(settings: Settings, tmp_path: Path, sign: str) -> None:
    (tmp_path / "f.csv").write_text(sign.join(HEADER) + "\n" + sign.join(row()) + "\n")
    assert feed(settings, tmp_path / "f.csv")["rows"]["loaded"] == 2


def test_quotes_and_line_breaks_inside_a_cell_stay_inside(settings: Settings, tmp_path: Path) -> None:
    said = 'She said "sit",\nso I did;\n\nthen waited'
    feed(settings, write_csv(tmp_path / "f.csv", [row(1, good=said), row(2)]))
    assert said in texts(settings)


def test_a_quote_that_is_never_closed_costs_its_own_row_only(settings: Settings, tmp_path: Path) -> None:
    lines = csv_text([row(1), row(2), row(3)]).splitlines(True)
    lines[2] = lines[2].replace("Kind nurses", '"Kind nurses')
    (tmp_path / "f.csv").write_text("".join(lines))
    outcome = feed(settings, tmp_path / "f.csv")
    assert outcome["quarantine"] == {"unclosed_quote": 2}
    assert outcome["rows"]["loaded"] == 4
    assert quarantined(outcome)[0]["row"] == "3"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("f.csv", b"", "is empty"),
        ("f.csv", csv_text([]).encode(), "no rows"),
        ("f.csv", b"\n\n\n", "no header"),
        ("f.csv", b"\x00\x01\x02\x03", "not a text file"),
        ("f.csv", b"PK\x03\x04\x00\x00", "only part of one"),
        ("f.xls", b"<html><body><table><tr><td>Date</td></tr></table>", "a web page"),
        ("f.xls", b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "a web page or XML"),
        ("f.xlsx", b"PK\x03\x04 not really", "cannot be opened as a workbook"),
        ("f.parquet", b"PAR1", "not a Parquet file"),
        ("f.docx", b"x", "not a format"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    settings: Settings, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileUnreadable, match=says):
        feed(settings, tmp_path / name)


@pytest.mark.parametrize(
    ("name", "encoding"), [("f.xls", "utf-8-sig"), ("f.xlsx", "cp1252"), ("f.xls", "utf-16"), ("f.parquet", "utf-8")]
)
def test_text_with_another_ending_is_read_as_text(settings: Settings, tmp_path: Path, name: str, encoding: str) -> None:
    (tmp_path / name).write_bytes(csv_text([row(good="Caf\u00e9")]).replace(",", "\t").encode(encoding))
    assert feed(settings, tmp_path / name)["rows"]["loaded"] == 2
    assert "Caf\u00e9" in texts(settings)


@pytest.mark.parametrize("name", ["f.csv", "f.xls", "f.ods"])
def test_a_workbook_with_another_ending_is_read_as_a_workbook(settings: Settings, tmp_path: Path, name: str) -> None:
    workbook = openpyxl.Workbook()
    for line in csv.reader(csv_text([row(good="Kind to us")]).splitlines()):
        workbook.active.append(line)
    workbook.save(tmp_path / "f.xlsx")
    (tmp_path / "f.xlsx").rename(tmp_path / name)
    assert feed(settings, tmp_path / name)["rows"]["loaded"] == 2
    assert "Kind to us" in texts(settings)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark(settings: Settings, tmp_path: Path, encoding: str) -> None:
    (tmp_path / "f.csv").write_bytes(csv_text([row(good="Caf\u00e9")]).encode(encoding))
    feed(settings, tmp_path / "f.csv")
    assert "Caf\u00e9" in texts(settings)


def test_old_line_ends_and_a_null_in_a_comment_are_read(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(csv_text([row(good="so\0 kind")]).replace("\r\n", "\r"), newline="")
    feed(settings, tmp_path / "f.csv")
    assert "so kind" in texts(settings)


def test_the_line_that_names_the_delimiter_for_excel_is_no_header(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("sep=;\r\n" + csv_text([row(1), row(2, date="x")]).replace(",", ";"), newline="")
    outcome = feed(settings, tmp_path / "f.csv")
    assert outcome["rows"]["loaded"] == 2
    assert quarantined(outcome)[0]["row"] == "4"


def test_many_quotes_that_are_never_closed_stop_the_file(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(csv_text([row()]) + 'F1,2026-01-01,S,W,2,b x","y so rude,z\n' * 2_000)
    with pytest.raises(FileUnreadable, match="quote that is never closed") as refused:
        feed(settings, tmp_path / "f.csv")
    assert "rude" not in str(refused.value)


def test_what_is_no_file_is_refused_at_once(settings: Settings, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "f.csv")
    (tmp_path / "g.csv").mkdir()
    (tmp_path / "h.csv").symlink_to("h.csv")
    for name, says in [("f.csv", "a pipe"), ("g.csv", "a folder"), ("h.csv", "cannot be opened")]:
        with pytest.raises(FileUnreadable, match=says):
            feed(settings, tmp_path / name)


def test_a_file_name_is_written_down_without_identifiers_and_without_bytes_that_are_no_characters(
    settings: Settings, tmp_path: Path
) -> None:
    folder = os.fsencode(tmp_path)
    path = Path(os.fsdecode(folder + b"/pat@example.org\n\xff.csv"))
    feed(settings, write_csv(path, [row(1), row(2, date="x")]))
    assert next(manifests.landed(settings)).file == "<email address>.csv"
    with pytest.raises(UnexpectedColumns, match=r"^<email address>\.csv: "):
        feed(settings, write_csv(path, [row(1)], ["x", *HEADER[1:]]))
