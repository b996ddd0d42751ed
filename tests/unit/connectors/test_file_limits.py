"""Limits on files: what passes one is refused by name or set aside, and the next file or row is read."""

import errno
import io
import json
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.feeding import TODAY
from tests.fixtures.fft_files import HEADER, row, write_csv
from wordround import pipeline
from wordround.connectors.files import formats, reading
from wordround.connectors.files.cells import Row, Table
from wordround.connectors.files.reading import read_table
from wordround.connectors.limits import FileLimits
from wordround.errors import FileBeyondLimits, FileUnreadable, Incomplete
from wordround.settings import Settings

DEFAULT = FileLimits()


def read(path: Path, limits: FileLimits = DEFAULT) -> tuple[Table, list[Row]]:
    with path.open("rb") as file:
        table = read_table(path, file, limits=limits)
        return table, list(table.rows)


def book(path: Path, rows: list[list[object]]) -> Path:
    made = openpyxl.Workbook()
    for one in rows:
        made.active.append(one)
    made.save(path)
    return path


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Change one part of a workbook."""
    with zipfile.ZipFile(path) as old:
        contents = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in contents.items():
            new.writestr(name, change(content) if name == part else content)
    return path


def lying(path: Path) -> Path:
    """A sheet that says A1:G2 of itself and has a cell in the far corner."""
    made = openpyxl.Workbook()
    made.active.append(HEADER)
    made.active.append(row())
    made.active.cell(1_048_576, 16_384).value = 1
    made.save(path)
    return changed(path, "xl/worksheets/sheet1.xml", lambda sheet: sheet.replace(b"A1:XFD1048576", b"A1:G2", 1))


def test_a_sheet_that_lies_about_its_size_is_refused_and_the_next_file_is_read(settings: Settings) -> None:
    folder = settings.home / "inbox" / "fft"
    folder.mkdir(parents=True)
    lying(folder / "a.xlsx")
    write_csv(folder / "b.csv", [row()])
    with pytest.raises(
        Incomplete, match=r"FileBeyondLimits: .*a\.xlsx: a sheet reaches to row 1048576 and column 16384"
    ):
        pipeline.collect(settings, "fft", TODAY)
    assert pipeline.load(settings)["rows"]["loaded"] == 2


def test_a_process_that_dies_of_a_file_is_a_refusal_of_that_file(settings_with, monkeypatch) -> None:
    # The rectangle would take 512 gigabytes: nothing has counted it, so that the library aborts.
    settings = settings_with(added="[sources.fft.limits]\ncells = 999999999999\nmemory_megabytes = 300\n")
    folder = settings.home / "inbox" / "fft"
    folder.mkdir(parents=True)
    lying(folder / "a.xlsx")
    book(folder / "b.xlsx", [list(HEADER), row()])
    with pytest.raises(Incomplete, match=r"FileBeyondLimits: .*a\.xlsx: the process that read it died \(aborted\)"):
        pipeline.collect(settings, "fft", TODAY)
    assert pipeline.load(settings)["rows"]["loaded"] == 2


def test_the_names_of_a_file_are_no_argument_of_its_process(monkeypatch, tmp_path: Path) -> None:
    started: list[tuple[list[str], dict[str, str]]] = []
    popen = subprocess.Popen

    def noted(command: list[str], **how: object) -> "subprocess.Popen[bytes]":
        started.append((command, how["env"]))  # type: ignore[arg-type]
        return popen(command, **how)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(reading.subprocess, "Popen", noted)
    monkeypatch.setenv("WORDROUND_KEY", "0" * 64)
    read(book(tmp_path / "derek ogglesby.xlsx", [["a"], [1]]))
    ((command, environment),) = started
    assert "ogglesby" not in " ".join(command)
    assert not [name for name in environment if name.startswith("WORDROUND")]


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = changed(book(tmp_path / "a.xlsx", [["a"], [1]]), "xl/styles.xml", lambda style: style + b" " * (30 << 20))
    assert path.stat().st_size < 100_000
    with pytest.raises(FileBeyondLimits, match=r"limits\.unpacked_megabytes \(20\)"):
        read(path, FileLimits(unpacked_megabytes=20))


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def repeated_string(path: Path) -> Path:
    """A workbook of a few kilobytes in which 60,000 cells are the same long text."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{int(n > 1)}</v></c></row>' for n in range(1, 60_000))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type='
        f'"{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type='
        f'"{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type='
        f'"{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>text</t></si><si><t>{"x" * 32_000}</t></si></sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def deep_parquet(path: Path) -> Path:
    """A Parquet file of a few kilobytes, each row of which is a megabyte."""
    text = pa.array(["x" * 1_000_000]).dictionary_encode()
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 5_000, pa.int32()), text.dictionary)
    pq.write_table(pa.table({"text": column}), path)
    return path


@pytest.mark.parametrize("make", [repeated_string, deep_parquet])
def test_what_needs_too_much_memory_is_refused_and_takes_no_more(make, tmp_path: Path) -> None:
    path = make(tmp_path / f"bomb{'.parquet' if make is deep_parquet else '.xlsx'}")
    assert path.stat().st_size < 2_000_000
    code = (
        "import resource, sys; from pathlib import Path; from wordround.connectors.files.reading import read_table\n"
        "from wordround.errors import FileUnreadable\n"
        "path = Path(sys.argv[1])\n"
        "try:\n    count = sum(1 for _ in read_table(path, path.open('rb')).rows)\n"
        "except FileUnreadable as error: print(type(error).__name__)\n"
        "else: print(count)\n"
        "own = next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    outcome, peaks = done.stdout.splitlines()
    assert outcome == "FileBeyondLimits"
    assert max(map(int, peaks.split())) < 500 * 1024


def test_a_child_imports_nothing_that_takes_longer_than_many_a_file() -> None:
    slow = {"pydantic", "ftfy", "pyarrow"}
    code = f"import sys, wordround.connectors.files.child; print(sorted({slow} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_broken_workbook_is_damaged_and_not_too_large(tmp_path: Path) -> None:
    path = changed(book(tmp_path / "a.xlsx", [["a"], [1]]), "xl/workbook.xml", lambda part: part[: len(part) // 2])
    with pytest.raises(FileUnreadable) as refused:
        read(path)
    assert not isinstance(refused.value, FileBeyondLimits)


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (FileLimits(rows=2), "more rows than limits.rows"),
        (FileLimits(columns=1), "2 columns, more than limits.columns"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.xlsx", "a.parquet"])
def test_too_many_rows_or_columns_are_refused_in_every_format(limits, says, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    rows = [["a", "b"], *([str(n), "x"] for n in range(3))]
    if path.suffix == ".xlsx":
        book(path, rows)
    elif path.suffix == ".parquet":
        pq.write_table(pa.table({"a": ["0", "1", "2"], "b": ["x"] * 3}), path)
    elif path.suffix == ".csv":
        path.write_text("\n".join(",".join(one) for one in rows))
    else:
        path.write_text("\n".join(json.dumps({"a": a, "b": b}) for a, b in rows[1:]))
    with pytest.raises(FileBeyondLimits, match=says):
        read(path, limits)
    assert len(read(path)[1]) == 3


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(3 << 20)
    with pytest.raises(FileBeyondLimits, match=r"limits\.file_megabytes"):
        read(path, FileLimits(file_megabytes=2))


def test_a_row_that_is_too_long_is_set_aside_and_the_others_are_read(tmp_path: Path) -> None:
    limits = FileLimits(row_characters=1_000)
    long, path = "x" * 5_000, tmp_path / "a.csv"
    path.write_text(f'a,b\n1,fine\n2,{long}\n3,fine\n4,"{long}"\n5,"two\nlines"\n')
    assert [(one.number, one.problem) for one in read(path, limits)[1]] == [
        (2, None), (3, "too_long"), (4, None), (5, "too_long"), (6, None),
    ]  # fmt: skip
    lines = tmp_path / "a.jsonl"
    lines.write_text("\n".join(json.dumps({"a": n, "b": text}) for n, text in enumerate(["fine", long, "fine"])))
    assert [one.problem for one in read(lines, limits)[1]] == [None, "too_long", None]
    sheet = book(tmp_path / "a.xlsx", [["a", "b"], [1, "fine"], [2, long], [3, "fine"]])
    assert [one.problem for one in read(sheet, limits)[1]] == [None, "too_long", None]


def test_a_quote_that_is_never_closed_keeps_no_more_than_a_row_in_memory(tmp_path: Path) -> None:
    limits, path = FileLimits(row_characters=2_000), tmp_path / "a.csv"
    path.write_text('a,b\n1,"never closed\n' + "".join(f"{n},fine\n" for n in range(2, 2_000)))
    rows = read(path, limits)[1]
    assert (rows[0].problem, len(rows)) == ("unclosed_quote", 1_999)
    assert [one.problem for one in rows[1:]] == [None] * 1_998


def test_a_comment_that_is_too_long_goes_to_quarantine_and_the_others_land(settings_with) -> None:
    settings = settings_with(added="[sources.fft.limits]\ntext_characters = 50\n")
    path = write_csv(settings.home / "inbox/fft/a.csv", [row(1, good="word " * 30, better="Fine as it was"), row(2)])
    outcome = pipeline.ingest(settings, "fft", TODAY, path)
    assert outcome["quarantine"] == {"too_long": 1}
    assert outcome["rows"]["loaded"] == 3


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='",'), max_size=60), max_size=20)
)
def test_whatever_stands_in_a_file_only_its_own_row_suffers(cells: list[str]) -> None:
    content = "a,b\n" + "".join(f"{n},{cell}\n" for n, cell in enumerate(cells))
    file = io.BufferedReader(io.BytesIO(content.encode()))  # type: ignore[arg-type]
    limits = FileLimits(row_characters=30)
    rows = list(formats.read_table(Path("a.csv"), file, (), limits).rows)
    lengths = [len(f"{n},{cell}\n") for n, cell in enumerate(cells)]
    assert [one.problem for one in rows] == ["too_long" if length > 31 else None for length in lengths]


def test_reading_leaves_no_process_behind(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    path = book(tmp_path / "a.xlsx", [["a"], *([n] for n in range(2_000))])
    with path.open("rb") as file:
        table = read_table(path, file)
        assert next(table.rows) == Row(2, [0])
        table.rows.close()  # type: ignore[attr-defined]
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime > before, "it has ended and was waited for"


def test_a_process_that_cannot_start_is_the_machines_fault_and_text_files_are_read(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = settings.home / "inbox" / "fft"
    folder.mkdir(parents=True)
    book(folder / "a.xlsx", [list(HEADER), row()])
    write_csv(folder / "b.csv", [row(2)])

    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    with monkeypatch.context() as machine:
        machine.setattr(reading.subprocess, "Popen", refuse)
        with pytest.raises(Incomplete, match=r"ReaderNotStarted: .*a\.xlsx: .*Resource temporarily unavailable"):
            pipeline.collect(settings, "fft", TODAY)
    monkeypatch.setattr(reading, "_CHILD", "no_such_module")
    with pytest.raises(Incomplete, match=r"ReaderNotStarted: .*a\.xlsx: .*before it began, code 1"):
        pipeline.collect(settings, "fft", TODAY)
    assert pipeline.load(settings)["rows"]["loaded"] == 2


@pytest.mark.parametrize("share", [0.2, 0.6, 0.99])
@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet"])
def test_a_file_that_is_cut_short_is_named(name: str, share: float, tmp_path: Path) -> None:
    path = tmp_path / name
    if path.suffix == ".xlsx":
        book(path, [["a"], *([n] for n in range(500))])
    else:
        pq.write_table(pa.table({"a": list(range(500))}), path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(FileUnreadable, match=name) as refused:
        read(path)
    assert type(refused.value) is FileUnreadable
