"""What steps return can be stored anywhere: in Airflow's XCom, as JSON, in a log."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.fixtures.fft_files import row, write_csv
from wordround import pipeline
from wordround.land.row_outcomes import RowOutcomes
from wordround.outcomes import Outcome, stored
from wordround.settings import Settings

TODAY = date(2026, 11, 21)
ROWS = RowOutcomes(
    rows_in=3, loaded=2, updated=0, unchanged=0, no_answer=0, reshared=0, quarantined=1, refused=0, erased=0
)


class Step(Outcome):
    """As a room would return it."""

    rows: RowOutcomes
    batches: tuple[str, ...]
    by_query: Mapping[str, RowOutcomes]
    keys: int = 0
    folder: str | None = None


def test_outcomes_are_stored_as_json_whatever_lies_within() -> None:
    plain = stored({"fft": Step(rows=ROWS, batches=("a", "b"), by_query={"tag": ROWS}), "refused": ("x",), "n": 1})
    rows = {"in": 3} | ROWS.by_outcome()
    step = {"rows": rows, "batches": ["a", "b"], "by_query": {"tag": rows}, "keys": 0, "folder": None}
    assert stored(Step(rows=ROWS, batches=("a", "b"), by_query={"tag": ROWS}).parts()) == step
    assert plain == {"fft": step, "refused": ["x"], "n": 1}
    assert json.loads(json.dumps(plain)) == plain


def test_an_outcome_is_whole_and_does_not_change() -> None:
    step = Step(rows=ROWS, batches=(), by_query={})
    with pytest.raises(ValidationError, match="frozen"):
        step.folder = "x"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="forbidden"):
        Step(rows=ROWS, batches=(), by_query={}, text="what a comment said")  # type: ignore[call-arg]


def test_what_collecting_and_loading_return_is_plain(settings: Settings) -> None:
    write_csv(settings.home / "inbox" / "fft" / "f.csv", [row(1), row(2, date="31/02/2026")])
    for outcome in (
        pipeline.collect(settings, "fft", TODAY),
        pipeline.load(settings),
        pipeline.ingest(settings, "fft", TODAY),
        pipeline.ingest(settings, "fft", TODAY, Path(settings.home / "inbox" / "fft" / "f.csv")),
        pipeline.understand(settings),
    ):
        assert json.loads(json.dumps(outcome)) == outcome
