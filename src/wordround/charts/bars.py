"""Bar charts: how people scored, which themes they spoke of, and for which days each source answered."""

import altair as alt
from markupsafe import Markup

from wordround.charts.drawing import CONCERN, IMPROVEMENT, LINE, PALE, WIDE, Datum, Drawing, markup, svg
from wordround.published.coverage import CUT, MISSING, WHOLE, Asked
from wordround.published.figures import Part
from wordround.published.themes import Theme

_LABELS, _BARS = 225, 220
_ROOMY = alt.Scale(paddingInner=0.3)
_LONGEST_QUERY = 28


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


def _part_colour(label: str) -> str:
    return CONCERN if label == "Negative words" else IMPROVEMENT if label in ("Very good", "Good") else LINE


def _bar(label: str, value: float | None, share: str | None, colour: str) -> Datum:
    return {"label": label, "value": value or 0.0, "text": share or "hidden", "colour": colour}


def _bars(marks: list[Datum]) -> Drawing:
    drawing = Drawing()
    labels = alt.Axis(domain=False, ticks=False, labelPadding=8, minExtent=_LABELS)
    base = drawing.on(marks).encode(
        y=alt.Y("label:N", sort=[mark["label"] for mark in marks], title=None, axis=labels),
        x=alt.X("value:Q", scale=alt.Scale(domain=[0, 1]), axis=None),
    )
    bars = base.mark_bar(height=20).encode(color=alt.Color("colour:N", scale=None))
    words = base.mark_text(align="left", dx=6).encode(text="text:N")
    drawing.chart = alt.layer(bars, words).properties(width=_BARS, height=30 * len(marks))
    return drawing


def _theme_chart(themes: list[Theme]) -> Drawing:
    rows: list[Datum] = []
    for theme in themes:
        rows.append(_bar(theme.label, theme.positive_value, theme.positive_share, IMPROVEMENT) | {"measure": "all"})
        rows.append(_bar(theme.label, theme.negative_value, theme.negative_share, CONCERN) | {"measure": "negative"})
    top = max(share or 0.0 for theme in themes for share in (theme.positive_value, theme.negative_value)) or 1.0
    drawing = Drawing()
    labels = alt.Axis(domain=False, ticks=False, labelPadding=8, minExtent=_LABELS)
    base = drawing.on(rows).encode(
        y=alt.Y("label:N", sort=[t.label for t in themes], title=None, axis=labels, scale=_ROOMY),
        yOffset=alt.YOffset("measure:N", sort=["all", "negative"]),
        x=alt.X("value:Q", scale=alt.Scale(domain=[0, top]), axis=None),
    )
    bars = base.mark_bar().encode(color=alt.Color("colour:N", scale=None))
    words = base.mark_text(align="left", dx=6).encode(text="text:N")
    drawing.chart = alt.layer(bars, words).properties(width=_BARS, height=52 * len(themes))
    return drawing
