"""A service: whether it changes and why, what people say of it and how they score it, and what was done.

Every figure leads to its comments, for those who may read them, and to the query that an analyst would ask.
"""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse

from wordround.charts import notes, of_service
from wordround.plain_text import label as as_label
from wordround.plain_text import one_line
from wordround.published import episodes, queries
from wordround.published.figures import ServiceFigures
from wordround.published.theme_trends import PATIENT_EXPERIENCE, Trend
from wordround.quotes import examples
from wordround.quotes.choosing import SURVEY_LABEL, own_names
from wordround.quotes.quotable import quotable, readable
from wordround.records import comment_readings
from wordround.web import drawn_charts
from wordround.web.flagging import flags
from wordround.web.visits import Visit, Visiting
from wordround.web.what_was_done import done

router = APIRouter(prefix="/services")

_MOST_PRAISE, _LONGEST_NAME = 3, 200
_FEW = 20  # services that are found at a glance


@router.get("")
def services(visit: Visiting, name: Annotated[str, Query(max_length=_LONGEST_NAME)] = "") -> HTMLResponse:
    """All services by name, with what each says this week; `name`: those whose names have all of its words."""
    looked_for = _bare(name).split()

    def values() -> dict[str, Any]:
        by_name = sorted(visit.build.services, key=lambda service: (service.trust, service.label.casefold()))
        found = [each for each in by_name if all(word in _bare(each.label) for word in looked_for)]
        return {"title": "Services", "services": found, "service_count": len(by_name), "few": _FEW}

    if not looked_for:
        return visit.kept_page("services.html.j2", "/services", lambda: values() | {"name": ""})
    return visit.page("services.html.j2", layout="base.html.j2", name=" ".join(name.split()), **values())


def _bare(name: str) -> str:
    """A name as it is looked for: whatever its capitals and its apostrophe."""
    return one_line(name).casefold().replace("\u2019", "'")


@router.get("/{service_id}")
def service(visit: Visiting, service_id: str) -> HTMLResponse:
    """One service."""
    figures, weeks = named(visit, service_id), queries.quarter(visit.build.published)
    return visit.kept_page(
        "service.html.j2",
        f"/services/{service_id}",
        lambda: _values(visit, figures),
        "service_done.html.j2",
        done=done(visit, service_id),
        asked=queries.of_service(service_id, weeks)["actions"],
    )


@router.get("/{service_id}/praise")
def praise(visit: Visiting, service_id: str) -> HTMLResponse:
    """What people praise in a service, in their own words: the best examples by the rules of the report."""
    figures = named(visit, service_id)
    if not visit.person.reads_comments_of(service_id):
        raise HTTPException(403, "Your role does not include the comments of this service.")
    found = _praise(visit, service_id)
    return visit.page(
        "praise.html.j2",
        title=f"What people praise in {figures.label}",
        service=figures,
        praise=found,
        flags=flags(visit, [comment_id for _, comment_id, _ in found], visit.request.url.path),
        may_quote=visit.settings.quotes.survey_comments,
        quote_label=SURVEY_LABEL,
    )


def named(visit: Visit, service_id: str) -> ServiceFigures:
    """The figures of a service. Raises HTTPException where none has this id."""
    figures = visit.build.by_id.get(service_id)
    if figures is None:
        raise HTTPException(404, "No published service has this id. The list of services has them all.")
    return figures


def _values(visit: Visit, figures: ServiceFigures) -> dict[str, Any]:
    """What the page of a service shows of the publication."""
    published, service_id = visit.build.published, figures.service_id
    summary, noted = of_service.summary(figures), notes.notes(published, figures)
    own = [each for each in published.alerts if each.service_id == service_id]
    told = [each for each in episodes.told(published) if each in own]
    weeks = queries.quarter(published)
    return {
        "title": figures.label,
        "service": figures,
        "summary": summary,
        "notes": noted,
        "hidden_note": of_service.hidden_note(figures, published.rules),
        "open_alerts": [(each, episodes.sentence(published, each)) for each in told],
        "past_alerts": [(each, visit.build.episodes.heading(each)) for each in reversed(own) if each.status != "open"],
        "why": episodes.parts(published, figures.alert) if figures.alert else [],
        "words": published.watching.words.get(figures.alert.alert_id, []) if figures.alert else [],
        "charts": drawn_charts.of_a_service(visit.build, figures),
        "table": list(reversed(figures.points)),
        "trends": _trends(visit, service_id),
        "codes": {as_label(each.source_label): each.source_code for each in published.sources},
        "weeks": weeks,
        "queries": queries.of_service(service_id, weeks),
        "reads_comments": visit.person.reads_comments_of(service_id),
    }


def _trends(visit: Visit, service_id: str) -> list[Trend]:
    """Major themes of patient experience that anybody spoke of, the most frequent first."""
    trends = visit.build.trends
    found = [
        trends.of(code, service_id)
        for code, theme in trends.coded.items()
        if theme.is_major and theme.frame_code == PATIENT_EXPERIENCE
    ]
    # Equals stay in the order of the frame, so that the order tells nothing of what is hidden.
    spoken_of = [trend for trend in found if trend.now is not None]
    return sorted(spoken_of, key=lambda trend: -((trend.now.value if trend.now else None) or 0.0))


def _praise(visit: Visit, service_id: str) -> list[tuple[str, str, str]]:
    """Themes with a quote each and its id, which are logged as read."""
    if not visit.settings.quotes.survey_comments:
        return []
    found = visit.build.once(f"praise {service_id}", lambda: _quotes(visit, service_id))
    if found:
        comment_readings.log(visit.settings, visit.person.name, "praise", {"service": service_id}, len(found))
    return found


def _quotes(visit: Visit, service_id: str) -> list[tuple[str, str, str]]:
    published = visit.build.published
    fits = quotable(visit.settings.quotes.longest_words, own_names(published))
    found = examples.praise(published, service_id, fits, _MOST_PRAISE)
    return [(theme, comment.comment_id, readable(comment.text)) for theme, comment in found]
