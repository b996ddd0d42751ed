"""Charts as inline SVG, made by Vega-Altair and vl-convert without a network or a browser.

What goes in is already fit to be shown. Vega's own aria labels are switched off because they spell out every value, and
a title and a description in words stand in their place. The same figures give the same bytes.
"""

import re
from datetime import date
from html import escape

import altair as alt
import vl_convert
from markupsafe import Markup

from wordround.published.figures import Part
from wordround.published.themes import Theme
from wordround.reports.coverage import CUT, MISSING, WHOLE, Asked

CONCERN, IMPROVEMENT, USUAL = "#ed8b00", "#005eb8", "#768692"
INK, PALE, LINE = "#212b32", "#d8dde0", "#4c6272"
WIDE, NARROW = 760, 340

_LONGEST_QUERY = 28

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


def share_bars(parts: list[Part], chart_id: str, title: str, description: str) -> Markup:
    """One horizontal bar a part, each with its label and share in words."""
    marks = [_bar(part.label, part.value, part.share, _part_colour(part.label)) for part in parts]
    marks = [mark | {"text": ""} if not part.label.strip() else mark for part, mark in zip(parts, marks, strict=True)]
    return markup(svg(_bars(marks), chart_id, "bars", title, description))


def theme_bars(themes: list[Theme], chart_id: str, title: str, description: str) -> Markup:
    """Two bars a theme: of all comments, those that praise it and those that criticise it."""
    return markup(svg(_theme_chart(themes), chart_id, "bars", title, description))


def coverage_strips(asked: list[Asked], chart_id: str, title: str, description: str) -> Markup:
    """A strip a query, one mark a day: answered whole, in part, or not."""
    return markup(svg(_strips(asked), chart_id, "bars", title, description))


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


def markup(*drawings: str) -> Markup:
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


def milliseconds(day: date) -> int:
    """Milliseconds since 1970 (UTC), so that no time zone of a machine moves a week."""
    return (day - date(1970, 1, 1)).days * 86_400_000


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
