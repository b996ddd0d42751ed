"""Great Expectations' own Data Docs, from findings: counts, shares and at most twenty keys a row.

Comes in: the findings of one run of a gate. Goes out: `quality/data_docs/` (HTML that opens without a network) and
`quality/validations/` (the results it is made of); of both, the last runs only. Refuses to render anything that is
not in a `Finding`, so that no value of a text column can be in it.
"""

import re
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from wordround import getting_help
from wordround.gates.suites import Examiner, Finding, Suite

RUNS_KEPT = 30
KEYS_SHOWN = 20
_SITE = "quality"
# The templates link style sheets, scripts and pictures of content networks, and suites' pages that are not built. A
# trust's reader may have no network, and none should learn who reads.
_FROM_A_NETWORK = re.compile(
    r"<script\b.*?</script>|<link\b[^>]*\bhref=[\"']https?://[^>]*>|<img\b[^>]*\bsrc=[\"']https?://[^>]*>"
    r"|<footer\b.*?</footer>|url\([\"']?https?://[^)]*\)",
    re.DOTALL | re.IGNORECASE,
)
_TO_NOWHERE = re.compile(r"<a\b[^>]*\bhref=[\"'](?:https?://|[^\"']*/expectations/)[^>]*>(.*?)</a>", re.DOTALL)
_OWN_STYLE = """<style>
body { font-family: Arial, sans-serif; color: #212b32; margin: 1rem 2rem; line-height: 1.4; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; } .modal, .ge-walkthrough-modal, form { display: none; }
td, th { border-bottom: 1px solid #d8dde0; padding: .4rem .8rem; text-align: left; vertical-align: top; }
img, .breadcrumb, input, label { display: none; } a { color: #005eb8; } caption { text-align: left; }
.collapse { display: block; } [data-toggle="collapse"] { display: none; }
td i.fa-check-circle::before { content: "✓ holds"; color: #007f3b; font-style: normal; }
td i.fa-times::before { content: "✗ fails"; color: #d5281b; font-style: normal; }
td i.fa-exclamation-triangle::before { content: "! error"; color: #d5281b; font-style: normal; }
</style>"""


def build(
    folder: Path, examiner: Examiner, gate: str, checked_at: datetime, found: Sequence[tuple[Suite, list[Finding]]]
) -> Path:
    """Add one run to the Data Docs, drop the oldest runs, and return the index page."""
    from great_expectations.data_context.types.resource_identifiers import (
        ExpectationSuiteIdentifier,
        ValidationResultIdentifier,
    )

    run_name = _run_name(checked_at, gate)
    context = _context(examiner.gx, folder)
    for suite, findings in found:
        key = ValidationResultIdentifier(
            expectation_suite_identifier=ExpectationSuiteIdentifier(name=suite.name),
            run_id={"run_name": run_name, "run_time": checked_at},
            batch_identifier=suite.relation.replace(" ", "_").replace(",", ""),
        )
        context.validation_results_store.set(key, _result(suite, findings, checked_at))
    _drop_oldest_runs(folder)
    names = {suite.name for suite, _ in found}
    keys = [
        key
        for key in context.validation_results_store.list_keys()
        if key.run_id.run_name == run_name and key.expectation_suite_identifier.name in names
    ]
    if keys:
        context.build_data_docs(site_names=[_SITE], resource_identifiers=keys, build_index=False)
    _take_off_the_network(folder / "data_docs", run_name)
    return _write_index(folder / "data_docs")


def _run_name(checked_at: datetime, gate: str) -> str:
    return f"{checked_at:%Y%m%dT%H%M%S}-{gate}"


def _context(gx: Any, folder: Path) -> Any:
    """A data context that lives in memory and keeps its results and its site under the quality folder."""
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

    defaults = InMemoryStoreBackendDefaults()
    stores = dict(defaults.stores)
    stores[defaults.validation_results_store_name] = {
        "class_name": "ValidationResultsStore",
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(folder / "validations"),
            "suppress_store_backend_id": True,
        },
    }
    site = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder / "data_docs")},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
    config = DataContextConfig(
        stores=stores, data_docs_sites={_SITE: site}, store_backend_defaults=defaults, analytics_enabled=False
    )
    context = gx.data_context.EphemeralDataContext(project_config=config)
    context.variables.progress_bars = {"globally": False}
    return context


def _result(suite: Suite, findings: list[Finding], checked_at: datetime) -> Any:
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    results = []
    for finding, expectation in zip(findings, suite.document["expectations"], strict=True):
        shown = [dict(zip(suite.index_columns, key, strict=True)) for key in finding.keys[:KEYS_SHOWN]]
        percent = 100 * finding.failed / finding.applicable if finding.applicable else 0.0
        results.append(
            ExpectationValidationResult(
                success=finding.holds,
                expectation_config=ExpectationConfiguration(**expectation),
                result={
                    "element_count": finding.checked,
                    "missing_count": finding.checked - finding.applicable,
                    "unexpected_count": finding.failed,
                    "unexpected_percent": percent,
                    "unexpected_percent_nonmissing": percent,
                    "partial_unexpected_list": [],
                    "unexpected_index_column_names": list(suite.index_columns),
                    "unexpected_index_list": shown,
                },
                exception_info={"raised_exception": False, "exception_traceback": None, "exception_message": None},
            )
        )
    held = sum(result.success for result in results)
    return ExpectationSuiteValidationResult(
        suite_name=suite.name,
        success=held == len(results),
        results=results,
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": held,
            "unsuccessful_expectations": len(results) - held,
            "success_percent": 100 * held / len(results),
        },
        meta={"run_id": {"run_name": checked_at.isoformat(), "run_time": checked_at.isoformat()}, **_meta(suite)},
    )


def _meta(suite: Suite) -> dict[str, str]:
    return {"gate": suite.gate, "relation": suite.relation, "title": suite.title}


def _drop_oldest_runs(folder: Path) -> None:
    """Keep RUNS_KEPT runs. Both trees have the run as a folder two levels down: <suite>/<run>/..."""
    results, pages = folder / "validations", folder / "data_docs" / "validations"
    runs = sorted({path.name for path in results.glob("*/*") if path.is_dir()})
    for run in runs[:-RUNS_KEPT]:
        for tree in (results, pages):
            for path in tree.glob(f"*/{run}"):
                shutil.rmtree(path, ignore_errors=True)


def _take_off_the_network(site: Path, run_name: str) -> None:
    """Take what links to content networks out of the pages that were just written; say where to get help."""
    for path in site.glob(f"validations/*/{run_name}/**/*.html"):
        page = _TO_NOWHERE.sub(r"\1", _FROM_A_NETWORK.sub("", path.read_text(encoding="utf-8")))
        page = getting_help.on_page(page.replace("</head>", f"{_OWN_STYLE}</head>", 1))
        path.write_text(page, encoding="utf-8")


def _write_index(site: Path) -> Path:
    """List the runs that are kept, latest first. Great Expectations' own index needs scripts from a network."""
    rows = []
    for run in sorted({path.parent.name for path in site.glob("validations/*/*/*")}, reverse=True):
        pages = sorted(site.glob(f"validations/*/{run}/*/*.html"))
        links = ", ".join(f'<a href="{_link(page, site)}">{page.relative_to(site).parts[1]}</a>' for page in pages)
        rows.append(f'<tr><th scope="row">{run}</th><td>{links}</td></tr>')
    page = (
        f'<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>Data Docs</title>{_OWN_STYLE}</head>'
        '<body><main><h1>Data Docs</h1><p><a href="../index.html">Back to data quality</a></p><table>'
        f"<caption>The last {RUNS_KEPT} runs, latest first</caption>"
        '<thead><tr><th scope="col">Run</th><th scope="col">Suites</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></main></body></html>\n"
    )
    path = site / "index.html"
    path.write_text(getting_help.on_page(page), encoding="utf-8")
    return path


def _link(page: Path, site: Path) -> str:
    return quote(page.relative_to(site).as_posix())
