"""What people write beside how they score: how far it goes together, where it disagrees, and what rose where first."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from wordround.published import queries, triangulation
from wordround.web.visits import Visit, Visiting

router = APIRouter()


@router.get("/triangulation")
def words_beside_scores(visit: Visiting) -> HTMLResponse:
    """Rank correlations with their intervals, the months that disagree most, and the rises of themes."""
    return visit.kept_page("triangulation.html.j2", "/triangulation", lambda: _values(visit))


def _values(visit: Visit) -> dict[str, Any]:
    connection, published = visit.connection, visit.build.published
    every = triangulation.agreements(connection)
    found = triangulation.leads(connection)
    unsaid = [each for each in found if each.code == "cannot_be_said"]
    return {
        "title": "Words beside scores",
        "of_all": [each for each in every if each.kind is None and each.rho],
        "of_kinds": [each for each in every if each.kind and each.rho],
        "unsaid": [each for each in every if each.kind is None and not each.rho],
        "disagreements": triangulation.disagreements(connection, published.small_numbers),
        "least_count": triangulation.LEAST_COUNT,
        "by_id": visit.build.by_id,
        "leads": [each for each in found if each not in unsaid],
        "unsaid_leads": unsaid,
        "without_rise": triangulation.without_rise(connection),
        "queries": [queries.TRIANGULATION, queries.THEME_LEADS],
    }
