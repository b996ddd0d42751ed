"""The published alerts beside what people did about them, for a terminal and for `--json`: figures as labels only."""

from wordround.alerts.actions import Handling, find, handled, handling
from wordround.outcomes import Outcome
from wordround.published.database import published_warehouse, rows
from wordround.published.disclosure import label_shown, percent
from wordround.published.reading import Episodes, read_episodes
from wordround.published.tables import ActionAnswer, AlertEpisode
from wordround.published.wording import day, heading, in_short, week_span
from wordround.records import alert_actions, deliveries
from wordround.records.alert_actions import LoggedAction
from wordround.records.deliveries import Delivery
from wordround.settings import Settings

_OUTCOME = {"no_change": "nothing was changed", "planned": "a change is planned", "made": "a change was made"}


class Line(Outcome):
    """One alert in a list: what it is about, how it stands by the rule, and how far people have dealt with it."""

    alert_id: str
    what: str
    tier: str
    status: str
    opened: str
    state: str
    version: int
    assigned_to: str | None
    outcome: str | None
    answer: str | None


class Listed(Outcome):
    """Alerts, the last opened first, and a sentence for each subscriber who could not be told."""

    alerts: tuple[Line, ...]
    untold: tuple[str, ...]


class Shown(Outcome):
    """One alert: its figures as issued, what was done about it, oldest first, and the version to act upon."""

    alert: Line
    figures: str
    history: tuple[str, ...]
    version: int


def listed(settings: Settings, every: bool = False) -> Listed:
    """The alerts that are open or not dealt with; `every`: all of them. Raises NothingPublished, RecordsFailed."""
    dealt, answers = handling(settings), _answers(settings)
    episodes = read_episodes(settings)
    latest_first = sorted(episodes.alerts, key=lambda alert: alert.opened_week_date, reverse=True)
    lines = [_line(alert, episodes, dealt.get(alert.alert_id), answers) for alert in latest_first]
    return Listed(alerts=tuple(line for line in lines if every or _waits(line)), untold=untold(settings))


def shown(settings: Settings, alert_id: str) -> Shown:
    """One alert, by its id or the first letters of it. Raises AlertUnknown, NothingPublished, RecordsFailed."""
    alert = find(settings, alert_id)
    now = handled(alert.alert_id, alert_actions.of_alert(settings, alert.alert_id))
    return Shown(
        alert=_line(alert, read_episodes(settings), now, _answers(settings)),
        figures=_figures(alert),
        history=tuple(map(_done, now.actions)),
        version=now.version,
    )


def untold(settings: Settings) -> tuple[str, ...]:
    """A sentence for each subscriber whose last digest did not go out."""
    return tuple(map(_untold, deliveries.unsent(settings)))


def _waits(line: Line) -> bool:
    return line.status == "open" or (line.tier == "alert" and line.status != "withdrawn" and line.state != "closed")


def _untold(step: Delivery) -> str:
    why = step.reason or "its process ended while it was sent"
    when = f"{step.at:%H:%M} UTC on {day(step.at.date())}"
    return f"Not told: {step.subscriber} ({step.way}), at {when}: {why}. The next run tries again."


def _answers(settings: Settings) -> dict[tuple[str, int], str]:
    """The answers of the last build, by alert and version."""
    with published_warehouse(settings) as connection:
        found = rows(connection, "select * from marts.fct_actions where is_in_force", ActionAnswer)
    return {(each.alert_id, each.action_version): each.answer_label for each in found if each.answer_label}


def _line(alert: AlertEpisode, episodes: Episodes, now: Handling | None, answers: dict[tuple[str, int], str]) -> Line:
    now = now or Handling(alert.alert_id)
    last = max((one.version for one in now.actions if one.action.event == "closed"), default=0)
    outcome = _OUTCOME[now.outcome] if now.outcome else None
    return Line(
        alert_id=alert.alert_id,
        what=heading(episodes.subject(alert), alert.direction, alert.theme_code is not None),
        tier=alert.tier_code,
        status=alert.status,
        opened=alert.opened_week_date.isoformat(),
        state=now.state,
        version=now.version,
        assigned_to=now.assigned_to,
        outcome=outcome,
        # What was said since the last build is not answered yet.
        answer=answers.get((alert.alert_id, last)) or outcome,
    )


def _figures(alert: AlertEpisode) -> str:
    negative, comments = label_shown(alert.negative_count_label), label_shown(alert.comment_count_label)
    usual, is_of_theme = percent(alert.expected_share), alert.theme_code is not None
    return f"{in_short(alert.since_week_date, negative, comments, usual, is_of_theme)} (as issued)."


def _done(logged: LoggedAction) -> str:
    action = logged.action
    to = f" to {action.assigned_to}" if action.assigned_to else ""
    outcome = f", {_OUTCOME[action.outcome]}" if action.outcome else ""
    on = f" on {day(action.acted_on)}" if action.acted_on else ""
    week = f" from the week {week_span(action.week_date)}" if action.week_date else ""
    words = f": {action.words}" if action.words else ""
    event = action.event.replace("_", " ")
    return f"{logged.version}. {logged.at:%Y-%m-%d %H:%M} UTC, {action.by}: {event}{to}{outcome}{on}{week}{words}"
