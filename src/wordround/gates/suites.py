"""Suites of expectations, and what Great Expectations finds when they meet rows.

Comes in: the suites of one gate (`expectations/<gate>/<name>.json` in Great Expectations' own format, and beside each
the query that says what the gate may see) and batches of rows. Goes out: one `Finding` per expectation, with counts
and the keys of the rows that do not hold. Refuses to hold a value of any column but the keys.

Great Expectations has no working DuckDB data source, so that rows come in as pandas frames; importing it takes
seconds, so that it is imported when a suite first meets a row.
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
    """One suite: what it is called, what it looks at, and its expectations as they stand in the file."""

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
    """What came of one expectation. `keys` are the values of the suite's index columns, at most MOST_KEYS_LISTED."""

    suite: str
    type: str
    column: str
    severity: str
    description: str
    why: str
    what_to_do: str
    least_share: float
    checked: int = 0
    failed: int = 0
    applicable: int = 0
    keys: list[Key] = field(default_factory=list)
    fault: str = ""

    @property
    def holds(self) -> bool:
        """Whether the share of rows that must hold does (all of them unless the expectation says otherwise)."""
        if self.fault:
            return False
        return self.failed == 0 or (self.applicable - self.failed) / self.applicable >= self.least_share

    @property
    def is_critical(self) -> bool:
        return self.severity == "critical"


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
    """One finding per expectation of a suite, before any row was looked at."""
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
        # some of its modules set a level of their own
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
        """Meet a suite with its rows, frame by frame; counts add up over the frames.

        A first look only counts. Keys are looked up for the expectations that do not hold, as many as are kept.
        """
        findings = unexamined(suite)
        expectations = suite.document["expectations"]
        for frame in frames:
            batch = self._rows.get_batch({"dataframe": frame})
            failing = []
            for number, result in self._validate(batch, expectations, "BASIC", ()):
                self._count(findings[number], result, len(frame))
                if not result.success and len(findings[number].keys) < MOST_KEYS_LISTED:
                    failing.append(number)
            wanted = [expectations[number] for number in failing]
            for position, result in self._validate(batch, wanted, "COMPLETE", suite.index_columns):
                kept = findings[failing[position]].keys
                kept.extend(_keys(result, suite.index_columns)[: MOST_KEYS_LISTED - len(kept)])
        return findings

    def _validate(
        self, batch: Any, expectations: list[dict[str, Any]], level: str, index_columns: tuple[str, ...]
    ) -> Iterator[tuple[int, Any]]:
        """Yield (position, result): results come in another order than expectations, so `meta` carries the position."""
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
    """The index columns of failing rows; Great Expectations gives one dict of lists when values are excluded."""
    listed = result.result.get("unexpected_index_list") or []
    keys: list[Key] = []
    for entry in listed:
        columns = [entry[name] if isinstance(entry[name], list) else [entry[name]] for name in index_columns]
        keys.extend(tuple(str(value) for value in row) for row in zip(*columns, strict=True))
    return keys
