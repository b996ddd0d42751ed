"""Control charts: weeks with their mean and limits, and what happened when, as lines with letters.

Drawn twice, wide and narrow, so that the words stay readable on a telephone. A hidden week, and one without comments,
is a gap. What goes in is already fit to be shown.
"""

from datetime import date, timedelta

import altair as alt
from markupsafe import Markup

from wordround.charts.drawing import (
    CONCERN,
    IMPROVEMENT,
    INK,
    LINE,
    NARROW,
    USUAL,
    WIDE,
    Datum,
    Drawing,
    markup,
    milliseconds,
    svg,
)
from wordround.charts.notes import Note
from wordround.published.disclosure import percent
from wordround.published.figures import Point

_SHAPES = {
    "concern": ("triangle-up", CONCERN),
    "improvement": ("diamond", IMPROVEMENT),
    "common_cause": ("circle", USUAL),
}


def control_chart(points: list[Point], notes: list[Note], chart_id: str, title: str, description: str) -> Markup:
    """Weekly shares with mean and limits: two SVGs, one for wide and one for narrow screens."""
    return markup(
        *(
            svg(_control(points, notes, width), f"{chart_id}-{name}", name, title, description)
            for name, width in (("wide", WIDE), ("narrow", NARROW))
        )
    )


def _control(points: list[Point], notes: list[Note], width: int) -> Drawing:
    narrow = width == NARROW
    top = _top(points)
    inner = width - (56 if narrow else 190)
    x = _weeks(points, 3 if narrow else 8)
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, top], nice=False, clamp=True),
        axis=alt.Axis(format="%", title=None, tickCount=5, domain=False, ticks=False),
    )
    drawing = Drawing()
    layers = [*_limit_lines(drawing, points), _joined(drawing, points), *_marks(drawing, points)]
    layers = [layer.encode(x=x, y=y) for layer in layers] + [_hidden_ticks(drawing, points, x)]
    layers += _note_lines(drawing, notes, x)
    if not narrow:
        layers.append(_line_labels(drawing, points, top).encode(x=alt.value(inner), y=y))
    drawing.chart = alt.layer(*layers).properties(width=inner, height=220 if narrow else 270)
    return drawing


def _top(points: list[Point]) -> float:
    values = [v for p in points for v in (p.value, p.upper) if v is not None]
    return min(1.0, max(0.2, int(max(values) * 10 + 1.5) / 10))


def _weeks(points: list[Point], most_labels: int) -> alt.X:
    """The axis of weeks, labelled at the start of a month, as many as there is room for."""
    first, last = points[0].week - timedelta(days=5), points[-1].week + timedelta(days=5)
    months = [date(n // 12, n % 12 + 1, 1) for n in range(first.year * 12 + first.month, last.year * 12 + last.month)]
    labelled = months[:: -(-len(months) // most_labels) or 1]
    return alt.X(
        "week:T",
        scale=alt.Scale(type="utc", domain=[milliseconds(first), milliseconds(last)]),
        axis=alt.Axis(
            format="%b %Y", title=None, values=[milliseconds(m) for m in labelled], grid=False, labelPadding=6
        ),
    )


def _limit_lines(drawing: Drawing, points: list[Point]) -> list[alt.Chart]:
    """Mean and limits, one line for each stretch of weeks that shares them; a mean without limits moves on one line."""
    rows: list[Datum] = []
    group, before = 0, None
    for point in points:
        lines = (point.mean, point.lower, point.upper)
        group += lines != before and (point.lower, point.upper) != (None, None)
        before = lines
        for name, value in zip(("mean", "limit lower", "limit upper"), lines, strict=True):
            if value is not None and not (name == "limit lower" and value <= 0):
                rows.append(
                    {"week": milliseconds(point.week), "value": value, "line": f"{name} {group}", "kind": name[:4]}
                )
    chart = drawing.on(rows).encode(detail="line:N")
    solid = chart.mark_line(color=INK, strokeWidth=1.5).transform_filter("datum.kind == 'mean'")
    dashed = chart.mark_line(color=LINE, strokeWidth=1.5, strokeDash=[6, 4]).transform_filter("datum.kind == 'limi'")
    return [solid, dashed]


def _joined(drawing: Drawing, points: list[Point]) -> alt.Chart:
    """The line through the weeks, broken where a week is hidden or has no comments."""
    rows: list[Datum] = []
    stretch = 0
    for point in points:
        if point.value is None:
            stretch += 1
        else:
            rows.append({"week": milliseconds(point.week), "value": point.value, "stretch": stretch})
    return drawing.on(rows).mark_line(color="#aeb7bd", strokeWidth=1.5).encode(detail="stretch:N")


def _marks(drawing: Drawing, points: list[Point]) -> list[alt.Chart]:
    layers = []
    for kind, (shape, colour) in _SHAPES.items():
        rows: list[Datum] = [
            {"week": milliseconds(p.week), "value": p.value} for p in points if p.value is not None and p.kind == kind
        ]
        size = 45 if kind == "common_cause" else 110
        look = {"shape": shape, "fill": colour, "size": size, "stroke": "white", "strokeWidth": 0.75}
        layers.append(drawing.on(rows).mark_point(filled=True, opacity=1, **look))
    return layers


def _hidden_ticks(drawing: Drawing, points: list[Point], x: alt.X) -> alt.Chart:
    rows: list[Datum] = [{"week": milliseconds(point.week)} for point in points if point.is_hidden]
    mark = drawing.on(rows).mark_rule(color=USUAL, strokeWidth=2)
    return mark.encode(x=x, y=alt.value("height"), y2=alt.YValue({"expr": "height - 9"}))


def _line_labels(drawing: Drawing, points: list[Point], top: float) -> alt.Chart:
    """What the lines are, at their right end, kept apart where the lines are close."""
    last = points[-1]
    named = [("Lower limit", last.lower), ("Mean", last.mean), ("Upper limit", last.upper)]
    rows: list[Datum] = []
    place: float | None = None
    for name, value in named:
        if value is None or (name == "Lower limit" and value <= 0):
            continue
        place = value if place is None else max(value, place + top * 0.07)
        rows.append({"value": place, "text": f"{name} {percent(value)}"})
    return drawing.on(rows).mark_text(align="left", dx=8).encode(text="text:N")


def _note_lines(drawing: Drawing, notes: list[Note], x: alt.X) -> list[alt.Chart]:
    """A dotted line at each note, with its letter at the top."""
    if not notes:
        return []
    rows: list[Datum] = [{"week": milliseconds(note.week), "letter": note.letter} for note in notes]
    base = drawing.on(rows)
    lines = base.mark_rule(color=INK, strokeWidth=1, strokeDash=[2, 3]).encode(x=x)
    letters = base.mark_text(dy=-8, fontWeight="bold").encode(x=x, y=alt.value(0), text="letter:N")
    return [lines, letters]
