"""Pictures of `wordround chart`: a PNG, or a page with inline SVG and the figures as tables.

Charts carry the rule in words, dated notes, and gaps where a value or a date is missing. The page refers to nothing
outside itself. The same figures give the same files.
"""

import textwrap
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert
from markupsafe import Markup

from wordround import getting_help
from wordround.charts import drawing as charts
from wordround.charts.drawing import Datum, Drawing, milliseconds
from wordround.charts.funnel import OUTSIDE, Limit, Point, funnel
from wordround.errors import OptionsInvalid
from wordround.reports.page import environment
from wordround.reports.series_marks import (
    CONCERN,
    DASHED,
    DOTTED,
    IMPROVEMENT,
    SOLID,
    UNUSUAL,
    USUAL,
    Facet,
    Panel,
    facets,
    stretches,
)
from wordround.reports.series_words import rule_in_words
from wordround.spc.charting import Charted
from wordround.spc.funnel import LEVELS
from wordround.spc.options import FunnelOptions
from wordround.spc.series import NO_FACET
from wordround.storage import write_whole

WIDTH, LABELS = 760, 150
# A picture has to fit a screen, a slide or the memory of what draws it; a page has no end.
MOST_IN_A_PICTURE = 24
_SCALE = 2
# Of notes, in pixels: one is cut at this width, and a letter of their size is at most so wide on average.
_NOTE_WIDTH, _LETTER_WIDTH = 220, 8

_LOOKS = {
    USUAL: ("circle", charts.USUAL),
    CONCERN: ("triangle-up", charts.CONCERN),
    IMPROVEMENT: ("diamond", charts.IMPROVEMENT),
    UNUSUAL: ("square", OUTSIDE),
}
_DASHES: dict[str, list[int]] = {SOLID: [1, 0], DASHED: [6, 4], DOTTED: [2, 3]}


def write(charted: Charted, name: str, png: Path | None, html: Path | None) -> None:
    """Draw what was charted into the files that are named. `name`: its title where the options give none.

    Raises OptionsInvalid where there are too many facets for one picture, StorageFailed.
    """
    title = charted.options.title or name
    if png:
        write_whole(png, _picture(charted, title))
    if html:
        write_whole(html, _page(charted, title))


def _picture(charted: Charted, title: str) -> bytes:
    drawing = Drawing()
    if isinstance(charted.options, FunnelOptions):
        parts = [_titled(_funnel(drawing, charted), title, rule_in_words(charted.options, len(charted.rows)))]
    else:
        drawn = list(facets(charted))
        if len(drawn) > MOST_IN_A_PICTURE:
            raise OptionsInvalid(
                f"--png: a picture holds {MOST_IN_A_PICTURE} charts, and these are {len(drawn)}. Use --html, or split "
                "the file."
            )
        parts = [
            _titled(
                _facet(drawing, each, _kinds(drawn)), title if each.name == NO_FACET else f"{title}: {each.name}",
                f"No limits: {each.refusal}." if each.refusal else rule_in_words(charted.options, len(charted.rows)),
            )
            for each in drawn
        ]  # fmt: skip
    drawing.chart = alt.vconcat(*parts, spacing=44, bounds="flush" if len(parts) == 1 else "full")
    specification = drawing.specification() | {"background": "white", "padding": 20}
    return bytes(vl_convert.vegalite_to_png(specification, scale=_SCALE))


def _titled(chart: alt.VConcatChart | alt.LayerChart, title: str, says: str) -> alt.VConcatChart:
    words = alt.TitleParams(
        textwrap.wrap(title, 80), subtitle=textwrap.wrap(says, 118), anchor="start", fontSize=20, subtitleFontSize=15,
        color=charts.INK, subtitleColor=charts.LINE, subtitlePadding=6, offset=12,
    )  # fmt: skip
    return alt.vconcat(chart).properties(title=words)


def _page(charted: Charted, title: str) -> str:
    says = rule_in_words(charted.options, len(charted.rows))
    sections = []
    if isinstance(charted.options, FunnelOptions):
        drawing = Drawing()
        drawing.chart = _funnel(drawing, charted)
        sections.append(_section("", charts.svg(drawing, "chart-1", "whole", title, says), charted.rows, [], None))
    else:
        for number, facet in enumerate(facets(charted), 1):
            drawing = Drawing()
            drawing.chart = _facet(drawing, facet, _kinds([facet]))
            heading = "" if facet.name == NO_FACET else facet.name
            picture = charts.svg(drawing, f"chart-{number}", "whole", heading or title, says)
            rows = [row for row in charted.rows if row["facet"] == facet.name]
            sections.append(_section(heading, picture, rows, facet.notes, facet.refusal))
    template = environment().get_template("series.html.j2")
    return (
        template.render(
            title=title, says=says, sections=sections, episodes=charted.episodes, getting_help=getting_help
        ).strip()
        + "\n"
    )


def _section(
    heading: str, picture: str, rows: list[dict[str, Any]], notes: list[tuple[date, str]], refusal: str | None
) -> dict[str, Any]:
    markup = Markup(picture)  # noqa: S704 - Vega escapes the words in a drawing, `svg` those around it
    return {"heading": heading, "picture": markup, "rows": rows, "notes": notes, "refusal": refusal}


def _facet(drawing: Drawing, facet: Facet, kinds: list[str]) -> alt.VConcatChart:
    days = [day for panel in facet.panels for day, _, _ in panel.marks]
    span = min(days), max(days)
    if span[0] == span[1]:
        # A point alone stands in the middle.
        span = span[0] - timedelta(days=3), span[1] + timedelta(days=3)
    panels = [_panel(drawing, panel, facet, span, kinds) for panel in facet.panels]
    return alt.vconcat(*panels, spacing=16)


def _panel(drawing: Drawing, panel: Panel, facet: Facet, span: tuple[date, date], kinds: list[str]) -> alt.LayerChart:
    first, last = span
    is_first = panel is facet.panels[0]
    x = alt.X(
        "day:T",
        scale=alt.Scale(type="utc", domain=[milliseconds(first), milliseconds(last)], padding=8),
        axis=alt.Axis(
            format="%b %Y" if (last - first).days > 300 else "%-d %b %Y", title=None, grid=False, tickCount=6,
            labelOverlap=True, labelFlush=False,
        ),
    )  # fmt: skip
    low, high = _domain(panel)
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[low, high], nice=False, zero=False),
        axis=alt.Axis(format="%" if panel.is_share else ".4~g", title=panel.title or None, tickCount=5, domain=False),
    )
    layers = [layer.encode(x=x, y=y) for layer in (*_lines(drawing, panel), _marks(drawing, panel, kinds))]
    layers.append(_names(drawing, panel, high - low).encode(x=alt.value(WIDTH - LABELS), y=y))
    notes = [(day, words) for day, words in facet.notes if first <= day <= last]
    if notes:
        layers[:0] = [layer.encode(x=x) for layer in _notes(drawing, notes, span, is_first)]
    return alt.layer(*layers).properties(width=WIDTH - LABELS, height=260 if is_first else 110)


def _domain(panel: Panel) -> tuple[float, float]:
    values = [value for _, value, _ in panel.marks if value is not None]
    values += [value for line in panel.lines for _, value in line.points if value is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
    return (low if low == 0 else low - room), (high if high == 1 and panel.is_share else high + room)


def _lines(drawing: Drawing, panel: Panel) -> list[alt.Chart]:
    layers = []
    for line in panel.lines:
        rows: list[Datum] = [
            {"day": milliseconds(day), "value": value, "stretch": stretch}
            for day, value, stretch in stretches(line.points, over_gaps=True)
        ]
        colour, dash = (charts.INK if line.look == SOLID else charts.LINE), _DASHES[line.look]
        mark = drawing.on(rows).mark_line(color=colour, strokeWidth=1.5, strokeDash=dash)
        layers.append(mark.encode(detail="stretch:N"))
    if panel.is_joined:
        joined: list[Datum] = [
            {"day": milliseconds(day), "value": value, "stretch": stretch}
            for day, value, stretch in stretches((day, value) for day, value, _ in panel.marks)
        ]
        layers.append(drawing.on(joined).mark_line(color="#aeb7bd", strokeWidth=1.5).encode(detail="stretch:N"))
    return layers


def _marks(drawing: Drawing, panel: Panel, kinds: list[str]) -> alt.Chart:
    """The points, each kind with its shape and colour; the legend has the kinds that are there."""
    rows: list[Datum] = [
        {"day": milliseconds(day), "value": value, "kind": kind}
        for day, value, kind in panel.marks
        if value is not None
    ]
    look = alt.Legend(title=None, orient="bottom", labelFontSize=15, symbolSize=110, values=kinds)
    legend = look if kinds else None
    shapes, colours = ([look[part] for look in _LOOKS.values()] for part in (0, 1))
    return (
        drawing.on(rows)
        .mark_point(filled=True, opacity=1, stroke="white", strokeWidth=0.75)
        .encode(
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=list(_LOOKS), range=shapes), legend=legend),
            color=alt.Color("kind:N", scale=alt.Scale(domain=list(_LOOKS), range=colours), legend=legend),
            size=alt.condition(f"datum.kind == '{USUAL}'", alt.value(45), alt.value(110)),
        )
    )


def _kinds(drawn: list[Facet]) -> list[str]:
    """The kinds of points that are there; none where all are of one kind, which needs no legend."""
    there = {kind for facet in drawn for panel in facet.panels for _, value, kind in panel.marks if value is not None}
    return [kind for kind in _LOOKS if kind in there] if there - {USUAL} else []


def _names(drawing: Drawing, panel: Panel, height: float) -> alt.Chart:
    """What the lines are, at their right end, kept apart where lines are close."""
    ends = []
    for line in panel.lines:
        known = [value for _, value in line.points if value is not None]
        if known:
            ends.append((known[-1], line.name))
    rows: list[Datum] = []
    place: float | None = None
    for value, name in sorted(ends):
        place = value if place is None else max(value, place + height * 0.075)
        rows.append({"value": place, "text": f"{name} {f'{value:.0%}' if panel.is_share else f'{value:.4g}'}"})
    return drawing.on(rows).mark_text(align="left", dx=8, clip=False).encode(text="text:N")


def _notes(drawing: Drawing, notes: list[tuple[date, str]], span: tuple[date, date], in_words: bool) -> list[alt.Chart]:
    """A line at each date, and what it is in words, each in the lowest row in which it has room."""
    rows: list[Datum] = [
        {"day": milliseconds(day), "text": words, "height": -18 * (1 + row)}
        for (day, words), row in zip(notes, _note_rows(notes, span), strict=True)
    ]
    rules = drawing.on(rows).mark_rule(color=OUTSIDE, strokeWidth=1, strokeDash=[2, 3])
    if not in_words:
        return [rules]
    text = drawing.on(rows).mark_text(align="left", baseline="top", dx=4, fontSize=13, color=OUTSIDE, limit=_NOTE_WIDTH)
    return [rules, text.encode(text="text:N", y=alt.Y("height:Q", scale=None))]


def _note_rows(notes: list[tuple[date, str]], span: tuple[date, date]) -> list[int]:
    """The row of each note, from 0, so that none is written over another."""
    ends: list[float] = []
    rows = []
    for day, words in notes:
        start = (WIDTH - LABELS) * (day - span[0]) / (span[1] - span[0])
        row = next((number for number, end in enumerate(ends) if end <= start), len(ends))
        end = start + min(len(words) * _LETTER_WIDTH, _NOTE_WIDTH) + _LETTER_WIDTH
        ends[row : row + 1] = [end]
        rows.append(row)
    return rows


def _funnel(drawing: Drawing, charted: Charted) -> alt.LayerChart:
    """Services by their number of comments, within limits that narrow; those outside the wider ones are named."""
    rows = sorted(charted.rows, key=lambda row: row["denominator"])
    widest = list(LEVELS)[-1]
    points = [
        Point(
            row["denominator"], row["share"],
            not row[f"lower_{widest}"] <= row["share"] <= row[f"upper_{widest}"], row["label"],
        )
        for row in rows
    ]  # fmt: skip
    limits = [
        Limit(number, [(row["denominator"], row[f"{side}_{level}"]) for row in rows])
        for number, level in enumerate(LEVELS)
        for side in ("lower", "upper")
    ]
    return funnel(drawing, points, limits, charted.figures["target"], WIDTH - 60, 340)
