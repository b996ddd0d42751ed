"""Charts as inline SVG, made by Vega-Altair and vl-convert without a network or a browser.

What goes in is already fit to be shown. Vega's own aria labels are switched off because they spell out every value, and
a title and a description in words stand in their place. The same figures give the same bytes.
"""

import re
from datetime import date
from html import escape
from itertools import groupby
from operator import itemgetter

import altair as alt
import vl_convert
from markupsafe import Markup

CONCERN, IMPROVEMENT, USUAL = "#ed8b00", "#005eb8", "#768692"
INK, PALE, LINE = "#212b32", "#d8dde0", "#4c6272"
WIDE, NARROW = 760, 340

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


_NUMBER = r"-?[\d.]+"
_BOX = rf'<path d="(M{_NUMBER},{_NUMBER}h{_NUMBER}v{_NUMBER}h{_NUMBER}Z)"([^>]*)/>'
# What nothing is seen of, and what holds where nothing is said.
_UNSEEN = (
    r'<path(?: d="")?(?: display="none")?/>|<(text|line)(?: [a-z0-9-]+="[^"]*")* opacity="0"[^>]*(?:/>|>[^<]*</\1>)'
)
_DEFAULTS = r' (?:opacity="1"|[xy]2="0"|transform="translate\(0,0\)")'


def _shorter(body: str) -> str:
    """The same picture without what nobody sees of it, boxes of one look in one path, and no needless digits."""
    body = re.sub(r'<path d="M0(?:\.5)?,0(?:\.5)?h[\d.]+v[\d.]+h-?[\d.]+Z"(?: [a-z-]+="[^"]*")*/>', "", body)
    body = re.sub(_DEFAULTS, "", re.sub(_UNSEEN, "", body))
    while True:
        shorter = re.sub(r"<g(?: [a-z-]+=\"[^\"]*\")*></g>|<g/>", "", body)
        if shorter == body:
            break
        body = shorter
    body = re.sub(r"(\d+\.\d{2})\d+", r"\1", body)
    body = re.sub(rf'(?<=d="M){_NUMBER},{_NUMBER}(?:L{_NUMBER},{_NUMBER})+(?=")', _straight, body)
    return re.sub(rf"(?:{_BOX}){{2,}}", _together, body)


def _straight(line: re.Match[str]) -> str:
    """The two ends of a line that is level, as a limit is; another line as it is."""
    points = line[0].split("L")
    return f"{points[0]}L{points[-1]}" if len({point.split(",")[1] for point in points}) == 1 else line[0]


def _together(boxes: re.Match[str]) -> str:
    """Boxes that follow each other, those of one look as one path: they lie beside each other."""
    looks = groupby(re.findall(_BOX, boxes[0]), key=itemgetter(1))
    return "".join(f'<path d="{"".join(shape for shape, _ in run)}"{look}/>' for look, run in looks)


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
