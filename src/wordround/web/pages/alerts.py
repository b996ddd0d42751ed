"""Alerts: what needs somebody, and one page for each, where it is dealt with.

All writing goes through `alerts.actions`. Each form says which version of the alert was seen; who is not the first is
told who was, and nothing is written over it.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from wordround.alerts import actions
from wordround.alerts.actions import Acted, Handling
from wordround.charts.control_chart import control_chart
from wordround.errors import ActionRefused, AlertChanged
from wordround.published import comments, decisions, episodes, wording
from wordround.published.reading import Episodes
from wordround.published.tables import AlertEpisode
from wordround.records import comment_readings
from wordround.records.alert_actions import ChangeOutcome
from wordround.web import drawn_charts
from wordround.web.flagging import flags
from wordround.web.visits import Visit, Visiting, own_form

router = APIRouter(prefix="/alerts")

_MOST_COMMENTS = 50
Show = Literal["open", "mine", "watched", "all"]
Sent = Annotated[str, Form()]


@router.get("")
def alerts(visit: Visiting, show: Show = "open", service: str = "") -> HTMLResponse:
    """The alerts that need somebody; or mine, those that are watched only, or all."""
    found = visit.build.episodes
    dealt = actions.handling(visit.settings)
    lines = [(each, found.heading(each), dealt.get(each.alert_id, Handling(each.alert_id))) for each in found.alerts]
    shown = [line for line in lines if _is_shown(visit, line[0], line[2], show)]
    having = {line[0].service_id for line in shown} | {service}
    services = [each for each in found.services if each.service_id in having]
    if service:
        shown = [line for line in shown if line[0].service_id == service]
    shown.sort(key=lambda line: (line[0].opened_week_date, line[0].alert_id), reverse=True)
    return visit.page(
        "alerts.html.j2",
        title="Alerts",
        lines=shown,
        show=show,
        service=service,
        services=services,
        shows=_SHOWS,
        headings=dict(_headings(found, lambda _: True)),
    )


@router.get("/{alert_id}")
def alert(visit: Visiting, alert_id: str) -> HTMLResponse:
    """One alert: what it is, why it moved, what it rests on, what was done, and the forms to deal with it."""
    return _page(visit, _alert(visit, alert_id))


@router.post("/{alert_id}/acknowledge", dependencies=[Depends(own_form)])
def acknowledge(visit: Visiting, alert_id: str, version: Annotated[int, Form()]) -> Response:
    """Say that it was seen."""
    found = _mine_to_act_on(visit, alert_id)
    return _acted(visit, found, "acknowledge", {}, lambda: actions.acknowledge(
        visit.settings, found.alert_id, visit.who, expected=version
    ))  # fmt: skip


@router.post("/{alert_id}/assign", dependencies=[Depends(own_form)])
def assign(visit: Visiting, alert_id: str, version: Annotated[int, Form()], to: Sent = "") -> Response:
    """Give it to somebody, by role or initials."""
    found = _mine_to_act_on(visit, alert_id)
    return _acted(visit, found, "assign", {"to": to}, lambda: actions.assign(
        visit.settings, found.alert_id, visit.who, to, expected=version
    ))  # fmt: skip


@router.post("/{alert_id}/note", dependencies=[Depends(own_form)])
def note(visit: Visiting, alert_id: str, version: Annotated[int, Form()], words: Sent = "") -> Response:
    """Add a note."""
    found = _mine_to_act_on(visit, alert_id)
    return _acted(visit, found, "note", {"words": words}, lambda: actions.note(
        visit.settings, found.alert_id, visit.who, words, expected=version
    ))  # fmt: skip


@router.post("/{alert_id}/close", dependencies=[Depends(own_form)])
def close(
    visit: Visiting,
    alert_id: str,
    version: Annotated[int, Form()],
    did: Sent = "",
    outcome: Annotated[ChangeOutcome | Literal[""], Form()] = "",
    acted_on: Sent = "",
) -> Response:
    """Say what was done."""
    found = _mine_to_act_on(visit, alert_id)
    sent = {"did": did, "outcome": outcome, "acted_on": acted_on}
    if not outcome:
        return _page(visit, found, "close", sent, "Say whether something was changed.", 422)
    day = _day(acted_on)
    if acted_on.strip() and day is None:
        return _page(visit, found, "close", sent, "Write the day like 2026-11-09, or leave it out for today.", 422)
    return _acted(visit, found, "close", sent, lambda: actions.close(
        visit.settings, found.alert_id, visit.who, did, outcome, day, expected=version
    ))  # fmt: skip


@router.post("/{alert_id}/rebase", dependencies=[Depends(own_form)])
def rebase(
    visit: Visiting, alert_id: str, version: Annotated[int, Form()], first_day: Sent = "", reason: Sent = ""
) -> Response:
    """Let the charts of its service start anew, with a reason."""
    found = _mine_to_act_on(visit, alert_id)
    sent = {"first_day": first_day, "reason": reason}
    day = _day(first_day)
    if day is None:
        return _page(visit, found, "rebase", sent, "Say from which day the charts start anew.", 422)
    return _acted(visit, found, "rebase", sent, lambda: actions.rebase(
        visit.settings, found.alert_id, visit.who, day, reason, expected=version
    ))  # fmt: skip


def _is_shown(visit: Visit, alert: AlertEpisode, now: Handling, show: Show) -> bool:
    if show == "all":
        return True
    if show == "watched":
        return alert.status == "open" and alert.tier_code == "watch"
    waits = alert.tier_code == "alert" and alert.status != "withdrawn" and now.state != "closed"
    if show == "open":
        return waits
    acted = any(one.action.is_login and one.action.by == visit.person.name for one in now.actions)
    return waits and (acted or visit.person.leads(alert.service_id) or now.assigned_to in visit.person.known_as)


def _alert(visit: Visit, alert_id: str) -> AlertEpisode:
    found = next((each for each in visit.build.episodes.alerts if each.alert_id == alert_id), None)
    if found is None:
        raise HTTPException(404, "No published alert has this id. It may have been of an earlier publication.")
    return found


def _mine_to_act_on(visit: Visit, alert_id: str) -> AlertEpisode:
    found = _alert(visit, alert_id)
    if not visit.person.acts_on(found.service_id):
        raise HTTPException(403, "Your role does not include acting on this alert.")
    return found


def _acted(visit: Visit, alert: AlertEpisode, form: str, sent: dict[str, str], act: Callable[[], Acted]) -> Response:
    """Do it and come back; or show the form again with what was typed and why it was not done."""
    try:
        done = act()
    except (AlertChanged, ActionRefused) as refused:
        status = 409 if isinstance(refused, AlertChanged) else 422
        return _page(visit, alert, form, sent, f"{refused.says[:1].upper()}{refused.says[1:]}", status)
    taken = sum(done.taken_out.values())
    left_out = (
        f" Left out, as it may name somebody: {wording.counted(taken, 'part')} of what you typed." if taken else ""
    )
    return visit.back(f"/alerts/{quote(alert.alert_id)}", f"Done: {done.done}.{left_out}")


def _page(
    visit: Visit,
    alert: AlertEpisode,
    form: str = "",
    sent: dict[str, str] | None = None,
    wrong: str = "",
    status: int = 200,
) -> HTMLResponse:
    found, published = visit.build.episodes, visit.build.published
    now = actions.handling(visit.settings).get(alert.alert_id, Handling(alert.alert_id))
    read = _comments(visit, alert)
    return visit.page(
        "alert.html.j2",
        status,
        title=found.heading(alert),
        alert=alert,
        service=visit.build.by_id.get(alert.service_id or ""),
        whole=next(_headings(found, lambda each: each.alert_id == alert.part_of_alert_id), None),
        parts=list(_headings(found, lambda each: each.part_of_alert_id == alert.alert_id)),
        says=episodes.sentence(published, alert),
        rarity=wording.rarity(alert.once_in_years),
        explained=wording.EXPLAINED.get(alert.explained_by or ""),
        why=episodes.parts(published, alert),
        words=published.watching.words.get(alert.alert_id, []),
        chart=_chart(visit, alert),
        now=now,
        answers=decisions.answers(visit.connection, alert.alert_id),
        acts=visit.person.acts_on(alert.service_id),
        comments=read,
        flags=flags(visit, [one.comment_id for one in read or []], f"/alerts/{quote(alert.alert_id)}"),
        most_comments=_MOST_COMMENTS,
        form=form,
        sent=sent or {},
        wrong=wrong,
    )


def _headings(found: Episodes, is_wanted: Callable[[AlertEpisode], bool]) -> Iterator[tuple[str, str]]:
    """The ids of alerts and what they say."""
    return ((each.alert_id, found.heading(each)) for each in found.alerts if is_wanted(each))


def _comments(visit: Visit, alert: AlertEpisode) -> list[comments.Comment] | None:
    """The comments behind it, which are logged as read; None where they may not be read."""
    if not visit.person.reads_comments_of(alert.service_id):
        return None
    last = visit.build.episodes.last_week or alert.opened_week_date
    found = comments.of_episode(
        visit.connection, alert, last, with_posts=visit.person.reads_all_comments, most=_MOST_COMMENTS
    )
    if found:
        comment_readings.log(visit.settings, visit.person.name, "alert", {"alert": alert.alert_id}, len(found))
    return found


def _chart(visit: Visit, alert: AlertEpisode) -> Markup | None:
    """Its chart: of a service that of the report, else the weeks of the rule, for those who may see small numbers."""
    service = visit.build.by_id.get(alert.service_id or "")
    if service and alert.series_code == "service":
        return drawn_charts.control_of_a_service(visit.build, service)
    if not visit.person.reads_comments_of(alert.service_id):
        return None
    points = decisions.points(visit.connection, alert.series_id)
    title = f"Share of comments by week: {visit.build.episodes.subject(alert)}"
    return visit.build.chart(
        f"series {alert.series_id} of {alert.alert_id}",
        lambda: control_chart(points, [], "control", title, episodes.sentence(visit.build.published, alert)),
    )


def _day(typed: str) -> date | None:
    """A day as a browser sends it; None where nothing, or nothing that is one, was typed."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


_SHOWS: dict[Show, str] = {"open": "Not dealt with", "mine": "Mine", "watched": "Watched", "all": "All"}
