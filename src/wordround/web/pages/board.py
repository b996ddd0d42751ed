"""The whole board at a glance: what needs a look, and every service as an icon with the chart behind it."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from wordround.published import attention, episodes, wording
from wordround.web.visits import Visiting

router = APIRouter()


@router.get("/")
def board(visit: Visiting) -> HTMLResponse:
    """What needs a look, and all services in that order."""
    published = visit.build.published
    told = episodes.told(published)
    return visit.page(
        "board.html.j2",
        title="What needs a look",
        open_alerts=[(each, episodes.sentence(published, each)) for each in told if each.tier_code == "alert"],
        watched_count=sum(each.tier_code == "watch" for each in told),
        services=[(service, attention.step(service)) for service in visit.build.services if not service.is_quiet],
        quiet=[service.label for service in visit.build.services if service.is_quiet],
        steps=_STEPS,
        rate_card=wording.rate_card(published.rules.false_alerts_per_year),
    )


_STEPS = {
    attention.CONCERN: ("concern", "Concern"),
    attention.FADING: ("fading", "Voice fades"),
    attention.WATCHED: ("watch", "Watched"),
    attention.WORSE: ("watch", "A theme is worse"),
    attention.IMPROVED: ("improvement", "Improvement"),
    attention.USUAL: ("common_cause", "Usual variation"),
    attention.NOT_WATCHED: ("not_monitored", "Not monitored"),
}
