"""Themes: what people speak of, over all services and in one, with what has changed since the quarter before.

Services of a theme stand in the order of what needs a look, and not by their shares: who cares for whom differs.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from wordround.published import episodes, example_comments, queries
from wordround.published.comments import Comment
from wordround.published.figures import ServiceFigures
from wordround.published.tables import AlertEpisode
from wordround.published.theme_trends import PATIENT_EXPERIENCE, CodedTheme, Trend
from wordround.records import comment_readings
from wordround.web import drawn_charts
from wordround.web.flagging import flags
from wordround.web.frames import frame_name
from wordround.web.pages.services import named
from wordround.web.visits import Visit, Visiting

router = APIRouter()

_MOST_EXAMPLES = 3


@dataclass(frozen=True)
class InService:
    """A theme in one service: its open alert, if there is one, and its trend."""

    service: ServiceFigures
    trend: Trend
    alert: AlertEpisode | None

    @property
    def step(self) -> int:
        """How soon it needs a look: an alert, what is watched, what is worse than before, what is better."""
        if self.alert and self.alert.direction == "concern":
            return 0 if self.alert.tier_code == "alert" else 1
        if self.trend.is_worse:
            return 2
        return 3 if self.alert or self.trend.moves else 4


@router.get("/themes")
def themes(visit: Visiting, frame: str = PATIENT_EXPERIENCE) -> HTMLResponse:
    """The themes of a frame, those that have changed first, and then each major one with its minor ones."""
    frames = {code: frame_name(code) for code in _frames(visit)}
    if frame not in frames:
        raise HTTPException(404, "No published code frame has this name.")
    return visit.kept_page("themes.html.j2", f"/themes {frame}", lambda: _values_of_all(visit, frame, frames))


@router.get("/themes/{theme_code}")
def theme(visit: Visiting, theme_code: str) -> HTMLResponse:
    """One theme over all services."""
    return _page(visit, _coded(visit, theme_code), None)


@router.get("/services/{service_id}/themes/{theme_code}")
def theme_of_service(visit: Visiting, service_id: str, theme_code: str) -> HTMLResponse:
    """One theme in one service."""
    return _page(visit, _coded(visit, theme_code), named(visit, service_id))


@router.get("/themes/{theme_code}/examples")
def examples(visit: Visiting, theme_code: str) -> HTMLResponse:
    """Examples of a theme, of the services whose comments somebody may read."""
    return _examples_page(visit, _coded(visit, theme_code), None)


@router.get("/services/{service_id}/themes/{theme_code}/examples")
def examples_of_service(visit: Visiting, service_id: str, theme_code: str) -> HTMLResponse:
    """Examples of a theme in one service."""
    return _examples_page(visit, _coded(visit, theme_code), named(visit, service_id))


def _page(visit: Visit, coded: CodedTheme, service: ServiceFigures | None) -> HTMLResponse:
    name = f"/themes/{coded.theme_code} {service.service_id if service else ''}"
    return visit.kept_page("theme.html.j2", name, lambda: _values(visit, coded, service))


def _values(visit: Visit, coded: CodedTheme, service: ServiceFigures | None) -> dict[str, Any]:
    build, person = visit.build, visit.person
    service_id = service.service_id if service else None
    weeks = queries.quarter(build.published)
    reads = person.reads_comments_of(service_id)
    of_theme = [
        each for each in build.published.alerts
        if coded.theme_code in build.episodes.theme_codes(each) and (service is None or each.service_id == service_id)
    ]  # fmt: skip
    asked = [queries.of_theme(coded.theme_code, weeks, service_id)]
    return {
        "title": f"{coded.label} in {service.label}" if service else coded.label,
        "theme": coded,
        "frame": frame_name(coded.frame_code),
        "service": service,
        "trend": build.trends.of(coded.theme_code, service_id or ""),
        "quarters": build.trends.quarters(coded.theme_code, service_id or ""),
        "within": [
            build.trends.of(each.theme_code, service_id or "")
            for each in build.trends.coded.values()
            if each.major_code == coded.theme_code and each is not coded
        ],
        "major": build.trends.coded.get(coded.major_code) if coded.major_code != coded.theme_code else None,
        "open_alerts": [(each, episodes.sentence(build.published, each)) for each in of_theme if each.status == "open"],
        "past_alerts": [(each, build.episodes.heading(each)) for each in reversed(of_theme) if each.status != "open"],
        "services": [] if service else _services(visit, coded, of_theme),
        # Its weeks are small numbers: for those who may see them alone.
        "chart": drawn_charts.of_a_theme(build, visit.connection, coded, service) if reads else None,
        "weeks": weeks,
        "queries": asked if service else [*asked, queries.of_theme_by_service(coded.theme_code, weeks)],
        "reads_any": reads or (service is None and person.reads_comments),
        "reads": reads,
        "reads_of": person.reads_comments_of,
    }


def _values_of_all(visit: Visit, frame: str, frames: dict[str, str]) -> dict[str, Any]:
    trends = visit.build.trends
    of_frame = [trend for trend in trends.of_all.values() if trend.theme.frame_code == frame]
    spoken_of = [trend for trend in of_frame if trend.now is not None]
    majors = [trend for trend in of_frame if trend.theme.is_major]
    weeks = queries.quarter(visit.build.published)
    return {
        "title": "Themes",
        "frame": frame,
        "frames": frames,
        "moved": sorted(
            (trend for trend in spoken_of if trend.moves),
            key=lambda trend: (not trend.is_worse, -max(move.distance for move in trend.moves)),
        ),
        "alerts": [
            (each, episodes.sentence(visit.build.published, each))
            for each in episodes.told(visit.build.published)
            if each.service_id is None and each.theme_code
        ],
        "groups": [
            (
                major,
                [each for each in spoken_of if each.theme.major_code == major.theme.theme_code and each is not major],
            )
            for major in majors
        ],
        "weeks": weeks,
        "query": queries.of_all_themes(frame, weeks),
        "reads": visit.person.reads_all_comments,
    }


def _coded(visit: Visit, theme_code: str) -> CodedTheme:
    found = visit.build.trends.coded.get(theme_code)
    if found is None:
        raise HTTPException(404, "No published theme has this code. The list of themes has them all.")
    return found


def _frames(visit: Visit) -> list[str]:
    """The frames of which any theme was spoken of, in their order."""
    trends = visit.build.trends
    spoken_of = [code for code, trend in trends.of_all.items() if trend.now is not None]
    return list(dict.fromkeys([PATIENT_EXPERIENCE, *(trends.coded[code].frame_code for code in spoken_of)]))


def _services(visit: Visit, coded: CodedTheme, alerts: list[AlertEpisode]) -> list[InService]:
    """The services in which anybody spoke of it; the alphabet among those that need a look alike."""
    trends, found = visit.build.trends, []
    for service_id in trends.services(coded.theme_code):
        service = visit.build.by_id.get(service_id)
        if service:
            still = [each for each in alerts if each.service_id == service_id and each.status == "open"]
            first = min(still, key=lambda each: (each.direction, each.tier_code), default=None)
            found.append(InService(service, trends.of(coded.theme_code, service_id), first))
    return sorted(found, key=lambda each: (each.step, each.service.label.casefold()))


def _examples_page(visit: Visit, coded: CodedTheme, service: ServiceFigures | None) -> HTMLResponse:
    examples = _examples(visit, coded, service)
    ids = [one.comment_id for _, found in examples for one in found]
    return visit.page(
        "examples.html.j2",
        title=f"Examples: {coded.label}{f' in {service.label}' if service else ''}",
        back=f"{f'/services/{quote(service.service_id)}' if service else ''}/themes/{quote(coded.theme_code)}",
        theme=coded,
        examples=examples,
        flags=flags(visit, ids, visit.request.url.path),
    )


def _examples(visit: Visit, coded: CodedTheme, service: ServiceFigures | None) -> list[tuple[str, list[Comment]]]:
    """Examples that criticise and that praise, logged as read. Raises HTTPException where none may be read."""
    person = visit.person
    ids: set[str] | None
    if service:
        may, ids = person.reads_comments_of(service.service_id), {service.service_id}
    else:
        may, ids = person.reads_comments, None if person.reads_all_comments else set(person.services)
    if not may:
        raise HTTPException(403, f"Your role does not include comments{' of this service' if service else ''}.")
    found = [
        (heading, example_comments.of_theme(
            visit.connection, coded.theme_code, polarity, ids, with_posts=person.reads_all_comments,
            most=_MOST_EXAMPLES,
        ))
        for heading, polarity in (("Criticism", "negative"), ("Praise", "positive"))
    ]  # fmt: skip
    if count := sum(len(each) for _, each in found):
        asked = {"theme": coded.theme_code, "service": service.service_id if service else None}
        comment_readings.log(visit.settings, person.name, "examples", asked, count)
    return found
