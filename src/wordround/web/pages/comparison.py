"""Services of one kind side by side, by negative comments and by criticism of each major theme. Never in an order."""

from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from wordround.plain_text import label as as_label
from wordround.published import periods, queries, side_by_side
from wordround.published.side_by_side import LEVELS, Comparison, Unit
from wordround.web import drawn_charts
from wordround.web.frames import frame_name
from wordround.web.visits import Visit, Visiting

router = APIRouter()

NEGATIVE = "Negative comments"
# With fewer, what services of a kind usually differ by is very uncertain.
_MANY = 13


@router.get("/comparison")
def comparison(visit: Visiting, level: str = "service", theme: str = "") -> HTMLResponse:
    """The funnels of one measure, a kind of service each; `theme`: a major theme, without it negative comments."""
    if level not in LEVELS:
        raise HTTPException(404, f"There is no such comparison. It is by {', '.join(LEVELS)}.")
    if theme and theme not in visit.build.trends.coded:
        raise HTTPException(404, "No published theme has this code. The list of themes has them all.")
    return visit.kept_page("comparison.html.j2", f"/comparison {level} {theme}", lambda: _values(visit, level, theme))


def _values(visit: Visit, level: str, theme_code: str) -> dict[str, Any]:
    build, small = visit.build, visit.build.published.small_numbers
    every = build.once(f"compared {level}", lambda: side_by_side.read(visit.connection, level, small))
    shown = [each for each in every if (each.theme_code or "") == theme_code]
    theme = build.trends.coded.get(theme_code)
    measure = f"Criticism: {theme.label}" if theme else NEGATIVE
    first = next(iter(every), None)
    return {
        "title": "Side by side",
        "level": level,
        "levels": LEVELS,
        "theme_code": theme_code,
        "measure": measure,
        "heading": theme.label if theme else NEGATIVE.lower(),
        "measures": _measures(visit, every),
        "months": first and tuple(periods.name("month", code) for code in (first.first_month, first.last_month)),
        "comparisons": [(each, _chart(visit, each, level, measure)) for each in shown],
        "many": _MANY,
        "least": int(build.published.rules.values["least_compared_units"]),
        "places": sum(each.compared_count for each in every),
        "outside": [(each, unit, _measure(visit, each)) for each in every for unit in each.outside],
        "address": lambda unit: _address(visit, unit, theme_code),
        "without_kind": side_by_side.without_kind(visit.connection),
        "query": queries.of_comparison(level, theme_code or None),
    }


def _chart(visit: Visit, comparison: Comparison, level: str, measure: str) -> Any:
    title = f"{measure}: {as_label(comparison.kind)}, {LEVELS[level].lower()}"
    return drawn_charts.of_a_comparison(visit.build, comparison, level, title)


def _measures(visit: Visit, comparisons: list[Comparison]) -> dict[str, dict[str, str]]:
    """Codes and names of what can be compared, by code frame; the first has the negative comments."""
    coded = visit.build.trends.coded
    found: dict[str, dict[str, str]] = {"All comments": {"": NEGATIVE}}
    for code in dict.fromkeys(each.theme_code for each in comparisons if each.theme_code in coded):
        found.setdefault(frame_name(coded[code].frame_code), {})[code] = coded[code].label
    return found


def _measure(visit: Visit, comparison: Comparison) -> str:
    theme = visit.build.trends.coded.get(comparison.theme_code or "")
    return f"Criticism: {theme.label}" if theme else NEGATIVE


def _address(visit: Visit, unit: Unit, theme_code: str) -> str | None:
    """The page of a service, or of the theme in it; a site has none."""
    service = visit.build.by_id.get(unit.service_id or "")
    if service is None:
        return None
    return f"/services/{service.service_id}{f'/themes/{theme_code}' if theme_code else ''}"
