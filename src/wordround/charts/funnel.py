"""Funnel plots: what is compared by its number of comments, within limits that narrow; what lies outside is named.

What goes in is already fit to be shown. Drawn for a page twice, wide and narrow, and for a picture in any width.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
from markupsafe import Markup

from wordround.charts.drawing import INK, LINE, NARROW, USUAL, WIDE, Datum, Drawing, markup, svg

OUTSIDE = "#7c2855"
# The limits from the inner ones outwards: one in twenty is beyond the first by chance.
_DASHES: tuple[list[int], ...] = ([6, 4], [1, 0])


@dataclass(frozen=True)
class Point:
    """One of those that are compared: its comments, its share, and its name where it lies outside."""

    comments: float
    share: float
    is_outside: bool
    label: str


@dataclass(frozen=True)
class Limit:
    """One line of the funnel, from left to right: comments and share. `level`: 0 for the inner one, 1 for the outer."""

    level: int
    points: Sequence[tuple[float, float]]


def funnel_plot(
    points: Sequence[Point], limits: Sequence[Limit], centre: float, chart_id: str, title: str, description: str
) -> Markup:
    """A funnel plot as two SVGs, one for wide and one for narrow screens."""
    drawn = []
    for name, width in (("wide", WIDE), ("narrow", NARROW)):
        drawing = Drawing()
        drawing.chart = funnel(drawing, points, limits, centre, width - 60, 340 if width == WIDE else 280)
        drawn.append(svg(drawing, f"{chart_id}-{name}", name, title, description))
    return markup(*drawn)


def funnel(
    drawing: Drawing, points: Sequence[Point], limits: Sequence[Limit], centre: float, width: int, height: int
) -> alt.LayerChart:
    """The layers of a funnel plot, in pixels."""
    x = alt.X(
        "n:Q",
        scale=alt.Scale(zero=False, padding=16),
        axis=alt.Axis(
            title="Comments",
            titleFontSize=15,
            titleFontWeight="normal",
            titleColor=INK,
            grid=False,
            tickCount=max(3, width // 90),
        ),
    )
    y = alt.Y("value:Q", axis=alt.Axis(format="%", title=None, domain=False), scale=alt.Scale(zero=False))
    layers = [drawing.on([{"value": centre}]).mark_rule(color=INK).encode(y=y)]
    for limit in limits:
        line: list[Datum] = [{"n": comments, "value": share} for comments, share in limit.points]
        mark = drawing.on(line).mark_line(color=LINE, strokeWidth=1.5, strokeDash=_DASHES[limit.level])
        layers.append(mark.encode(x=x, y=y))
    marks: list[Datum] = [
        {
            "n": point.comments,
            "value": point.share,
            "label": point.label if point.is_outside else "",
            "kind": "outside" if point.is_outside else "within",
        }
        for point in points
    ]
    kinds = ["within", "outside"]
    placed = drawing.on(marks).encode(x=x, y=y)
    layers.append(
        placed.mark_point(filled=True, opacity=1, size=80).encode(
            color=alt.Color("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=[USUAL, OUTSIDE])),
            shape=alt.Shape("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=["circle", "square"])),
        )
    )
    # To the left of a point in the right half: a name has to end within the picture.
    places = [point.comments for point in points]
    middle = (min(places, default=0) + max(places, default=0)) / 2
    for is_right, align, dx in ((False, "left", 9), (True, "right", -9)):
        side: list[Datum] = [mark for mark in marks if mark["label"] and (float(mark["n"]) > middle) == is_right]
        if side:
            text = drawing.on(side).mark_text(align=align, dx=dx, dy=-7, limit=width // 2)
            layers.append(text.encode(x=x, y=y, text="label:N"))
    return alt.layer(*layers).properties(width=width, height=height)
