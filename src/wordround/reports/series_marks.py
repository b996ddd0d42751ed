"""The rows of `wordround chart` as what is drawn of one facet: marks, lines and notes, the same for every chart."""

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any

from wordround.spc.charting import Charted
from wordround.spc.options import AttributeOptions, DecisionOptions, XmrOptions

USUAL, CONCERN, IMPROVEMENT, UNUSUAL = "usual", "concern", "improvement", "unusual"
SOLID, DASHED, DOTTED = "solid", "dashed", "dotted"
_Row = dict[str, Any]

_KINDS = {
    "common_cause": USUAL,
    "special_cause_concern": CONCERN,
    "special_cause_improvement": IMPROVEMENT,
}
_CENTRE, _LOWER, _UPPER = "Mean", "Lower limit", "Upper limit"


@dataclass(frozen=True)
class Line:
    """One line: its name, how it is drawn, and its points; None breaks it."""

    name: str
    look: str
    points: list[tuple[date, float | None]]


@dataclass(frozen=True)
class Panel:
    """One drawing above another: points with their kind (no value: a gap), lines, and whether values are shares."""

    marks: list[tuple[date, float | None, str]]
    lines: list[Line]
    is_share: bool = False
    title: str = ""
    is_joined: bool = True


@dataclass(frozen=True)
class Facet:
    """What is drawn of one facet; `refusal`: why no limits are drawn."""

    name: str
    panels: list[Panel]
    notes: list[tuple[date, str]] = field(default_factory=list)
    refusal: str | None = None


def facets(charted: Charted) -> Iterator[Facet]:
    """Return what is drawn, facet by facet."""
    by_facet: dict[str, list[_Row]] = {}
    for row in charted.rows:
        by_facet.setdefault(row["facet"], []).append(row)
    for name, rows in by_facet.items():
        notes = sorted(charted.options.notes.items())
        match charted.options:
            case XmrOptions() as options:
                own = [(day, "limits start anew") for day in options.rebase_of(name)]
                refusal = next((row["refusal_reason"] for row in rows if row["refusal_reason"]), None)
                yield Facet(name, [_xmr(rows, options.target_of(name))], sorted(own + notes), refusal)
            case DecisionOptions() as options:
                episodes = [episode for episode in charted.episodes if episode["facet"] == name]
                yield Facet(name, list(_decision(rows, options)), sorted(_of_episodes(rows, episodes) + notes))
            case AttributeOptions() as options:
                yield Facet(name, [_attribute(rows, options)], notes)


def _xmr(rows: list[_Row], target: float | None) -> Panel:
    kinds = {row["date"]: _KINDS.get(row["point_type"], UNUSUAL) for row in rows}
    marks = [(day, value, kinds[day]) for day, value in _by_group(rows, "value")]
    lines = [
        Line(name, look, list(_by_group(rows, column)))
        for name, look, column in ((_CENTRE, SOLID, "mean"), (_LOWER, DASHED, "lpl"), (_UPPER, DASHED, "upl"))
    ]
    if target is not None:
        lines.append(Line("Target", DOTTED, [(row["date"], target) for row in rows]))
    return Panel(marks, lines)


def _by_group(rows: list[_Row], column: str) -> Iterator[tuple[date, float | None]]:
    """A column that is broken where a rebase group ends."""
    before = rows[0]["rebase_group"]
    for row in rows:
        if row["rebase_group"] != before:
            yield row["date"], None
        before = row["rebase_group"]
        yield row["date"], row[column]


def _attribute(rows: list[_Row], options: AttributeOptions) -> Panel:
    marks = [(row["date"], row["y"], UNUSUAL if row["sigma_signal"] else USUAL) for row in rows]
    named = (("Centre", SOLID, "cl"), (_LOWER, DASHED, "lcl"), (_UPPER, DASHED, "ucl"))
    lines = [Line(name, look, [(row["date"], row[column]) for row in rows]) for name, look, column in named]
    return Panel(marks, lines, is_share=options.chart in ("p", "pp"))


def _decision(rows: list[_Row], options: DecisionOptions) -> Iterator[Panel]:
    expected = Line("Expected", SOLID, [(row["date"], row["expected_share"]) for row in rows])
    yield Panel([(row["date"], _share(row), _open_kind(row)) for row in rows], [expected], is_share=True)
    thresholds = {"concern": options.h_concern, "improvement": options.h_improvement}
    heights: dict[float, list[str]] = {}
    for side in options.sides:
        heights.setdefault(thresholds[side], []).append(side)
    lines = [
        Line(f"Threshold{'' if len(heights) == 1 else f' ({sides[0]})'}", DASHED, [(row["date"], h) for row in rows])
        for h, sides in heights.items()
    ]
    marks = [(row["date"], row[f"evidence_{side}"] or None, str(side)) for side in options.sides for row in rows]
    yield Panel(marks, lines, title="Evidence", is_joined=False)


def _share(row: _Row) -> float | None:
    # What has not all arrived is no share.
    return row["numerator"] / row["denominator"] if row["denominator"] and not row["paused"] else None


def _open_kind(row: _Row) -> str:
    return CONCERN if row["is_open_concern"] else IMPROVEMENT if row["is_open_improvement"] else USUAL


def _of_episodes(rows: list[_Row], episodes: list[_Row]) -> list[tuple[date, str]]:
    notes = []
    for episode in episodes:
        notes.append((episode["opened_date"], f"{episode['side']} opens"))
        if episode["closed_date"]:
            notes.append((episode["closed_date"], f"{episode['side']} closes"))
    return notes + [(row["date"], "new baseline") for row in rows if row["rebase"]]


def stretches(
    points: Iterable[tuple[date, float | None]], over_gaps: bool = False
) -> Iterator[tuple[date, float, int]]:
    """Return the points that have a value, each with the number of its stretch.

    It ends where a value is missing and, unless `over_gaps`, where dates are.
    """
    known = list(points)
    days = sorted({day for day, _ in known})
    usual = math.inf if over_gaps else median([(b - a).days for a, b in itertools.pairwise(days)] or [1])
    stretch, before = 0, known[0][0] if known else date.min
    for day, value in known:
        if value is None or (day - before).days > 1.5 * usual:
            stretch += 1
        before = day
        if value is not None:
            yield day, value, stretch
