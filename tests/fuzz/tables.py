"""Tables: delimited text and JSON Lines, workbooks and Parquet, sheets of codings, and the lines of other pipelines."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from tests.fixtures import other_files, ready_exports
from tests.fixtures.fft_files import HEADER, csv_text, form
from tests.fuzz.kinds import CANARY, PROJECT, SAMPLES, Content, Kind, in_memory, of_file
from tests.fuzz.mutating import by_lines, bytewise, within_json, within_zip
from wordround.collect.files import connector_of
from wordround.settings import Settings, load_settings

TODAY = date(2026, 11, 21)
_TEXT = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson")
_FIXTURES = PROJECT / "tests" / "fixtures" / "tables"
_ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.3"
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="A">
{}</table:table></office:spreadsheet></office:body></office:document-content>"""


def forms() -> list[list[str]]:
    """Return rows of the Friends and Family Test, of which each has the canary among its words."""
    return [form(number, good=f"Kind {CANARY} nurses, {number}", score=str(1 + number % 5)) for number in range(12)]


def workbook(rows: list[list[Any]]) -> bytes:
    """Return a workbook with dates as dates, a merged cell and a second sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.active.merge_cells("B3:B4")
    book.create_sheet("Notes").append(["About", CANARY])
    return in_memory(book.save)


def open_document(rows: list[list[str]]) -> bytes:
    """Return a spreadsheet of OpenDocument."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = ["<table:table-row>" + "".join(map(cell.format, row)) + "</table:table-row>" for row in rows]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        parts.writestr("content.xml", _ODS.format("".join(lines)))
        parts.writestr("META-INF/manifest.xml", "<manifest/>")
    return made.getvalue()


class _Tables(Kind):
    def prepare(self) -> list[Content]:
        path = self.folder / "wordround.toml"
        path.write_text((PROJECT / "wordround.toml").read_text() + other_files.SETTINGS)
        self._read_by = self._settings_of(path)
        made = [getattr(ready_exports, name)(self.folder / f"{name}.csv") for name in ("pals", "iwantgreatcare")]
        made += [
            other_files.complaints_log(self.folder / "complaints.csv"),
            other_files.survey_export(self.folder / "survey.jsonl"),
            other_files.review_export(self.folder / "reviews.parquet"),
            other_files.pals_export(self.folder / "enquiries.xlsx"),
        ]
        found = [of_file(path) for path in (*made, *sorted(_FIXTURES.iterdir()))]
        found += [of_file(path, 30) for path in sorted((SAMPLES / "synthetic_fft").glob("*.csv"))]
        rows = forms()
        text = csv_text(rows)
        table = pa.table({name: [row[place] for row in rows] for place, name in enumerate(HEADER)})
        found += [
            Content("forms.csv", text.encode()), Content("wide.csv", text.encode("utf-16")),
            Content("old.csv", text.replace(",", ";").encode("cp1252")),
            Content("forms.tsv", text.replace(",", "\t").encode()),
            Content("forms.xlsx", workbook([list(HEADER), *rows])),
            Content("forms.ods", open_document([list(HEADER), *rows])),
            Content("forms.parquet", in_memory(lambda file: pq.write_table(table, file))),
        ]  # fmt: skip
        return [one for one in found if self._is_mine(one.name)]

    def _settings_of(self, path: Path) -> Settings:
        import os

        os.environ["WORDROUND_CONFIG"] = str(path)
        return load_settings()

    def _is_mine(self, name: str) -> bool:
        raise NotImplementedError

    def read(self, content: Content) -> str:
        path, read = self.put(content), 0
        for source in ("fft", "file"):
            block = getattr(self._read_by.sources, source)
            with path.open("rb") as file:
                try:
                    reader = connector_of(source).Reader(path, file, block, "XFV", TODAY)
                    read = sum(1 for _ in reader.items())
                except Exception:
                    if source == "file":
                        raise
                    continue
                break
        return "read" if read else "nothing in it"


class Texts(_Tables):
    """CSV and its kin, and JSON Lines."""

    name = "text tables"
    may_tell = True  # names of columns: collect/files.py looks at them before they are shown

    def _is_mine(self, name: str) -> bool:
        return name.endswith(_TEXT)

    def ways(self, seed: Content) -> list[Callable[[Random, bytes], bytes]]:
        return [bytewise, by_lines, *([_one_line] if seed.name.endswith("jsonl") else [])]


def _one_line(chance: Random, written: bytes) -> bytes:
    lines = written.splitlines()
    place = chance.randrange(len(lines))
    lines[place] = within_json(chance, lines[place])
    return b"\n".join(lines)


class Workbooks(_Tables):
    """xlsx, ods and Parquet, each read in a child."""

    name = "workbooks and Parquet"
    may_tell = True

    def _is_mine(self, name: str) -> bool:
        return not name.endswith(_TEXT)

    def ways(self, seed: Content) -> list[Callable[[Random, bytes], bytes]]:
        if seed.name.endswith("parquet"):
            return [bytewise]
        return [bytewise, within_zip, _lines_within_zip, within_zip]


def _lines_within_zip(chance: Random, written: bytes) -> bytes:
    return within_zip(chance, written, lambda chance, part: by_lines(chance, part.replace(b"><", b">\n<")))


class Sheets(Kind):
    """Sheets of codings, brought back."""

    name = "sheets of codings"

    def prepare(self) -> list[Content]:
        from wordround.coding.choices import choices
        from wordround.review import sheets

        self._known = choices()
        known = ("row", "coder", "comment")
        lines = [
            sheets.Line([f"S1-{number}", "AB", f"A {CANARY} ward"], {"sentiment": "neutral", "theme 1": "Parking"})
            for number in range(1, 9)
        ]
        found = []
        for name in ("codes.csv", "codes.xlsx"):
            sheets.write(self.folder / name, known, sheets.TO_FILL, lines, self._known)
            found.append(of_file(self.folder / name))
        return found

    def ways(self, seed: Content) -> list[Callable[[Random, bytes], bytes]]:
        return [bytewise, by_lines] if seed.name.endswith("csv") else [bytewise, within_zip, _lines_within_zip]

    def read(self, content: Content) -> str:
        from wordround.review import filled
        from wordround.review.filled import Refused

        rows = list(filled.read(self.put(content), self._known))
        assert not any(CANARY in row.says for row in rows if isinstance(row, Refused)), (
            "a refused row tells what it holds"
        )
        return "read" if rows else "nothing in it"


class Series(Kind):
    """Series of anybody, for `wordround chart`."""

    name = "series and options of charts"
    may_tell = True  # options and names of facets are shown

    def prepare(self) -> list[Content]:
        from tests.fuzz.own_files import OPTIONS

        days = [f"2026-{1 + week // 4:02}-{1 + week % 4 * 7:02}" for week in range(40)]
        value = "date,facet,value\n" + "".join(
            f"{day},{'a' if n % 2 else 'b'},{n % 7 + 0.5}\n" for n, day in enumerate(days)
        )
        counts = "date,numerator,denominator,offset,paused\n" + "".join(
            f"{day},{n % 5},{20 + n},0.1,\n" for n, day in enumerate(days)
        )
        funnel = "label,numerator,denominator\n" + "".join(f"Ward {n},{n},{40 + 3 * n}\n" for n in range(12))
        texts = {"value.csv": value, "counts.csv": counts, "funnel.csv": funnel}
        self._series = {name: text.encode() for name, text in texts.items()}
        self._options = [Content(f"{name}.json", written) for name, written in OPTIONS.items()]
        return [*(Content(name, written) for name, written in self._series.items()), *self._options]

    def ways(self, seed: Content) -> list[Callable[[Random, bytes], bytes]]:
        return [within_json, within_json, bytewise] if seed.name.endswith("json") else [bytewise, by_lines, by_lines]

    def read(self, content: Content) -> str:
        import json

        from wordround.errors import WordroundError
        from wordround.spc.charting import chart
        from wordround.spc.options import read_options

        given, charted = self.put(content), 0
        others = list(self._series) if content.name.endswith("json") else [one.name for one in self._options]
        refused: WordroundError | None = None
        options = read_options(given) if content.name.endswith("json") else None
        for other in others:
            try:
                path = self.folder / other
                path.write_bytes(
                    self._series.get(other) or next(one.written for one in self._options if one.name == other)
                )
                made = chart(path, options) if options else chart(given, read_options(path))
                json.dumps(made.as_json(), allow_nan=False, default=str)
                charted += 1
            except WordroundError as error:
                refused = error
        if not charted and refused:
            raise refused
        return "read"


class Lines(Kind):
    """JSON lines on standard input: `wordround deidentify` and `wordround annotate`."""

    name = "lines of other pipelines"

    def prepare(self) -> list[Content]:
        from wordround.registers.frames import frames
        from wordround.registers.models import comments_model
        from wordround.understand.annotating import Annotating

        self._annotating = Annotating(frames(), comments_model())
        lines = [
            f'{{"id": {number}, "text": "Dr {CANARY} was kind on 3 May, 07700 900123", "question_type": "what_good"}}'
            for number in range(6)
        ]
        return [Content("lines.jsonl", "\n".join(lines).encode())]

    def ways(self, seed: Content) -> list[Callable[[Random, bytes], bytes]]:
        return [bytewise, _one_line, _one_line]

    def read(self, content: Content) -> str:
        from wordround.cli.annotate_lines import annotate_lines
        from wordround.cli.deidentify_lines import deidentify_lines
        from wordround.cli.json_lines import lines_of

        annotated = annotate_lines(lines_of(io.BytesIO(content.written)), io.StringIO(), self._annotating, True)
        out = io.StringIO()
        told = deidentify_lines(lines_of(io.BytesIO(content.written)), out)
        out.getvalue().encode()
        assert CANARY not in str([annotated, told]), "a refused line tells what it holds"
        return "read" if told["rows"]["written"] else "nothing in it"
