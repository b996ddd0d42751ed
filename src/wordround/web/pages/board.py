"""The whole board at a glance: what needs a look, every service and every chart as an icon with the chart behind it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from wordround.published import attention, episodes, queries, totals, wording
from wordround.published import board as whole_board
from wordround.published.figures import ServiceFigures
from wordround.web.visits import LAST_ID, Visit, Visiting

router = APIRouter()

_MOST_PRAISED = 3
# Services of a page: with their charts they are about 180 KB of HTML.
PAGE_SIZE = 50


@router.get("/")
def board(visit: Visiting, page: Annotated[int, Query(ge=1, le=LAST_ID)] = 1) -> HTMLResponse:
    """What needs a look, and all services in that order, some to a page; a page beyond the last is the last."""
    spoken_of = [service for service in visit.build.services if not service.is_quiet]
    last = max(1, -(-len(spoken_of) // PAGE_SIZE))
    at = min(page, last)
    return visit.kept_page("board.html.j2", f"/?page={at}", lambda: _values(visit, spoken_of, at, last))


def _values(visit: Visit, spoken_of: list[ServiceFigures], at: int, last: int) -> dict[str, Any]:
    build = visit.build
    published = build.published
    told = episodes.told(published)
    still = [each for each in published.alerts if each.status == "open"]
    alerts = [each for each in told if each.tier_code == "alert"]
    wholes = {each.alert_id for each in alerts}
    parts = [each for each in still if each.tier_code == "alert" and each.part_of_alert_id]
    # What was part of a change that is over stands for itself.
    alerts += [each for each in parts if each.part_of_alert_id not in wholes and each not in alerts]
    first = (at - 1) * PAGE_SIZE
    return {
        "title": "What needs a look",
        "at": at,
        "last": last,
        "first": first + 1,
        "service_count": len(spoken_of),
        "open_alerts": [(each, episodes.sentence(published, each)) for each in alerts],
        "part_count": sum(each.part_of_alert_id in wholes for each in parts),
        # As many as the list has that the page leads to.
        "watched_count": sum(each.tier_code == "watch" for each in still),
        "services": [(service, attention.step(service)) for service in spoken_of[first : first + PAGE_SIZE]],
        "quiet": [service.label for service in build.services if service.is_quiet],
        "unheard": [service for service in spoken_of if service.watch and service.watch.is_fading],
        "steps": _STEPS,
        "rate_card": wording.rate_card(published.rules.false_alerts_per_year),
        "charts": build.once("charts of the board", lambda: _charts(visit)),
        "states": whole_board.STATES,
        "handling": whole_board.handling(visit.connection),
        "totals": _totals(visit),
        "queries": [queries.of_board(queries.quarter(published)), queries.HANDLING],
    }


def _charts(visit: Visit) -> whole_board.Board:
    return whole_board.read(visit.connection, visit.build.published, visit.build.trends.coded)


def _totals(visit: Visit) -> list[str]:
    published = visit.build.published
    found = [totals.received(published, visit.build.services)]
    if share := totals.recommended(published):
        found.append(f"{share} of forms said Very good or Good.")
    if praised := totals.most_praised(published, _MOST_PRAISED):
        found.append(f"Most praised: {wording.listed(praised)}.")
    return found


_STEPS = {
    attention.CONCERN: ("concern", "Concern"),
    attention.FADING: ("fading", "Voice fades"),
    attention.WATCHED: ("watch", "Watched"),
    attention.WORSE: ("watch", "A theme is worse"),
    attention.IMPROVED: ("improvement", "Improvement"),
    attention.USUAL: ("common_cause", "Usual variation"),
    attention.NOT_WATCHED: ("not_monitored", "Not monitored"),
}
