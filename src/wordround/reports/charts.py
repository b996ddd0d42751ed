"""Charts as inline SVG, made by Vega-Altair and vl-convert without a network or a browser.

A control chart is drawn twice, wide and narrow, so that its words stay readable on a telephone. What goes in is already
fit to be shown; Vega's own aria labels are switched off because they spell out every data value, and a title and a
description in words stand in their place. The same figures give the same bytes.
"""

import re
from datetime import date, timedelta
from html import escape

import altair as alt
import vl_convert
from markupsafe import Markup

from wordround.published.disclosure import percent
from wordround.published.figures import Part, Point
from wordround.published.themes import Theme
from wordround.reports.coverage import CUT, MISSING, WHOLE, Asked

CONCERN, IMPROVEMENT, USUAL = "#ed8b00", "#005eb8", "#768692"
INK, PALE, LINE = "#212b32", "#d8dde0", "#4c6272"
WIDE, NARROW = 760, 340

_LONGEST_QUERY = 28

_SHAPES = {
    "concern": ("triangle-up", CONCERN),
    "improvement": ("diamond", IMPROVEMENT),
    "common_cause": ("circle", USUAL),
}


# One mark of a chart: its fields as Vega-Lite knows them.
Datum = dict[str, str | float]


class Drawing:
    """An Altair chart and its data, kept apart until the end: Altair copies inline data at every step."""

    def __init__(self) -> None:
        self.chart: alt.Chart | alt.LayerChart = alt.Chart()
        self.data: dict[str, list[Datum]] = {}

    def on(self, rows: list[Datum]) -> alt.Chart:
        """An empty chart on these rows."""
        name = f"rows{len(self.data)}"
        self.data[name] = rows
        return alt.Chart(alt.NamedData(name=name))

    def specification(self) -> dict[str, object]:
        """Vega-Lite's description of the chart; not checked against its schema, which costs more than drawing it."""
        return {**self.chart.to_dict(validate=False), "config": _LOOK, "datasets": self.data}


def control_chart(points: list[Point], chart_id: str, title: str, description: str) -> Markup:
    """Weekly shares with mean and limits: two SVGs, one for wide and one for narrow screens."""
    return _markup(
        *(
            svg(_control(points, width), f"{chart_id}-{name}", name, title, description)
            for name, width in (("wide", WIDE), ("narrow", NARROW))
        )
    )


def share_bars(parts: list[Part], chart_id: str, title: str, description: str) -> Markup:
    """One horizontal bar a part, each with its label and share in words."""
    marks = [_bar(part.label, part.value, part.share, _part_colour(part.label)) for part in parts]
    marks = [mark | {"text": ""} if not part.label.strip() else mark for part, mark in zip(parts, marks, strict=True)]
    return _markup(svg(_bars(marks), chart_id, "bars", title, description))


def theme_bars(themes: list[Theme], chart_id: str, title: str, description: str) -> Markup:
    """Two bars a theme: of all comments, those that praise it and those that criticise it."""
    return _markup(svg(_theme_chart(themes), chart_id, "bars", title, description))


def coverage_strips(asked: list[Asked], chart_id: str, title: str, description: str) -> Markup:
    """A strip a query, one mark a day: answered whole, in part, or not."""
    return _markup(svg(_strips(asked), chart_id, "bars", title, description))


def _strips(asked: list[Asked]) -> Drawing:
    drawing = Drawing()
    rows: list[Datum] = [
        {"query": f"{each.source}: {_shortened(each.query)}", "day": day.isoformat(), "mark": mark}
        for each in asked
        for day, mark in each.days
    ]
    order = list(dict.fromkeys(row["query"] for row in rows))
    drawing.chart = (
        drawing.on(rows)
        .mark_rect(stroke="white", strokeWidth=0.5)
        .encode(
            x=alt.X(
                "yearmonthdate(day):O",
                title=None,
                axis=alt.Axis(format="%-d %b", labelOverlap=True, ticks=False),
                scale=alt.Scale(paddingOuter=0.5),  # a mark in the corner would be taken for the background
            ),
            y=alt.Y("query:N", title=None, sort=order, axis=alt.Axis(labelLimit=300)),
            color=alt.Color(
                "mark:N",
                scale=alt.Scale(domain=[WHOLE, CUT, MISSING], range=[IMPROVEMENT, PALE, CONCERN]),
                legend=alt.Legend(title=None, orient="top", labelFontSize=15, labelLimit=300),
            ),
        )
        .properties(width=WIDE - 300, height=alt.Step(26))
    )
    return drawing


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_QUERY else words[: _LONGEST_QUERY - 1] + "…"


def _markup(*drawings: str) -> Markup:
    return Markup("".join(drawings))  # noqa: S704  Vega escapes the words in a drawing, `svg` those around it


def svg(chart: Drawing, svg_id: str, name: str, title: str, description: str) -> str:
    """The chart as an SVG element with a title and a description, ids of its own and no address in it."""
    drawn = vl_convert.vegalite_to_svg(chart.specification())
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawn)
    body = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", drawn)
    body = re.sub(r' (?:aria-[a-z]+|role|class|pointer-events)="[^"]*"', "", body)
    body = re.sub(r'(id="|url\(#|href="#)', rf"\1{svg_id}-", body)
    body = re.sub(r'^<rect [^>]*fill="transparent"[^>]*/>', "", _shorter(body))
    width, height = size.groups() if size else ("100", "100")
    return (
        f'<svg class="chart chart--{name}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{svg_id}-title {svg_id}-desc"><title id="{svg_id}-title">{escape(title)}</title>'
        f'<desc id="{svg_id}-desc">{escape(description)}</desc>{body}</svg>'
    )


def _shorter(body: str) -> str:
    """Without empty groups and needless digits: they are half of the file."""
    body = re.sub(r'<path d="M0(?:\.5)?,0(?:\.5)?h[\d.]+v[\d.]+h-?[\d.]+Z"(?: [a-z-]+="[^"]*")*/>', "", body)
    body = re.sub(r'<path d=""/>|<path/>', "", body)
    while True:
        shorter = re.sub(r"<g(?: [a-z-]+=\"[^\"]*\")*></g>|<g/>", "", body)
        if shorter == body:
            return re.sub(r"(\d+\.\d{2})\d+", r"\1", body)
        body = shorter


_LOOK: dict[str, object] = {
    "font": "Arial, sans-serif",
    "aria": False,
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 15, "labelColor": INK,
        "gridColor": "#e8edee", "domainColor": LINE, "tickColor": LINE, "labelLimit": 400,
    },
    "text": {"fontSize": 15, "color": INK},
}  # fmt: skip


def _control(points: list[Point], width: int) -> Drawing:
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


def milliseconds(day: date) -> int:
    """Milliseconds since 1970 (UTC), so that no time zone of a machine moves a week."""
    return (day - date(1970, 1, 1)).days * 86_400_000


def _limit_lines(drawing: Drawing, points: list[Point]) -> list[alt.Chart]:
    """Mean and limits, one line for each stretch of weeks that shares them."""
    rows: list[Datum] = []
    group, before = 0, None
    for point in points:
        lines = (point.mean, point.lower, point.upper)
        group, before = (group + (lines != before)), lines
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


def _part_colour(label: str) -> str:
    return CONCERN if label == "Negative words" else IMPROVEMENT if label in ("Very good", "Good") else LINE


def _bar(label: str, value: float | None, share: str | None, colour: str) -> Datum:
    return {"label": label, "value": value or 0.0, "text": share or "hidden", "colour": colour}


def _bars(marks: list[Datum]) -> Drawing:
    drawing = Drawing()
    labels = alt.Axis(domain=False, ticks=False, labelPadding=8, minExtent=LABELS)
    base = drawing.on(marks).encode(
        y=alt.Y("label:N", sort=[mark["label"] for mark in marks], title=None, axis=labels),
        x=alt.X("value:Q", scale=alt.Scale(domain=[0, 1]), axis=None),
    )
    bars = base.mark_bar(height=20).encode(color=alt.Color("colour:N", scale=None))
    words = base.mark_text(align="left", dx=6).encode(text="text:N")
    drawing.chart = alt.layer(bars, words).properties(width=BARS, height=30 * len(marks))
    return drawing


def _theme_chart(themes: list[Theme]) -> Drawing:
    rows: list[Datum] = []
    for theme in themes:
        rows.append(_bar(theme.label, theme.positive_value, theme.positive_share, IMPROVEMENT) | {"measure": "all"})
        rows.append(_bar(theme.label, theme.negative_value, theme.negative_share, CONCERN) | {"measure": "negative"})
    top = max(share or 0.0 for theme in themes for share in (theme.positive_value, theme.negative_value)) or 1.0
    drawing = Drawing()
    labels = alt.Axis(domain=False, ticks=False, labelPadding=8, minExtent=LABELS)
    base = drawing.on(rows).encode(
        y=alt.Y("label:N", sort=[t.label for t in themes], title=None, axis=labels, scale=_ROOMY),
        yOffset=alt.YOffset("measure:N", sort=["all", "negative"]),
        x=alt.X("value:Q", scale=alt.Scale(domain=[0, top]), axis=None),
    )
    bars = base.mark_bar().encode(color=alt.Color("colour:N", scale=None))
    words = base.mark_text(align="left", dx=6).encode(text="text:N")
    drawing.chart = alt.layer(bars, words).properties(width=BARS, height=52 * len(themes))
    return drawing


LABELS, BARS = 225, 220
_ROOMY = alt.Scale(paddingInner=0.3)
