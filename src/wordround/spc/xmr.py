"""XmR charts of any series: the dbt macro that draws the marts' charts (dbt/macros/xmr.sql), in a DuckDB in memory.

There is one implementation of the rules (docs/adr/0025-one-implementation-of-charts.md).
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from jinja2 import Environment, StrictUndefined

from wordround.folders import DBT
from wordround.spc.log_odds import Numbers
from wordround.spc.options import XmrOptions
from wordround.spc.series import Series

# What the command calls the columns of the macro: the names of NHSRplotthedots.
_NAMES = {
    "rebase_group": "rebase_group",
    "mean_value": "mean",
    "lower_limit": "lpl",
    "upper_limit": "upl",
    "is_outside": "outside_limits",
    "relative_to_mean": "relative_to_mean",
    "is_near_limit": "close_to_limits",
    "is_short_group": "short_group_warning",
    "assurance_type": "assurance_type",
    "refusal_reason": "refusal_reason",
}
_WORDS = {
    ("outside_limits", "above"): "Above UCL",
    ("outside_limits", "below"): "Below LCL",
    ("trend", "above"): "{} Point Trend (Increasing)",
    ("trend", "below"): "{} Point Trend (Decreasing)",
    ("two_of_three", "above"): "2 in 3 Above CL",
    ("two_of_three", "below"): "2 in 3 Below CL",
    ("shift", "above"): "{} Points Above CL",
    ("shift", "below"): "{} Points Below CL",
}
# What the macro is given of each point; what each column means stands in the macro.
POINTS = pa.schema(
    [
        ("series_id", pa.int64()), ("point_date", pa.date32()), ("value", pa.float64()),
        ("improvement_direction", pa.string()), ("is_screened", pa.bool_()), ("fix_after_n", pa.int32()),
        ("rebase_dates", pa.list_(pa.date32())), ("rule_profile", pa.string()), ("run_length", pa.int32()),
        ("target", pa.float64()),
    ]
)  # fmt: skip


def xmr_rows(series: list[Series], values: list[Numbers], options: XmrOptions) -> list[dict[str, Any]]:
    """Return a row a point, in the order of the series. `values`: those of each series, NaN where there is none.

    A series that is refused has its values, its mean and `refusal_reason`, and neither limits nor a special cause.
    """
    rows = draw(pa.Table.from_pylist(list(_points(series, values, options)), POINTS)).to_pylist()
    last = {row["series_id"]: row for row in rows}
    return [_row(row, series[row["series_id"]].facet, last[row["series_id"]]) for row in rows]


def draw(points: pa.Table) -> pa.Table:
    """Return points (of the schema `POINTS`) with the columns of the macro, by series and date."""
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.register("points", points)
        connection.execute("create table series as select * from points")
        drawn = connection.execute(f"select * from ({_drawn()}) as drawn order by series_id, point_date")
        return drawn.to_arrow_table()


@cache
def _drawn() -> str:
    macros = Environment(undefined=StrictUndefined).from_string(  # noqa: S701 - this is SQL
        (DBT / "macros" / "xmr.sql").read_text(encoding="utf-8")
    )
    return str(macros.module.xmr("series"))  # type: ignore[attr-defined]


def _points(series: list[Series], values: list[Numbers], options: XmrOptions) -> Iterator[Mapping[str, object]]:
    for number, (each, known) in enumerate(zip(series, values, strict=True)):
        about = {
            "series_id": number,
            "improvement_direction": options.improvement_direction,
            "is_screened": options.screen_outliers,
            "fix_after_n": options.fix_after_n_points,
            "rebase_dates": options.rebase_of(each.facet),
            "rule_profile": options.rule_profile,
            "run_length": options.run_length,
            "target": options.target_of(each.facet),
        }
        for day, value in zip(each.dates, known, strict=True):
            yield about | {"point_date": day, "value": None if np.isnan(value) else float(value)}


def _row(point: dict[str, Any], facet: str, last: dict[str, Any]) -> dict[str, Any]:
    row = {"facet": facet, "date": point["point_date"], "value": point["value"]}
    row |= {name: point[column] for column, name in _NAMES.items()}
    is_refused = point["refusal_reason"] is not None
    if is_refused:
        row |= dict.fromkeys(("lpl", "upl", "outside_limits", "close_to_limits"))
    is_special = point["special_cause_type"] is not None and not is_refused
    kind = (point["special_cause_type"], point["special_cause_side"])
    row["special_cause_type"] = _WORDS[kind].format(point["run_length"]) if is_special else "Common Cause"
    row["special_cause_flag"] = is_special
    row["point_type"] = f"special_cause_{point['point_type']}" if is_special else "common_cause"
    row["variation_icon"] = _icon(last)
    return row


def _icon(last: dict[str, Any]) -> str:
    """What the last point says: the kind of variation, high or low."""
    if last["special_cause_type"] is None or last["refusal_reason"] is not None:
        return "common_cause"
    kind = str(last["point_type"])
    side = "high" if last["special_cause_side"] == "above" else "low"
    return kind if kind.endswith(side) else f"{kind}_{side}"
