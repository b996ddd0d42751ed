"""A service: whether it changes and why, its scores, themes and sources, and what was done."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from wordround.charts import notes, of_service
from wordround.published import episodes
from wordround.published.figures import ServiceFigures
from wordround.web.visits import Visit, Visiting

router = APIRouter(prefix="/services")


@router.get("")
def services(visit: Visiting) -> HTMLResponse:
    """All services by name, with what each says this week."""
    by_name = sorted(visit.build.services, key=lambda service: (service.trust, service.label.casefold()))
    return visit.page("services.html.j2", title="Services", services=by_name)


@router.get("/{service_id}")
def service(visit: Visiting, service_id: str) -> HTMLResponse:
    """One service."""
    figures = visit.build.by_id.get(service_id)
    if figures is None:
        raise HTTPException(404, "No published service has this id. The list of services has them all.")
    published = visit.build.published
    summary, noted = of_service.summary(figures), notes.notes(published, figures)
    own = [each for each in episodes.told(published) if each.service_id == service_id]
    return visit.page(
        "service.html.j2",
        title=figures.label,
        service=figures,
        summary=summary,
        notes=noted,
        hidden_note=of_service.hidden_note(figures, published.rules),
        alerts=[(each, episodes.sentence(published, each)) for each in own],
        why=episodes.parts(published, figures.alert) if figures.alert else [],
        actions=episodes.actions(published, service_id),
        charts=_charts(visit, figures, summary, noted),
        table=list(reversed(figures.points)),
        reads_comments=visit.person.reads_comments_of(service_id),
    )


def _charts(visit: Visit, service: ServiceFigures, summary: str, noted: list[notes.Note]) -> dict[str, object]:
    """Its charts, drawn at the first look at a publication."""
    name, chart = service.service_id, visit.build.chart
    return {
        "control": chart(f"control {name}", lambda: of_service.control(service, noted, "control", summary)),
        "scores": chart(f"scores {name}", lambda: of_service.scores(service, "scores")),
        "themes": chart(f"themes {name}", lambda: of_service.themes(service, "themes")),
    }
