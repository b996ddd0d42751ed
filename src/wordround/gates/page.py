"""The quality page: which expectations hold, and what became of every row, for people.

The page is `quality/index.html`, one self-contained file. It is made from `gates/<gate>.json`, so that a run of one
gate keeps the other's figures. Each file is put in place in one step. Both hold counts, dates and the words of the
suites, and nothing else.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import duckdb
import jinja2

from wordround import getting_help
from wordround.gates.suites import GATES, Finding, Suite
from wordround.land.row_outcomes import OUTCOMES
from wordround.published.editions import Edition
from wordround.storage import write_whole
from wordround.warehouse import gate_results, row_accounts
from wordround.warehouse.left_out import LeftOut
from wordround.warehouse.left_out import by_source as left_out_by_source
from wordround.warehouse.merged_places import MergedPlace, merged_places
from wordround.warehouse.model_switches import Rescoring, rescorings
from wordround.warehouse.model_weeks import ModelWeek, model_weeks

_LONDON = ZoneInfo("Europe/London")
_TEMPLATE = Path(__file__).with_name("page.html.j2")
RUNS_SHOWN = 30


class Ledger(NamedTuple):
    """Outcomes of rows by source, quarantine by reason, what is left out, runs of the gates, what the models read."""

    sources: Sequence[row_accounts.SourceAccount]
    quarantine: Sequence[row_accounts.QuarantinedRows]
    runs: Sequence[gate_results.GateRun]
    left_out: Sequence[LeftOut] = ()
    edition: Edition | None = None
    merged_places: Sequence[MergedPlace] = ()
    model_weeks: Sequence[ModelWeek] = ()
    rescorings: Sequence[Rescoring] = ()


def read_ledger(warehouse: duckdb.DuckDBPyConnection, edition: Edition | None = None) -> Ledger:
    """Read the ledger of an open warehouse. edition: the one that the public reads."""
    return Ledger(
        row_accounts.by_source(warehouse),
        row_accounts.quarantined(warehouse),
        gate_results.latest(warehouse, RUNS_SHOWN),
        left_out_by_source(warehouse),
        edition,
        merged_places(warehouse),
        model_weeks(warehouse),
        rescorings(warehouse),
    )


def write(
    folder: Path,
    gate: str,
    checked_at: datetime,
    found: Sequence[tuple[Suite, list[Finding]]],
    listed: dict[tuple[str, int], Path],
    ledger: Ledger,
) -> Path:
    """Write the page with new figures of one gate and the latest ones of the other; return its path."""
    state = folder / "gates" / f"{gate}.json"
    # A suite that stopped the gate and has no rows now is left out: its rows were erased or corrected.
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
    return rewrite(folder, ledger)


def rewrite(folder: Path, ledger: Ledger) -> Path:
    """Write the page anew from the latest figures of both gates; return its path."""
    gates = [_read(folder / "gates" / f"{name}.json") for name in GATES]
    page = folder / "index.html"
    write_whole(page, render([gate for gate in gates if gate], ledger))
    return page


def render(gates: list[dict[str, Any]], ledger: Ledger) -> str:
    """Make the page from the state of the gates and the ledger."""
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["count"] = lambda number: f"{number:,}"
    environment.filters["moment"] = _moment
    environment.filters["percent"] = _percent
    environment.filters["words"] = lambda name: name.replace("_", " ")
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    expectations = [e for gate in gates for suite in gate["suites"] for e in suite["expectations"]]
    return template.render(
        gates=gates,
        ledger=ledger,
        outcomes=OUTCOMES,
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
                "leaves_out": finding.leaves_out,
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
    """Return a share as per cent; a small one never reads as 0 %."""
    return "under 0.1%" if share < 0.001 else f"{share:.1%}"


def _read(path: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state
