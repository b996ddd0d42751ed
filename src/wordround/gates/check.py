"""Gates: what must hold before dbt may read (`loaded`), and before analysts may (`publishable`).

A check leaves counts, the quality page, files with the keys of failing rows, and a row in `ops.gate_results`. It stops
the run where a critical expectation fails. Where one fails that says what to leave out, the failing rows are left out
of every measure and the rest goes on (docs/gates.md). Of a failing row only its keys are shown.
"""

import csv
import io
import json
import logging
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from wordround.connectors import fft
from wordround.deidentify.placeholders import PLACEHOLDER
from wordround.errors import GateFailed
from wordround.gates import page
from wordround.gates.suites import GATES, MOST_KEYS_LISTED, Examiner, Finding, Key, Suite, read_suites, unexamined
from wordround.plain_text import inert
from wordround.published.editions import latest_edition
from wordround.settings import Settings
from wordround.storage import write_whole
from wordround.warehouse import gate_results, left_out, moments
from wordround.warehouse.engine import connect, is_there, shown_place

if TYPE_CHECKING:
    import pandas

log = logging.getLogger(__name__)

KEYS_SHOWN = 20
_ROWS_A_FRAME = 200_000
_DUCKDB_MEMORY = "500MB"
_FEWER_ROWS = "publishable_kept_rows"

Found = list[tuple[Suite, list[Finding]]]


def check(settings: Settings, name: str, *, accept_fewer_rows: bool = False) -> dict[str, Any]:
    """Check a gate and return counts and paths.

    `accept_fewer_rows`: the publication may shrink, because rows were withdrawn on purpose. Raises GateFailed that
    names suite, expectation, column, number of rows, keys of rows, reason and remedy.
    """
    if name not in GATES:
        raise GateFailed(f"There is no gate {name!r}. There are: {', '.join(GATES)}.")
    if not is_there(settings):
        raise GateFailed(f"{shown_place(settings)}: there is no warehouse yet. Ingest and load something first.")
    with connect(settings) as warehouse:
        checked_at = moments.now(warehouse)
        found = _examine(warehouse, settings, name, checked_at)
        if accept_fewer_rows:
            _let_pass(found, _FEWER_ROWS)
        if name == "loaded":
            _leave_out(warehouse, gate_results.last_success(warehouse, name), found)
        broken = [finding for _, findings in found for finding in findings if finding.is_critical and not finding.holds]
        outcome = _outcome(name, checked_at, found, broken)
        of_run = ("gate", "checked_at", "succeeded", "checked_rows", "failures")
        gate_results.record(warehouse, **{name: outcome[name] for name in of_run})
        ledger = page.read_ledger(warehouse, latest_edition(settings))
        outcome["left_out"] = sum(row.row_count for row in ledger.left_out)
    for row in ledger.left_out:
        # The run goes on and is green: who watches the log is told, as the quality page tells its readers.
        log.error("left out of %s: %d %s. %s", row.source, row.row_count, row.kind, row.reason)
    listed = _list_keys(settings.quality / "failures" / name, found)
    outcome["quality_page"] = str(page.write(settings.quality, name, checked_at, found, listed, ledger))
    if broken:
        raise GateFailed(_explain(name, broken, {s.name: s for s, _ in found}, listed, settings.quality))
    return outcome


def rewrite_page(settings: Settings) -> None:
    """Write the quality page anew, where a gate was ever checked: an edition that was made since stands on it."""
    if (settings.quality / "index.html").exists():
        with connect(settings) as warehouse:
            ledger = page.read_ledger(warehouse, latest_edition(settings))
        page.rewrite(settings.quality, ledger)


def _earliest_fft_date(settings: Settings) -> date:
    """Return the first day that a survey may have; the block's own default where there is no finished block."""
    block = settings.sources.fft
    default: date = fft.Block.model_fields["earliest_date"].default
    return block.earliest_date if block else default


def _examine(warehouse: duckdb.DuckDBPyConnection, settings: Settings, name: str, checked_at: datetime) -> Found:
    """Evaluate every suite on its rows. Great Expectations is imported only when there is a row."""
    values = {
        "now": checked_at,
        "since": gate_results.last_success(warehouse, name),
        "earliest_fft_date": _earliest_fft_date(settings),
        "placeholder": PLACEHOLDER.pattern,
    }
    # Great Expectations and its frames need the rest; DuckDB spills instead.
    warehouse.execute(f"set memory_limit = '{_DUCKDB_MEMORY}'")
    _note_published_rows(warehouse, settings)
    examiner: Examiner | None = None
    found: Found = []
    for suite in read_suites(name):
        try:
            frames = read_frames(warehouse, suite.query, values)
            first = next(frames, None)
            if first is None:
                found.append((suite, unexamined(suite)))
                continue
            examiner = examiner or Examiner({"known_sources": list(type(settings.sources).model_fields)})
            found.append((suite, examiner.examine(suite, _chain(first, frames))))
        except (duckdb.CatalogException, duckdb.BinderException):
            found.append((suite, _unreadable(suite)))
    return found


def read_frames(
    warehouse: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any]
) -> Iterator["pandas.DataFrame"]:
    """Yield the rows of a query in frames. Values that the query does not name are dropped: DuckDB refuses them."""
    named = {name: value for name, value in values.items() if f"${name}" in query}
    for batch in warehouse.execute(query, named).to_arrow_reader(_ROWS_A_FRAME):
        if batch.num_rows:
            yield batch.to_pandas()


def _chain(first: "pandas.DataFrame", rest: Iterator["pandas.DataFrame"]) -> Iterator["pandas.DataFrame"]:
    yield first
    yield from rest


def _unreadable(suite: Suite) -> list[Finding]:
    """Return findings of a suite whose table or column is missing: no expectation holds."""
    findings = unexamined(suite)
    for finding in findings:
        finding.fault = f"{suite.relation} cannot be read: a table or a column is missing"
    return findings


def _note_published_rows(warehouse: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Make `published_rows` (by table) and `published_sources` (comments) from the last publication's manifest.

    Both are empty without one. The published database is not opened, because an analyst may have it open for writing.
    """
    for table, key in (("published_rows", "table_name"), ("published_sources", "source_code")):
        warehouse.execute(f"create or replace temp table {table} ({key} varchar, row_count bigint)")
    path = settings.published / "manifest.json"
    if path.exists():
        manifest = json.loads(path.read_text(encoding="utf-8"))
        for table, account in manifest["tables"].items():
            warehouse.execute("insert into published_rows values (?, ?)", [table, account["rows"]])
        for source, count in manifest.get("comments_by_source", {}).items():
            warehouse.execute("insert into published_sources values (?, ?)", [source, count])


def _leave_out(warehouse: duckdb.DuckDBPyConnection, since: datetime | None, found: Found) -> None:
    """Leave out the rows of expectations that say so, each for the first that fails."""
    failed: dict[str, dict[Key, str]] = {"comment": {}, "text": {}, "run": {}}
    for _, findings in found:
        for finding in findings:
            if finding.leaves_out:
                # The key of a text has its model version too.
                length = {"comment": 1, "text": 1, "run": 3}[finding.leaves_out]
                for key in finding.keys:
                    failed[finding.leaves_out].setdefault(key[:length], finding.description)
    comments = {key[0]: reason for key, reason in failed["comment"].items()}
    texts = {key[0]: reason for key, reason in failed["text"].items()}
    runs = {(key[0], key[1], key[2]): reason for key, reason in failed["run"].items()}
    left_out.leave_out(warehouse, since, comments, texts, runs)


def _let_pass(found: Found, suite_name: str) -> None:
    for suite, findings in found:
        if suite.name == suite_name:
            for finding in findings:
                finding.severity = "warning"


def _outcome(name: str, checked_at: datetime, found: Found, broken: list[Finding]) -> dict[str, Any]:
    findings = [finding for _, of_suite in found for finding in of_suite]
    return {
        "gate": name,
        "checked_at": checked_at.isoformat(),
        "succeeded": not broken,
        "expectations": len(findings),
        "checked_rows": sum(max(finding.checked for finding in of_suite) for _, of_suite in found),
        "failures": len(broken),
        "warnings": sum(not finding.holds and not finding.is_critical for finding in findings),
        "nothing_new": [suite.name for suite, of_suite in found if not any(f.checked or f.fault for f in of_suite)],
    }


def _list_keys(folder: Path, found: Found) -> dict[tuple[str, int], Path]:
    """Write the keys of the failing rows of each expectation that fails; return the files.

    Files of earlier runs are removed: their rows may have been corrected or erased.
    """
    folder.mkdir(parents=True, exist_ok=True)
    listed: dict[tuple[str, int], Path] = {}
    for suite, findings in found:
        for position, finding in enumerate(findings):
            if not finding.holds and finding.keys:
                path = folder / f"{suite.name}_{position + 1:02d}.csv"
                _write_keys(path, suite.index_columns, finding.keys)
                listed[suite.name, position] = path
    for path in set(folder.glob("*.csv")) - set(listed.values()):
        path.unlink()
    return listed


def _write_keys(path: Path, columns: tuple[str, ...], keys: list[Key]) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(columns)
    # A spreadsheet must not take a key for a formula.
    writer.writerows([inert(value) for value in key] for key in keys[:MOST_KEYS_LISTED])
    write_whole(path, written.getvalue())


def _explain(
    name: str, broken: list[Finding], suites: dict[str, Suite], listed: dict[tuple[str, int], Path], quality: Path
) -> str:
    count = len(broken)
    lines = [
        f"Gate '{name}': {count} critical expectation{'s do' if count > 1 else ' does'} not hold. "
        "What was published stays as it was."
    ]
    for finding in broken:
        suite = suites[finding.suite]
        lines.append(f"- suite {finding.suite} on {suite.relation}, {finding.type}, column {finding.column}:")
        rows = finding.fault or f"{finding.failed:,} of {finding.applicable:,} rows"
        lines.append(f"    expected: {finding.description} Found: {rows}.")
        if finding.keys:
            shown = "; ".join(_named(suite.index_columns, key) for key in finding.keys[:KEYS_SHOWN])
            lines.append(f"    rows ({min(KEYS_SHOWN, finding.failed)} of {finding.failed:,}): {shown}")
        lines.append(f"    why: {finding.why}")
        lines.append(f"    do:  {finding.what_to_do}")
    if listed:
        lines.append(f"All failing rows (at most {MOST_KEYS_LISTED:,} each): {next(iter(listed.values())).parent}")
    lines.append(f"Quality page: {quality / 'index.html'}")
    return "\n".join(lines)


def _named(columns: tuple[str, ...], key: Key) -> str:
    return ", ".join(f"{column}={value}" for column, value in zip(columns, key, strict=True))
