"""Bar charts at two widths: on a telephone their words are as large as the words around them, and say the same."""

import re
from datetime import date

import pytest
from markupsafe import Markup

from wordround.charts import bars
from wordround.published.coverage import MISSING, WHOLE, Asked
from wordround.published.figures import Part
from wordround.published.themes import Theme

TELEPHONE = 360
SMALLEST_WORDS = 12  # pixels, as the page's own small print
STAFF = Theme("Communication and involvement", "30%", 0.3, "20%", 0.2, None, None)
ASKED = Asked(
    "Chirp", "#FernvaleNHS or #KestrelWard", [(date(2026, 11, 2), WHOLE), (date(2026, 11, 3), MISSING)], 1, ""
)
SCORES = [Part("Neither good nor poor", "40%", 0.4), Part("Poor", None, None)]

DRAWN = {
    "scores": lambda: bars.share_bars(SCORES, "c", "t", "d"),
    "themes": lambda: bars.theme_bars([STAFF], "c", "t", "d"),
    "strips": lambda: bars.coverage_strips([ASKED], "c", "t", "d"),
}  # fmt: skip


def charts(drawn: Markup) -> dict[str, str]:
    return {name: chart for chart, name in re.findall(r'(<svg class="chart chart--bars chart--(\w+)".*?</svg>)', drawn)}


@pytest.mark.parametrize("name", DRAWN)
def test_the_narrow_chart_fits_a_telephone_without_being_made_smaller(name: str) -> None:
    found = charts(DRAWN[name]())
    assert set(found) == {"wide", "narrow"}
    width = float(re.search(r'width="([\d.]+)"', found["narrow"])[1])  # type: ignore[index]
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', found["narrow"])]
    assert sizes and min(sizes) * min(1, TELEPHONE / width) >= SMALLEST_WORDS


@pytest.mark.parametrize("name", ["scores", "themes"])
def test_both_charts_say_the_same_in_words_and_hide_the_same(name: str) -> None:
    wide, narrow = (sorted(re.findall(r"<text[^>]*>([^<]+)</text>", chart)) for chart in charts(DRAWN[name]()).values())
    assert wide == narrow and "hidden" in narrow
