"""The charts of services and themes, each drawn once a publication: at the first look, or before it."""

import duckdb
from markupsafe import Markup

from wordround.charts import notes, of_service
from wordround.charts.control_chart import control_chart
from wordround.published import decisions
from wordround.published.figures import ServiceFigures
from wordround.published.theme_trends import CodedTheme
from wordround.web.publication import Build


def control_of_a_service(build: Build, service: ServiceFigures) -> Markup | None:
    """Return the control chart of a service, with its notes."""
    noted, summary = notes.notes(build.published, service), of_service.summary(service)
    return build.chart(f"control {service.service_id}", lambda: of_service.control(service, noted, "control", summary))


def of_a_service(build: Build, service: ServiceFigures) -> dict[str, Markup | None]:
    """Return its control chart, its scores and its themes."""
    name = service.service_id
    return {
        "control": control_of_a_service(build, service),
        "scores": build.chart(f"scores {name}", lambda: of_service.scores(service, "scores")),
        "themes": build.chart(f"themes {name}", lambda: of_service.themes(service, "themes")),
    }


def of_a_theme(
    build: Build, connection: duckdb.DuckDBPyConnection, theme: CodedTheme, service: ServiceFigures | None = None
) -> Markup | None:
    """Return the weeks of a theme, of all services or of one; None where there are none."""
    service_id = service.service_id if service else None
    title = f"Share of comments that criticise it, by week: {theme.label}{f' in {service.label}' if service else ''}"

    def draw() -> Markup | None:
        series_id = decisions.theme_series(connection, theme.theme_code, service_id)
        points = decisions.points(connection, series_id) if series_id else []
        return control_chart(points, [], "control", title, title) if points else None

    return build.chart(f"theme {theme.theme_code} {service_id or ''}", draw)
