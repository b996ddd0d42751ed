"""`/api`: the figures of the web page for other programs, by a key: the same as a page shows to the key's role.

All keys get labels, with small numbers hidden as in the report. Exact counts stand beside them for an analyst's key,
and of own services for a lead's; they are null for everybody else. No comment is given out.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

from wordround import __version__
from wordround.errors import WordroundError
from wordround.plain_text import label
from wordround.published import episodes
from wordround.published.disclosure import label_shown
from wordround.published.figures import ServiceFigures
from wordround.records import api_keys
from wordround.settings import Settings
from wordround.web.people import Person
from wordround.web.publication import Build, Publications

_key = HTTPBearer(auto_error=False, description="A key that `wordround web key` has made.")


class Service(BaseModel):
    """A service; `variation`: what it shows now."""

    service_id: str
    service: str
    site: str
    trust: str
    variation: str


class ServiceWeek(BaseModel):
    """One week of one service. Labels are null where there is nothing, or where a number is hidden (`is_hidden`)."""

    service_id: str
    week_date: date
    comments: str
    negative_share: str | None
    variation: str
    is_hidden: bool
    comment_count: int | None = None
    negative_count: int | None = None
    positive_count: int | None = None


class ServiceTheme(BaseModel):
    """A major theme in the comments of a service in the last quarter: shares of its comments."""

    service_id: str
    theme: str
    share: str | None
    criticism: str | None
    praise: str | None
    comment_count: int | None = None
    negative_count: int | None = None
    positive_count: int | None = None


class Alert(BaseModel):
    """One change, as it was issued."""

    alert_id: str
    service_id: str | None
    theme_code: str | None
    direction: str
    tier: str
    status: str
    since_week_date: date
    opened_week_date: date
    closed_week_date: date | None
    says: str
    comments: str | None
    negative: str | None
    comment_count: int | None = None
    negative_count: int | None = None


class Action(BaseModel):
    """What was done about the alerts of a service, and what became of it."""

    service_id: str
    acted_date: date
    outcome: str | None
    did: str | None
    answer: str | None


def application(settings: Settings, publications: Publications) -> FastAPI:
    """Return the API of a page that reads these publications."""
    # No pages of documentation: they would load scripts from elsewhere.
    api = FastAPI(title="Wordround", version=__version__, docs_url=None, redoc_url=None)
    api.state.settings, api.state.publications = settings, publications
    api.get("/services")(services)
    api.get("/weeks")(weeks)
    api.get("/themes")(themes)
    api.get("/alerts")(alerts)
    api.get("/actions")(actions)

    @api.exception_handler(WordroundError)
    async def failed(_: Request, error: WordroundError) -> JSONResponse:
        return JSONResponse({"detail": str(error).splitlines()[0]}, 503)

    @api.exception_handler(RequestValidationError)
    async def unreadable(_: Request, error: RequestValidationError) -> JSONResponse:
        names = sorted({str(one["loc"][-1]) for one in error.errors()})
        return JSONResponse({"detail": f"Not readable: {', '.join(names)}."}, 422)

    return api


def holder(request: Request, sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_key)]) -> Person:
    """Whoever has the key."""
    found = api_keys.holder(request.app.state.settings, sent.credentials) if sent else None
    if found is None:
        raise HTTPException(401, "Send a key that is in force: Authorization: Bearer.", {"WWW-Authenticate": "Bearer"})
    return Person(found.name, roles=frozenset({found.role}), services=frozenset(found.services))


def build(request: Request, _: Annotated[Person, Depends(holder)]) -> Iterator[Build]:
    """The publication that a request reads, for whoever has a key."""
    publications: Publications = request.app.state.publications
    with publications.newest() as (newest, _connection):
        yield newest


Holding = Annotated[Person, Depends(holder)]
Reading = Annotated[Build, Depends(build)]
Asked = Annotated[str, Query(max_length=200, description="The id of one service; else all.")]


def services(build: Reading) -> list[Service]:
    """The services that have a comment."""
    return [
        Service(service_id=each.service_id, service=each.label, site=each.site, trust=each.trust, variation=each.status)
        for each in build.services
    ]


def weeks(
    build: Reading,
    person: Holding,
    service: Asked = "",
    first: Annotated[date | None, Query(alias="from", description="Monday of the first week.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Monday of the last week.")] = None,
) -> list[ServiceWeek]:
    """The weeks of services, the latest year and a half of them."""
    found = []
    for each in _services(build, service):
        counted = {week.week_date: week for week in build.published.service_weeks.get(each.service_id, [])}
        for point in each.points:
            if (first and point.week < first) or (last and point.week > last):
                continue
            week = counted.get(point.week) if person.reads_comments_of(each.service_id) else None
            found.append(
                ServiceWeek(
                    service_id=each.service_id,
                    week_date=point.week,
                    comments=point.comments,
                    negative_share=point.share,
                    variation="hidden" if point.is_hidden else point.kind,
                    is_hidden=point.is_hidden,
                    comment_count=week.comment_count if week else None,
                    negative_count=week.negative_count if week else None,
                    positive_count=week.positive_count if week else None,
                )
            )
    return found


def themes(build: Reading, person: Holding, service: Asked = "") -> list[ServiceTheme]:
    """What comments of the last quarter speak of, by service, with what is praised and criticised."""
    found = []
    for each in _services(build, service):
        counts = {label(one.theme_label): one for one in build.published.themes.get(each.service_id, [])}
        for theme in each.themes:
            count = counts.get(label(theme.label)) if person.reads_comments_of(each.service_id) else None
            found.append(
                ServiceTheme(
                    service_id=each.service_id,
                    theme=theme.label,
                    share=theme.share,
                    criticism=theme.negative_share,
                    praise=theme.positive_share,
                    comment_count=count.comment_count if count else None,
                    negative_count=count.negative_count if count else None,
                    positive_count=count.positive_count if count else None,
                )
            )
    return found


def alerts(build: Reading, person: Holding, service: Asked = "") -> list[Alert]:
    """All changes that were issued, open, closed and withdrawn."""
    found = []
    for each in build.episodes.alerts:
        if service and each.service_id != service:
            continue
        counts = person.reads_comments_of(each.service_id)
        found.append(
            Alert(
                alert_id=each.alert_id,
                service_id=each.service_id,
                theme_code=each.theme_code,
                direction=each.direction,
                tier=each.tier_code,
                status=each.status,
                since_week_date=each.since_week_date,
                opened_week_date=each.opened_week_date,
                closed_week_date=each.closed_week_date,
                says=episodes.sentence(build.published, each),
                comments=label_shown(each.comment_count_label),
                negative=label_shown(each.negative_count_label),
                comment_count=each.comment_count if counts else None,
                negative_count=each.negative_count if counts else None,
            )
        )
    return found


def actions(build: Reading, service: Asked = "") -> list[Action]:
    """What was done about alerts of services, and what became of it."""
    return [
        Action(
            service_id=service_id,
            acted_date=each.acted_date,
            outcome=each.outcome_code,
            did=each.action_text,
            answer=each.answer_label,
        )
        for service_id, done in build.published.watching.actions.items()
        if service in ("", service_id)
        for each in done
    ]


def _services(build: Build, service: str) -> list[ServiceFigures]:
    if service and service not in build.by_id:
        raise HTTPException(404, "No published service has this id.")
    return [each for each in build.services if service in ("", each.service_id)]
