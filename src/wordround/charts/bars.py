"""Bar charts: how people scored, which themes they spoke of, and for which days each source answered.

Drawn twice, as control charts are: with the words beside the bars, and above them where there is no room for both.
"""

from collections.abc import Callable
from dataclasses import dataclass

import altair as alt
from markupsafe import Markup

from wordround.charts.drawing import CONCERN, IMPROVEMENT, LINE, NARROW, PALE, WIDE, Datum, Drawing, markup, svg
from wordround.published.coverage import CUT, MISSING, WHOLE, Asked
from wordround.published.figures import Part
from wordround.published.themes import Theme

_LABELS, _BARS = 225, 220
_ROOMY = alt.Scale(paddingInner=0.3)
_LONGEST_QUERY = 28
_NARROW_BARS = NARROW - 80
_LINE_HEIGHT = 26


@dataclass(frozen=True)
class _Line:
    """One line of a narrow chart: words alone, or a bar with its share."""

    words: str
    bar: Datum | None = None


def share_bars(parts: list[Part], chart_id: str, title: str, description: str) -> Markup:
    """One horizontal bar a part, each with its label and share in words."""
    marks = [_bar(part.label, part.value, part.share, _part_colour(part.label)) for part in parts]
    marks = [mark | {"text": ""} if not part.label.strip() else mark for part, mark in zip(parts, marks, strict=True)]
    lines = [line for mark in marks for line in _lines(str(mark["label"]), [mark])]
    return _both(lambda: _bars(marks), lambda: _narrow(lines, 1.0), chart_id, title, description)


def theme_bars(themes: list[Theme], chart_id: str, title: str, description: str) -> Markup:
    """Two bars a theme: of all comments, those that praise it and those that criticise it."""
    top = max(share or 0.0 for theme in themes for share in (theme.positive_value, theme.negative_value)) or 1.0
    lines = [line for theme in themes for line in _lines(theme.label, _pair(theme))]
    return _both(lambda: _theme_chart(themes, top), lambda: _narrow(lines, top), chart_id, title, description)


def coverage_strips(asked: list[Asked], chart_id: str, title: str, description: str) -> Markup:
    """A strip a query, one mark a day: answered whole, in part, or not."""
    return _both(lambda: _strips(asked), lambda: _narrow_strips(asked), chart_id, title, description)


def _both(
    wide: Callable[[], Drawing], narrow: Callable[[], Drawing], chart_id: str, title: str, description: str
) -> Markup:
    return markup(
        svg(wide(), f"{chart_id}-wide", "bars chart--wide", title, description),
        svg(narrow(), f"{chart_id}-narrow", "bars chart--narrow", title, description),
    )


def _strips(asked: list[Asked]) -> Drawing:
    drawing = Drawing()
    rows: list[Datum] = [
        {"query": _query(each), "day": day.isoformat(), "mark": mark} for each in asked for day, mark in each.days
    ]
    order = list(dict.fromkeys(row["query"] for row in rows))
    y = alt.Y("query:N", title=None, sort=order, axis=alt.Axis(labelLimit=300))
    drawing.chart = _days(drawing.on(rows), y, 15).properties(width=WIDE - 300, height=alt.Step(26))
    return drawing


def _narrow_strips(asked: list[Asked]) -> Drawing:
    drawing = Drawing()
    lines = range(2 * len(asked))
    rows: list[Datum] = [
        {"line": 2 * number + 1, "day": day.isoformat(), "mark": mark}
        for number, each in enumerate(asked)
        for day, mark in each.days
    ]
    words: list[Datum] = [{"line": 2 * number, "words": _query(each)} for number, each in enumerate(asked)]
    y = alt.Y("line:O", scale=alt.Scale(domain=list(lines)), axis=None)
    headings = drawing.on(words).mark_text(align="left").encode(y=y, x=alt.value(0), text="words:N")
    strips = _days(drawing.on(rows), y, 13)
    drawing.chart = alt.layer(strips, headings).properties(width=NARROW - 10, height=_LINE_HEIGHT * len(lines))
    return drawing


def _days(chart: alt.Chart, y: alt.Y, legend_size: int) -> alt.Chart:
    """A mark a day, along y."""
    return chart.mark_rect(stroke="white", strokeWidth=0.25).encode(
        x=alt.X(
            "yearmonthdate(day):O",
            title=None,
            axis=alt.Axis(format="%-d %b", labelOverlap=True, ticks=False),
            scale=alt.Scale(paddingOuter=0.5),  # a mark in the corner would be taken for the background
        ),
        y=y,
        color=alt.Color(
            "mark:N",
            scale=alt.Scale(domain=[WHOLE, CUT, MISSING], range=[IMPROVEMENT, PALE, CONCERN]),
            legend=alt.Legend(title=None, orient="top", labelFontSize=legend_size, labelLimit=300, columnPadding=6),
        ),
    )


def _query(asked: Asked) -> str:
    words = asked.query
    shortened = words if len(words) <= _LONGEST_QUERY else words[: _LONGEST_QUERY - 1] + "…"
    return f"{asked.source}: {shortened}"


def _part_colour(label: str) -> str:
    return CONCERN if label == "Negative words" else IMPROVEMENT if label in ("Very good", "Good") else LINE


def _bar(label: str, value: float | None, share: str | None, colour: str) -> Datum:
    return {"label": label, "value": value or 0.0, "text": share or "hidden", "colour": colour}


def _pair(theme: Theme) -> list[Datum]:
    return [
        _bar(theme.label, theme.positive_value, theme.positive_share, IMPROVEMENT) | {"measure": "all"},
        _bar(theme.label, theme.negative_value, theme.negative_share, CONCERN) | {"measure": "negative"},
    ]


def _lines(label: str, bars: list[Datum]) -> list[_Line]:
    """The lines of one label; a label of nothing is a gap."""
    return [_Line(label), *(_Line("", bar) for bar in bars)] if label.strip() else [_Line("")]


def _narrow(lines: list[_Line], top: float) -> Drawing:
    """Words above their bars, along one axis that ends at `top`."""
    drawing = Drawing()
    order = list(range(len(lines)))
    y = alt.Y("line:O", scale=alt.Scale(domain=order), axis=None)
    words: list[Datum] = [{"line": number, "words": line.words} for number, line in enumerate(lines) if line.words]
    bars: list[Datum] = [{"line": number, **line.bar} for number, line in enumerate(lines) if line.bar]
    # Left of where its bars begin: words that are centred in their line would stand nearer to the bar before.
    headings = drawing.on(words).mark_text(align="left", dy=4).encode(y=y, x=alt.value(0), text="words:N")
    base = drawing.on(bars).encode(y=y, x=alt.X("value:Q", scale=alt.Scale(domain=[0, top]), axis=None))
    drawn = base.mark_bar(height=18).encode(color=alt.Color("colour:N", scale=None))
    shares = base.mark_text(align="left", dx=6).encode(text="text:N")
    height = _LINE_HEIGHT * len(lines)
    drawing.chart = alt.layer(headings, drawn, shares).properties(width=_NARROW_BARS, height=height)
    return drawing


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


def _theme_chart(themes: list[Theme], top: float) -> Drawing:
    rows = [bar for theme in themes for bar in _pair(theme)]
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
