"""The charts of services, themes and sources, each drawn once a publication: at the first look, or before it.

`run` is what calls the function that draws: in this process, or in another.
"""

from collections.abc import Callable
from hashlib import md5
from typing import Protocol

import duckdb
from markupsafe import Markup

from wordround.charts import bars, notes, of_service
from wordround.charts.control_chart import control_chart
from wordround.charts.funnel import Limit, Point, funnel_plot
from wordround.published import coverage, decisions
from wordround.published.disclosure import fine_percent
from wordround.published.figures import ServiceFigures
from wordround.published.side_by_side import Comparison
from wordround.published.theme_trends import CodedTheme
from wordround.published.wording import listed
from wordround.web.publication import Build


class Run(Protocol):
    """Calls a function that draws, with its values, and returns what it drew."""

    def __call__(self, draw: Callable[..., Markup | None], /, *values: object) -> Markup | None: ...


def here(draw: Callable[..., Markup | None], /, *values: object) -> Markup | None:
    """Draw in this process."""
    return draw(*values)


def control_of_a_service(build: Build, service: ServiceFigures, run: Run = here) -> Markup | None:
    """Return the control chart of a service, with its notes."""
    noted, summary = notes.notes(build.published, service), of_service.summary(service)
    return build.chart(
        f"control {service.service_id}", lambda: run(of_service.control, service, noted, "control", summary)
    )


def of_a_service(build: Build, service: ServiceFigures, run: Run = here) -> dict[str, Markup | None]:
    """Return its control chart, its scores and its themes."""
    name = service.service_id
    return {
        "control": control_of_a_service(build, service, run),
        "scores": build.chart(f"scores {name}", lambda: run(of_service.scores, service, "scores")),
        "themes": build.chart(f"themes {name}", lambda: run(of_service.themes, service, "themes")),
    }


def of_a_theme(
    build: Build,
    connection: duckdb.DuckDBPyConnection,
    theme: CodedTheme,
    service: ServiceFigures | None = None,
    run: Run = here,
) -> Markup | None:
    """Return the weeks of a theme, of all services or of one; None where there are none."""
    service_id = service.service_id if service else None
    title = f"Share of comments that criticise it, by week: {theme.label}{f' in {service.label}' if service else ''}"

    def draw() -> Markup | None:
        series_id = decisions.theme_series(connection, theme.theme_code, service_id)
        points = decisions.points(connection, series_id) if series_id else []
        return run(control_chart, points, [], "control", title, title) if points else None

    return build.chart(f"theme {theme.theme_code} {service_id or ''}", draw)


def of_a_comparison(build: Build, comparison: Comparison, level: str, title: str, run: Run = here) -> Markup | None:
    """Return the funnel of those of one kind; None where there is none."""
    if comparison.centre is None or not comparison.in_funnel:
        return None
    points = [Point(unit.comments, unit.value or 0.0, unit.is_outside, unit.label) for unit in comparison.in_funnel]
    limits = [Limit(*each) for each in comparison.limits()]
    outside = listed([f"{unit.label} ({unit.side})" for unit in comparison.outside])
    says = f"Centre {fine_percent(comparison.centre)}. Outside the outer limits: {outside or 'none'}."
    name = f"funnel {level} {comparison.kind} {comparison.theme_code or ''}"
    # An id may hold no space.
    chart_id = f"funnel-{md5(name.encode(), usedforsecurity=False).hexdigest()[:8]}"
    return build.chart(name, lambda: run(funnel_plot, points, limits, comparison.centre, chart_id, title, says))


def coverage_of_sources(build: Build, run: Run = here) -> Markup | None:
    """Return for which days each source answered; None where none is asked every day."""
    asked = coverage.asked(build.published.query_days, build.published.sources)
    if not asked:
        return None
    says = "; ".join(f"{each.source}, {each.query}: {each.days_answered}" for each in asked)
    title = "Days for which each source answered"
    return build.chart("coverage", lambda: run(bars.coverage_strips, asked, "coverage-days", title, says))
