"""Quarantine: rows that cannot become comments, in a CSV that a person can read, with what to do about each.

It holds no id of the source and only de-identified text. Every cell is inert: a spreadsheet opens it without running a
formula. An erasure finds a row by the keyed ids that its answers would have had.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from wordround.comments import Rejected
from wordround.deidentify import Deidentifier
from wordround.identity.pseudonyms import Pseudonymiser
from wordround.land.manifests import Manifest
from wordround.plain_text import inert, plain
from wordround.settings import Settings
from wordround.storage import write_whole

WHAT_TO_DO = {
    "ambiguous_date": "Day or month first? Say it in wordround.toml (date_order) and feed the file again.",
    "missing_date": "Fill in the date and feed the file again.",
    "unreadable_date": "Write the date as 2026-11-21 or 21/11/2026 and feed the file again.",
    "impossible_date": "There is no such day. Correct the date and feed the file again.",
    "future_date": "The date lies after the day of the run. Correct it, or the machine's clock; feed the file again.",
    "date_too_early": "The date lies before earliest_date in wordround.toml. Correct one of them.",
    "unknown_score": "The cell is too long for a score in any wording: often cells have moved. Correct the row.",
    "unknown_rating": "The cell is too long for a rating in any wording: often cells have moved. Correct the row.",
    "missing_trust": "Fill in the trust's code, or leave `trust` out of the layout if the file is of one trust.",
    "unknown_trust": "The cell of the trust holds a person, a number or an address: often cells have moved. "
    "Correct the row.",
    "missing_id": "Fill in the row's id, or leave `id` out of the layout.",
    "rounded_id": "A spreadsheet has rounded the id (1.18E+11), so that several rows have the same. Export it again "
    "as text.",
    "id_used_twice": "Another row of this file has the same id and says something else. Give one of them its own id.",
    "wrong_number_of_cells": "The row is longer or shorter than the header: often an unquoted comma or line break.",
    "unreadable_item": "The source answered a row without an id, a date or a text, or in a form that it does not "
    "document. Nothing can be done here; if there are many, please report it.",
    "unclosed_quote": "The row opens a quote that is never closed. Close it and feed the file again.",
    "too_long": "The row, or a comment in it, is longer than limits.row_characters or limits.text_characters allow: "
    "often a whole document in one cell. Shorten it, or raise the limit in wordround.toml.",
    "broken_json": "The line is no JSON object, or gives one key two values. Correct it and feed the file again.",
}
COLUMNS = ("file", "row", "column", "reason", "what_to_do", "answers", "row_without_ids", "comment_ids")

_LONGEST = 100_000  # characters of a cell that is looked at


class Quarantine:
    """Takes rejected rows and writes them as one CSV when there are any."""

    def __init__(self, path: Path, file_name: str, source: str, keys: Pseudonymiser, deidentify: Deidentifier) -> None:
        self._path, self._file_name, self._source, self._keys = path, file_name, source, keys
        self._deidentify = deidentify
        self._file: TextIO | None = None
        self.counts: Counter[str] = Counter()

    def add(self, rejected: Rejected) -> None:
        """Write one rejected row; its answers are counted under its reason."""
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w", newline="", encoding="utf-8-sig")
            self._writer = _writer(self._file)
            self._writer.writerow(COLUMNS)
        self.counts[rejected.reason] += rejected.answer_count
        kept = {
            column: self._deidentify(plain(cell)).text if len(cell) <= _LONGEST else f"<text of {len(cell)} characters>"
            for column, cell in rejected.kept.items()
            if cell
        }
        cells = (
            self._file_name,
            str(rejected.row_number),
            rejected.column,
            rejected.reason,
            WHAT_TO_DO[rejected.reason],
            str(rejected.answer_count),
            json.dumps(kept, ensure_ascii=False),
            tagged([self._keys.pseudonym(self._source, one) for one in rejected.native_ids], self._keys.link_count),
        )
        self._writer.writerow([inert(cell) for cell in cells])

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()


def path_of(settings: Settings, manifest: Manifest) -> Path:
    """Return the path of the quarantine file that a batch has if rows were rejected."""
    return settings.quarantine / Path(manifest.parquet).relative_to("landing").with_suffix(".csv")


def tagged(comment_ids: list[str], link_count: int) -> str:
    """Return comment ids as one cell, with the number of keys that they have gone through."""
    return " ".join([f"k{link_count}", *comment_ids]) if comment_ids else ""


def untagged(cell: str) -> tuple[int, list[str]]:
    """Return (number of keys, comment ids) of a cell."""
    count, *comment_ids = cell.split() or ["k1"]
    return int(count.removeprefix("k")), comment_ids


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a quarantine file."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def kept_cells(row: Mapping[str, str]) -> list[str]:
    """Return the cells that were kept of a quarantined row, de-identified."""
    try:
        kept = json.loads((row["row_without_ids"] or "").removeprefix("'"))
    except ValueError:
        return []
    return [cell for cell in kept.values() if isinstance(cell, str)] if isinstance(kept, dict) else []


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    """Replace a quarantine file by these rows; without rows it is removed."""
    if not rows:
        path.unlink(missing_ok=True)
        return
    written = io.StringIO(newline="")
    writer = _writer(written)
    writer.writerow(COLUMNS)
    writer.writerows([row[column] for column in COLUMNS] for row in rows)
    write_whole(path, written.getvalue().encode("utf-8-sig"))


def _writer(file: TextIO) -> Any:
    return csv.writer(file, quoting=csv.QUOTE_ALL)
