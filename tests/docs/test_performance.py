"""docs/performance.md: its powers and shares follow from its seconds, and its ratios are those of its loops."""

import re
import sys
from typing import Any

import pytest

from wordround.settings import PROJECT

PAGE = PROJECT / "docs" / "performance.md"


@pytest.fixture(scope="module")
def growth() -> Any:
    sys.path.insert(0, str(PROJECT / "bench"))
    try:
        import growth
    finally:
        sys.path.remove(str(PROJECT / "bench"))
    return growth


def rows() -> dict[str, list[str]]:
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.read_text().splitlines()]
    return {first: rest for first, *rest in cells if rest}


def test_powers_and_shares_follow_from_the_seconds_that_stand_beside_them(growth: Any) -> None:
    table = rows()
    sizes = [int(size.replace(",", "")) for size in table["step"][:-2]]
    assert len(sizes) > 1
    seconds = {step: [float(each.replace(",", "")) for each in table[f"{step}, s"][:-2]] for step in growth.STEPS}
    for step, measured in seconds.items():
        share, power = table[f"{step}, s"][-2:]
        # The page rounds to a tenth of a second: a step of less than half a second is written roughly.
        if min(measured) >= 0.5:
            assert growth.exponent(dict(zip(sizes, measured, strict=True))) == pytest.approx(float(power), abs=0.04)
        assert float(share.rstrip("%")) / 100 == pytest.approx(measured[-1] / seconds["whole chain"][-1], abs=0.02)
    ratios = [float(each) for each in table["whole chain, in plain loops"]]
    for place, ratio in enumerate(ratios):
        if seconds["plain loop"][place] >= 2:
            assert ratio == pytest.approx(seconds["whole chain"][place] / seconds["plain loop"][place], rel=0.03)


def test_the_page_is_what_the_program_makes_of_the_last_figures(growth: Any) -> None:
    last = growth.results.Last(
        {
            f"{size:,} answers: {name}": size / 1000
            for size in (10_000, 100_000)
            for name in (*(f"{step}, s" for step in growth.STEPS), *growth._BESIDE.values())
        }
        | {growth.results.CORES_AT_ONCE: 1.5},
        "2026-01-01T00:00:00Z",
        "abc",
        {"cores": 2, "memory_gb": 24},
        {"python": "3.11", "duckdb": "1.5"},
        1.0,
    )
    made = growth.page(last)
    assert re.search(r"^\| understand, s \| 10\.0 \| 100\.0 \| 100% \| 1\.00 \|$", made, re.MULTILINE)
    head, body = (re.sub(r"[\d.,%]+", "0", text) for text in (made, PAGE.read_text()))
    assert head.partition("Everything is on")[2][:200] == body.partition("Everything is on")[2][:200]
    assert "All cores at once do 1.50 plain loops" in made
    with pytest.raises(ValueError, match="Two sizes"):
        growth.page(last._replace(figures={}))
