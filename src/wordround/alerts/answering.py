"""What became of the changes that were made because of alerts: each asked of its series in its own weeks.

Pure: tables in, a row for each change out. dbt calls it within the build
(dbt/models/intermediate/int_actions_answered.py). The comparison is `spc.answering`; how alike comments of one week are
is estimated over all series of a kind, from weeks in which no alert of theirs is open.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from wordround.published.answers import answer_label, share_label
from wordround.published.disclosure import SmallNumbers
from wordround.spc.answering import Answer, Week, answer
from wordround.spc.dispersion import estimate

SCHEMA = pa.schema(
    [
        ("alert_id", pa.string()), ("version", pa.int32()), ("answer_code", pa.string()), ("is_very_sure", pa.bool_()),
        ("passed_week_count", pa.int32()),
        *(
            (f"{side}_{what}_count", pa.int32())
            for side in ("before", "after")
            for what in ("week", "comment", "negative")
        ),
        ("before_share_label", pa.string()), ("after_share_label", pa.string()), ("answer_label", pa.string()),
    ]
)  # fmt: skip


def answers(changes: pa.Table, weeks: pa.Table, last_week: date | None, largest_hidden: int) -> pa.Table:
    """What can be said of each change.

    changes: alert_id, version, series_id, since_week_date, opened_week_date, acted_date. weeks: series_id, series_code,
    week_date, negative_count, comment_count, expected_share, is_paused, is_concern_open, is_improvement_open; a row for
    each week of a series. last_week: the last that is over, None where none is.
    """
    small = SmallNumbers(largest_hidden)
    asked = changes.to_pylist() if last_week is not None else []
    by_series = _of_series(weeks, {each["series_id"] for each in asked}) if asked else {}
    found = [
        _row(each, _answered(each, by_series[each["series_id"]], last_week), small)
        for each in asked
        if each["series_id"] in by_series and last_week is not None
    ]
    return pa.Table.from_pylist(found, schema=SCHEMA)


def _of_series(weeks: pa.Table, wanted: set[str]) -> dict[str, tuple[list[Week], float, float]]:
    """The weeks of each series that is asked of, with its rho and phi."""
    rows = weeks.to_pylist()
    kinds = {row["series_code"] for row in rows if row["series_id"] in wanted}
    found = {}
    for kind in kinds:
        of_kind: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            if row["series_code"] == kind:
                of_kind.setdefault(row["series_id"], []).append(row)
        rho, phi = _dispersion(of_kind.values())
        for place, (series_id, own) in enumerate(of_kind.items()):
            if series_id in wanted:
                found[series_id] = [_week(row) for row in own], float(rho[place]), float(phi[place])
    return found


def _dispersion(series: Iterable[list[dict[str, Any]]]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    every = list(series)
    days = sorted({row["week_date"] for own in every for row in own})
    place = {day: number for number, day in enumerate(days)}
    x, n, used = (np.zeros((len(every), len(days))) for _ in range(3))
    for number, own in enumerate(every):
        for row in own:
            where = number, place[row["week_date"]]
            x[where], n[where] = row["negative_count"], row["comment_count"]
            used[where] = not (row["is_paused"] or row["is_concern_open"] or row["is_improvement_open"])
    return estimate(x, n, used)


def _week(row: dict[str, Any]) -> Week:
    x, n = row["negative_count"], row["comment_count"]
    return Week(row["week_date"], x, n, is_whole=not row["is_paused"], expected=row.get("expected_share"))


def _answered(change: dict[str, Any], series: tuple[list[Week], float, float], last_week: date) -> Answer:
    weeks, rho, phi = series
    return answer(
        weeks, change["since_week_date"], change["opened_week_date"], change["acted_date"], last_week, rho, phi
    )


def _row(change: dict[str, Any], found: Answer, small: SmallNumbers) -> dict[str, object]:
    sides = {"before": found.before, "after": found.after}
    return {
        "alert_id": change["alert_id"],
        "version": change["version"],
        "answer_code": found.code,
        "is_very_sure": found.is_very_sure,
        "passed_week_count": found.passed,
        **{f"{side}_week_count": part.weeks for side, part in sides.items()},
        **{f"{side}_comment_count": int(part.n) for side, part in sides.items()},
        **{f"{side}_negative_count": int(part.x) for side, part in sides.items()},
        **{f"{side}_share_label": share_label(part, small) for side, part in sides.items()},
        "answer_label": answer_label(found, small),
    }
