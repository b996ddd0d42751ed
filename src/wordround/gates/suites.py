"""Suites of expectations, and the findings of Great Expectations on rows.

A suite is `expectations/<gate>/<name>.json` in Great Expectations' own format; the query beside it selects the rows
that the gate may see. Each expectation gives one `Finding`, with counts and the keys of the rows that fail. No value of
any other column is kept.

Great Expectations has no working DuckDB data source, so rows come in as pandas frames. It takes seconds to import, so
it is imported when a suite first has a row.
"""

import json
import logging
import os
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wordround.folders import EXPECTATIONS

GATES = ("loaded", "publishable")
# Looking up the keys of a failing row takes 75 microseconds: a million of them would take longer than the run.
MOST_KEYS_LISTED = 10_000

Key = tuple[str, ...]


@dataclass(frozen=True)
class Suite:
    """One suite: its name, its table and query, and its expectations as in the file."""

    name: str
    gate: str
    title: str
    relation: str
    only_new: bool
    index_columns: tuple[str, ...]
    query: str
    document: dict[str, Any]


@dataclass
class Finding:
    """The result of one expectation.

    keys: values of the suite's index columns, at most MOST_KEYS_LISTED; all of them where failing rows are left out.
    leaves_out: what is left out where a row fails (`comment`, `text`, `run`, `edition`); empty where nothing is.
    """

    suite: str
    type: str
    column: str
    severity: str
    description: str
    why: str
    what_to_do: str
    least_share: float
    leaves_out: str = ""
    checked: int = 0
    failed: int = 0
    applicable: int = 0
    keys: list[Key] = field(default_factory=list)
    fault: str = ""

    @property
    def holds(self) -> bool:
        """Whether enough rows pass: all of them, unless the expectation says `mostly`."""
        if self.fault:
            return False
        return self.failed == 0 or (self.applicable - self.failed) / self.applicable >= self.least_share

    @property
    def is_critical(self) -> bool:
        return self.severity == "critical"

    @property
    def most_keys(self) -> int | None:
        """How many keys are kept; None: all."""
        return None if self.leaves_out else MOST_KEYS_LISTED


def read_suites(gate: str, folder: Path = EXPECTATIONS) -> list[Suite]:
    """Read the suites of a gate, in order of their names."""
    suites = []
    for path in sorted((folder / gate).glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        meta = document["meta"]
        suites.append(
            Suite(
                name=document["name"],
                gate=meta["gate"],
                title=meta["title"],
                relation=meta["relation"],
                only_new=meta["rows"] == "new",
                index_columns=tuple(meta["index_columns"]),
                query=path.with_suffix(".sql").read_text(encoding="utf-8"),
                document=document,
            )
        )
    return suites


def unexamined(suite: Suite) -> list[Finding]:
    """Return a finding for each expectation of a suite, before any row was checked."""
    findings = []
    for expectation in suite.document["expectations"]:
        kwargs = expectation["kwargs"]
        columns = [kwargs[name] for name in ("column", "column_A", "column_B") if name in kwargs]
        findings.append(
            Finding(
                suite=suite.name,
                type=expectation["type"],
                column=" and ".join(columns),
                severity=expectation["severity"],
                description=expectation["description"],
                why=expectation["meta"]["why"],
                what_to_do=expectation["meta"]["do"],
                least_share=kwargs.get("mostly", 1.0),
                leaves_out=expectation["meta"].get("leaves_out", ""),
            )
        )
    return findings


def import_great_expectations() -> Any:
    """Import Great Expectations so that it neither phones home nor fills the log."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations
    for name in list(logging.root.manager.loggerDict):
        # Some of its modules set a level of their own.
        if name.split(".")[0] == "great_expectations":
            logging.getLogger(name).setLevel(logging.CRITICAL)
    return great_expectations


class Examiner:
    """Great Expectations in memory: one data context for all suites of a run."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self._parameters = parameters
        self.gx = import_great_expectations()
        self.context = self.gx.get_context(mode="ephemeral")
        self.context.variables.progress_bars = {"globally": False}
        asset = self.context.data_sources.add_pandas("warehouse").add_dataframe_asset("rows")
        self._rows = asset.add_batch_definition_whole_dataframe("all")

    def examine(self, suite: Suite, frames: Iterable[Any]) -> list[Finding]:
        """Evaluate a suite on its rows, frame by frame; counts add up over the frames.

        The first pass only counts. Keys are looked up for expectations that fail, as many as are kept.
        """
        findings = unexamined(suite)
        expectations = suite.document["expectations"]
        for frame in frames:
            batch = self._rows.get_batch({"dataframe": frame})
            failing = []
            for number, result in self._validate(batch, expectations, "BASIC", ()):
                self._count(findings[number], result, len(frame))
                most = findings[number].most_keys
                if not result.success and (most is None or len(findings[number].keys) < most):
                    failing.append(number)
            wanted = [expectations[number] for number in failing]
            for position, result in self._validate(batch, wanted, "COMPLETE", suite.index_columns):
                finding = findings[failing[position]]
                room = None if finding.most_keys is None else finding.most_keys - len(finding.keys)
                finding.keys.extend(_keys(result, suite.index_columns)[:room])
        return findings

    def _validate(
        self, batch: Any, expectations: list[dict[str, Any]], level: str, index_columns: tuple[str, ...]
    ) -> Iterator[tuple[int, Any]]:
        """Yield (position, result). Results come in another order than expectations, so `meta` carries the position."""
        if not expectations:
            return
        numbered = [
            {**expectation, "meta": {"position": position}} for position, expectation in enumerate(expectations)
        ]
        suite = self.gx.ExpectationSuite(name="rows", expectations=numbered)
        # The other formats write values into the result.
        result_format: dict[str, Any] = {"result_format": level, "partial_unexpected_count": 0}
        if index_columns:
            result_format["unexpected_index_column_names"] = list(index_columns)
            result_format["exclude_unexpected_values"] = True
        validated = batch.validate(suite, result_format=result_format, expectation_parameters=self._parameters)
        for result in validated.results:
            yield result.expectation_config.meta["position"], result

    @staticmethod
    def _count(finding: Finding, result: Any, row_count: int) -> None:
        counts = result.result
        if "unexpected_count" not in counts:
            # The exception's own words may quote a value, so they go no further.
            finding.fault = "the expectation could not be evaluated on what the suite's query yields"
            return
        finding.checked += row_count
        finding.failed += counts["unexpected_count"]
        finding.applicable += counts["element_count"] - counts.get("missing_count", 0)


def _keys(result: Any, index_columns: tuple[str, ...]) -> list[Key]:
    """Return the index columns of failing rows; Great Expectations gives a dict of lists when values are excluded."""
    listed = result.result.get("unexpected_index_list") or []
    keys: list[Key] = []
    for entry in listed:
        columns = [entry[name] if isinstance(entry[name], list) else [entry[name]] for name in index_columns]
        keys.extend(tuple(str(value) for value in row) for row in zip(*columns, strict=True))
    return keys
