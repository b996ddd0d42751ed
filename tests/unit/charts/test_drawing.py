"""Charts are light: what nobody sees is not in them, and nothing that is seen goes."""

import re
from datetime import date, timedelta

import altair as alt

from wordround.charts import bars
from wordround.charts.drawing import Drawing, svg
from wordround.published.coverage import CUT, MISSING, WHOLE, Asked

BOX = re.compile(r"M([\d.]+),([\d.]+)h[\d.]+v[\d.]+h-[\d.]+Z")


def test_a_day_of_each_query_has_a_box_and_days_of_one_mark_in_a_row_are_one_path() -> None:
    marks = [WHOLE] * 30 + [CUT] * 3 + [WHOLE] * 20 + [MISSING] * 7
    days = [(date(2026, 9, 1) + timedelta(days=number), mark) for number, mark in enumerate(marks)]
    asked = [Asked("Chirp", "#FernvaleNHS", days, 53, ""), Asked("Plume", "#KestrelWard", days, 53, "")]
    drawn = str(bars.coverage_strips(asked, "c", "t", "d"))
    for chart in re.findall(r"<svg.*?</svg>", drawn):
        paths = [path for path in re.findall(r'<path d="([^"]*)"', chart) if BOX.search(path)]
        boxes = [box for path in paths for box in BOX.findall(path)]
        assert len(set(boxes)) == len(boxes) == 2 * len(days)
        assert sorted(len(BOX.findall(path)) for path in paths) == [3, 3, 7, 20, 27, 30, 30] or len(paths) <= 8
        assert 'opacity="0"' not in chart and 'display="none"' not in chart


def test_a_level_line_has_two_ends_and_another_keeps_its_points() -> None:
    drawing = Drawing()
    rows = [{"week": number, "level": 0.4, "share": share} for number, share in enumerate((0.1, 0.5, 0.3, 0.3, 0.3))]
    on = drawing.on(rows)  # type: ignore[arg-type]
    drawing.chart = alt.layer(
        on.mark_line(color="red").encode(x="week:Q", y="level:Q"),
        on.mark_line(color="blue").encode(x="week:Q", y="share:Q"),
    )
    drawn = svg(drawing, "c", "wide", "t", "d")
    points = {colour: path.count("L") for path, colour in re.findall(r'<path d="([^"]*)" stroke="(red|blue)"', drawn)}
    assert points == {"red": 1, "blue": 4}
