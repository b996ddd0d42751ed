"""The traffic of a conversation: a bar an interval, those that stand out in another colour."""

import altair as alt
from markupsafe import Markup

from wordround.charts.drawing import CONCERN, IMPROVEMENT, LINE, NARROW, PALE, WIDE, Datum, Drawing, markup, svg
from wordround.published.conversation_figures import Summary, intervals

_HEIGHT = 180
_COLOURS = {"peak": IMPROVEMENT, "dip": CONCERN, None: LINE}
Interval = tuple[str, int | None, str, str | None]

# How high a bar is of which no more may be said than that it is small.
_HIDDEN_HEIGHT = 2
_FEWEST_SHOWN = 2
_MOST_LABELS = {WIDE: 7, NARROW: 3}


def of_conversation(made: Summary, chart_id: str) -> Markup | None:
    """One bar an interval, in the order of time; None where fewer than two have anything."""
    bars = intervals(made)
    if sum(count != 0 for _, count, _, _ in bars) < _FEWEST_SHOWN:
        return None
    busiest, *_ = max(bars, key=lambda bar: bar[1] or 0)
    title = f"Contributions over time: {made.conversation.conversation_label}"
    description = f"{len(bars)} intervals; the busiest begins at {busiest}."
    return markup(
        svg(_drawn(bars, WIDE), f"{chart_id}-wide", "traffic chart--wide", title, description),
        svg(_drawn(bars, NARROW), f"{chart_id}-narrow", "traffic chart--narrow", title, description),
    )


def _drawn(bars: list[Interval], width: int) -> Drawing:
    drawing = Drawing()
    rows: list[Datum] = [
        {
            "place": place,
            "count": _HIDDEN_HEIGHT if count is None else count,
            "colour": PALE if count is None else _COLOURS[code],
        }
        for place, (_, count, _, code) in enumerate(bars)
    ]
    every = -(-len(bars) // _MOST_LABELS[width])
    words = {place: clock for place, (clock, *_) in enumerate(bars) if place % every == 0}
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
