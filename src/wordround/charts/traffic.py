"""The traffic of a conversation: a bar an interval, those that stand out in another colour."""

from dataclasses import dataclass

import altair as alt
from markupsafe import Markup

from wordround.charts.drawing import CONCERN, IMPROVEMENT, LINE, NARROW, PALE, WIDE, Datum, Drawing, markup, svg

_HEIGHT = 180
_COLOURS = {"peak": IMPROVEMENT, "dip": CONCERN, None: LINE}
# How high a bar is of which no more may be said than that it is small.
_HIDDEN_HEIGHT = 2
_MOST_LABELS = {WIDE: 7, NARROW: 3}


@dataclass(frozen=True)
class Bar:
    """One interval: its beginning in words, and its count, None where that is hidden."""

    label: str
    count: int | None
    traffic_code: str | None


def bars(intervals: list[Bar], chart_id: str, title: str, description: str) -> Markup:
    """One bar an interval, in the order of time."""
    return markup(
        svg(_drawn(intervals, WIDE), f"{chart_id}-wide", "bars chart--wide", title, description),
        svg(_drawn(intervals, NARROW), f"{chart_id}-narrow", "bars chart--narrow", title, description),
    )


def _drawn(intervals: list[Bar], width: int) -> Drawing:
    drawing = Drawing()
    rows: list[Datum] = [
        {
            "place": place,
            "count": _HIDDEN_HEIGHT if each.count is None else each.count,
            "colour": PALE if each.count is None else _COLOURS[each.traffic_code],
        }
        for place, each in enumerate(intervals)
    ]
    every = -(-len(intervals) // _MOST_LABELS[width])
    words = {place: each.label for place, each in enumerate(intervals) if place % every == 0}
    named = " : ".join(f"datum.value == {place} ? '{label}'" for place, label in words.items())
    axis = alt.Axis(labelExpr=f"{named} : ''", values=list(words), labelAngle=0, ticks=True, grid=False)
    drawing.chart = (
        drawing.on(rows)
        .mark_bar()
        .encode(
            x=alt.X("place:O", title=None, axis=axis, scale=alt.Scale(paddingInner=0.1)),
            y=alt.Y("count:Q", title=None, axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color("colour:N", scale=None),
        )
        .properties(width=width - 60, height=_HEIGHT)
    )
    return drawing
