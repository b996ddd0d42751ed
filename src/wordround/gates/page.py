"""The quality page: what was checked, what holds, and what became of every row, for people.

Comes in: the findings of one gate, and the ledger of batches. Goes out: `quality/index.html`, one self-contained file,
and beside it `gates/<gate>.json`, from which the page is made, so that a run of one gate leaves the other's figures
standing. Each is put in place in one step. Refuses anything but counts, dates and the words of the suites.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import jinja2

from wordround import getting_help
from wordround.gates.suites import GATES, Finding, Suite
from wordround.storage import write_whole

_LONDON = ZoneInfo("Europe/London")
_TEMPLATE = Path(__file__).with_name("page.html.j2")
_OUTCOMES = ("loaded", "updated", "unchanged", "no_answer", "quarantined", "erased")
_BATCHES = """
select
    source,
    count(*) as batch_count,
    coalesce(sum(rows_in), 0)::bigint as rows_in,
    coalesce(sum(rows_loaded), 0)::bigint as loaded,
    coalesce(sum(rows_updated), 0)::bigint as updated,
    coalesce(sum(rows_unchanged), 0)::bigint as unchanged,
    coalesce(sum(rows_no_answer), 0)::bigint as no_answer,
    coalesce(sum(rows_quarantined), 0)::bigint as quarantined,
    coalesce(sum(rows_erased), 0)::bigint as erased
from ops.batches
group by source
order by source
"""
_QUARANTINE = """
select source, reason, sum(row_count)::bigint as row_count
from ops.quarantine
group by source, reason
order by source, row_count desc, reason
"""
RUNS_SHOWN = 30
_RUNS = f"""
select gate, checked_at, succeeded, checked_rows, failures
from ops.gate_results
order by checked_at desc
limit {RUNS_SHOWN}
"""


def read_ledger(warehouse: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """Read what became of all rows so far, by source, why rows are in quarantine, and how the last checks went."""
    batches = _rows(warehouse, _BATCHES)
    for row in batches:
        row["reconciles"] = row["rows_in"] == sum(row[name] for name in _OUTCOMES)
    runs = _rows(warehouse, _RUNS)
    for run in runs:
        run["checked_at"] = run["checked_at"].isoformat()
    return {"batches": batches, "quarantine": _rows(warehouse, _QUARANTINE), "runs": runs}


def write(
    folder: Path,
    gate: str,
    checked_at: datetime,
    found: Sequence[tuple[Suite, list[Finding]]],
    listed: dict[tuple[str, int], Path],
    ledger: dict[str, list[dict[str, Any]]],
) -> Path:
    """Write the page with the new figures of one gate and the standing ones of the other; return its path."""
    state = folder / "gates" / f"{gate}.json"
    # Rows that stopped the gate and are no longer there were erased or put right: their figures do not stand.
    earlier = {
        suite["name"]: suite
        for suite in _read(state).get("suites", [])
        if not any(expectation["status"] == "stops" for expectation in suite["expectations"])
    }
    suites = []
    for suite, findings in found:
        if any(finding.checked or finding.fault for finding in findings) or suite.name not in earlier:
            suites.append(_summary(suite, findings, checked_at, listed, folder))
        else:
            suites.append({**earlier[suite.name], "nothing_new": True})
    write_whole(state, json.dumps({"gate": gate, "checked_at": checked_at.isoformat(), "suites": suites}, indent=1))
    gates = [_read(folder / "gates" / f"{name}.json") for name in GATES]
    page = folder / "index.html"
    write_whole(page, render([gate for gate in gates if gate], ledger))
    return page


def render(gates: list[dict[str, Any]], ledger: dict[str, list[dict[str, Any]]]) -> str:
    """Make the page from the state of the gates and the ledger."""
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["count"] = lambda number: f"{number:,}"
    environment.filters["moment"] = _moment
    environment.filters["percent"] = _percent
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    expectations = [e for gate in gates for suite in gate["suites"] for e in suite["expectations"]]
    return template.render(
        gates=gates,
        ledger=ledger,
        checked_at=max(gate["checked_at"] for gate in gates),
        stopped=sum(e["status"] == "stops" for e in expectations),
        warned=sum(e["status"] == "warns" for e in expectations),
        expectation_count=len(expectations),
        runs_shown=RUNS_SHOWN,
        getting_help=getting_help.SENTENCE,
    )


def _summary(
    suite: Suite, findings: list[Finding], checked_at: datetime, listed: dict[tuple[str, int], Path], folder: Path
) -> dict[str, Any]:
    return {
        "name": suite.name,
        "title": suite.title,
        "relation": suite.relation,
        "file": f"expectations/{suite.gate}/{suite.name}.json",
        "only_new": suite.only_new,
        "nothing_new": not any(finding.checked or finding.fault for finding in findings),
        "checked_at": checked_at.isoformat(),
        "expectations": [
            {
                "number": position + 1,
                "description": finding.description,
                "severity": finding.severity,
                "checked": finding.checked,
                "empty": finding.checked - finding.applicable,
                "failed": finding.failed,
                "failed_share": finding.failed / finding.applicable if finding.failed else None,
                "status": _status(finding),
                "fault": finding.fault,
                "why": finding.why,
                "what_to_do": finding.what_to_do,
                "keys": _link(listed.get((suite.name, position)), folder),
            }
            for position, finding in enumerate(findings)
        ],
    }


def _status(finding: Finding) -> str:
    if not finding.holds:
        return "stops" if finding.is_critical else "warns"
    return "holds" if finding.checked else "nothing"


def _link(path: Path | None, folder: Path) -> str | None:
    return path.relative_to(folder).as_posix() if path else None


def _moment(written: str) -> str:
    moment = datetime.fromisoformat(written).astimezone(_LONDON)
    return f"{moment:%A} {moment.day} {moment:%B %Y} at {moment:%H:%M}"


def _percent(share: float) -> str:
    """A share that is not nothing never reads as 0 %."""
    return "under 0.1%" if share < 0.001 else f"{share:.1%}"


def _rows(warehouse: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    result = warehouse.execute(query)
    columns = [column[0] for column in result.description]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def _read(path: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state
