"""What people do about alerts: acknowledge, assign, note, close, and say from when a chart starts anew.

The command line and the web page act through this module alone. Each action has who, when and what, and is added to
those before (records/alert_actions). Two people at once do not overwrite each other: who acts says which version of
the alert was seen, and is told what came in between.

What is typed passes de-identification before it is kept, and the outcome says how much was taken out. Nobody is named:
people go by a role or initials, or by the login of the machine, which stays in the records.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wordround.alerts.people import Who, role_of, somebody
from wordround.errors import ActionRefused, AlertChanged, AlertUnknown
from wordround.outcomes import Outcome
from wordround.plain_text import plain
from wordround.published.reading import read_episodes
from wordround.published.tables import AlertEpisode
from wordround.published.wording import day
from wordround.records import alert_actions
from wordround.records.alert_actions import Action, ChangeOutcome, Event, LoggedAction, VersionTaken
from wordround.registers.typed_words import without_identifiers
from wordround.settings import Settings

__all__ = [
    "Acted", "Handling", "Who", "acknowledge", "assign", "close", "find", "handled", "handling", "note", "rebase",
    "redact", "somebody",
]  # fmt: skip

LONGEST_WORDS = 1_000
_YEARS = range(2000, 2100)
_FEWEST_LETTERS = 4  # of an id that is cut short

_DONE: dict[Event, str] = {
    "acknowledged": "acknowledged", "assigned": "assigned", "noted": "noted", "closed": "closed",
    "rebased": "rebased", "rebase_withdrawn": "rebase withdrawn",
}  # fmt: skip


@dataclass(frozen=True)
class Handling:
    """How far an alert is dealt with. `state`: new, acknowledged or closed; `version`: how many actions there were."""

    alert_id: str
    version: int = 0
    state: str = "new"
    assigned_to: str | None = None
    outcome: ChangeOutcome | None = None
    acted_on: date | None = None
    did: str | None = None
    actions: tuple[LoggedAction, ...] = ()


class Acted(Outcome):
    """What was logged of an alert, and how many identifiers of which kind were taken out of what was typed."""

    alert_id: str
    done: str
    version: int
    by: str
    taken_out: dict[str, int]


def handling(settings: Settings) -> dict[str, Handling]:
    """How far each alert is dealt with, of those on which anybody has acted."""
    by_alert: dict[str, list[LoggedAction]] = {}
    for one in alert_actions.all_actions(settings):
        by_alert.setdefault(one.action.alert_id, []).append(one)
    return {alert_id: handled(alert_id, logged) for alert_id, logged in by_alert.items()}


def handled(alert_id: str, logged: Iterable[LoggedAction]) -> Handling:
    """What its actions have made of an alert. Pure."""
    now = Handling(alert_id)
    values: dict[str, Any] = {}
    actions = tuple(logged)
    for one in actions:
        action = one.action
        if action.event == "acknowledged":
            values["state"] = "acknowledged"
        elif action.event == "assigned":
            values["assigned_to"] = action.assigned_to
        elif action.event == "closed":
            values |= {"state": "closed", "outcome": action.outcome, "acted_on": action.acted_on, "did": action.words}
    return Handling(**{**vars(now), **values, "version": len(actions), "actions": actions})


def find(settings: Settings, alert_id: str) -> AlertEpisode:
    """The published alert of an id, or of its first letters where they are one alert's. Raises AlertUnknown."""
    found = [alert for alert in read_episodes(settings).alerts if alert.alert_id.startswith(alert_id)]
    exact = [alert for alert in found if alert.alert_id == alert_id]
    if exact or (len(found) == 1 and len(alert_id) >= _FEWEST_LETTERS):
        return (exact or found)[0]
    what = "several published alerts have ids that begin so" if len(found) > 1 else "no published alert has this id"
    raise AlertUnknown(f"{what}. `wordround alerts list` shows the ids.")


def acknowledge(settings: Settings, alert_id: str, who: Who, expected: int | None = None) -> Acted:
    """Say that an alert was seen. Raises AlertUnknown, AlertChanged; ActionRefused of one that is closed."""
    alert, now = _alert(settings, alert_id)
    if now.state == "closed":
        raise ActionRefused(
            "This alert is closed, and to acknowledge it would open it again.",
            advice="`wordround alerts note` adds to it; `wordround alerts close --expect` says anew what was done.",
        )
    if expected is None and now.state != "new":
        raise _changed(now, "acknowledged")
    return _log(settings, _action(alert, "acknowledged", who), now, expected)


def assign(settings: Settings, alert_id: str, who: Who, to: str, expected: int | None = None) -> Acted:
    """Give an alert to somebody, by role or initials. Raises ActionRefused, AlertUnknown, AlertChanged."""
    role = role_of(to, "--to")
    alert, now = _alert(settings, alert_id)
    if expected is None and now.assigned_to is not None:
        raise _changed(now, "assigned")
    return _log(settings, _action(alert, "assigned", who, assigned_to=role), now, expected)


def note(settings: Settings, alert_id: str, who: Who, words: str, expected: int | None = None) -> Acted:
    """Add a note to an alert. Raises ActionRefused, AlertUnknown, AlertChanged."""
    kept, taken_out = _words(words)
    alert, now = _alert(settings, alert_id)
    return _log(settings, _action(alert, "noted", who, words=kept), now, expected, taken_out)


def close(
    settings: Settings,
    alert_id: str,
    who: Who,
    did: str,
    outcome: ChangeOutcome,
    acted_on: date | None = None,
    expected: int | None = None,
) -> Acted:
    """Say what was done about an alert, and on which day: today unless it is said.

    A change that was planned is closed again when it is made. Raises ActionRefused, AlertUnknown, AlertChanged.
    """
    today = _today()
    on = acted_on or today
    _refuse_another_century(on, "--on")
    if on > today and outcome != "planned":
        raise ActionRefused(f"{day(on)} is a day to come; only what is planned can be done then.", "--on")
    kept, taken_out = _words(did)
    alert, now = _alert(settings, alert_id)
    if expected is None and now.state == "closed" and (now.outcome, outcome) != ("planned", "made"):
        raise _changed(now, "closed")
    action = _action(alert, "closed", who, words=kept, outcome=outcome, acted_on=on)
    return _log(settings, action, now, expected, taken_out)


def rebase(
    settings: Settings,
    alert_id: str,
    who: Who,
    first_day: date,
    reason: str,
    withdraw: bool = False,
    expected: int | None = None,
) -> Acted:
    """Say that all charts of an alert's service start anew in the week of a day, or take that back.

    Raises ActionRefused, AlertUnknown, AlertChanged.
    """
    _refuse_another_century(first_day, "--from")
    week = first_day - timedelta(days=first_day.weekday())
    if week > _today():
        raise ActionRefused(
            f"{day(first_day)} is a day to come. Charts start anew with a week that has begun.", "--from"
        )
    kept, taken_out = _words(reason)
    alert, now = _alert(settings, alert_id)
    if alert.service_id is None:
        raise ActionRefused(
            "This alert is of all services together. Say of each service that it is about that its charts start "
            "anew: by its own alert, or in rebase_dates.csv."
        )
    is_in_force = (alert.alert_id, week) in alert_actions.rebase_weeks(now.actions)
    if is_in_force != withdraw:
        what = "does not start anew" if withdraw else "starts anew already"
        raise ActionRefused(f"the chart of this alert {what} in the week of {day(week)}.", "--from")
    event: Event = "rebase_withdrawn" if withdraw else "rebased"
    return _log(settings, _action(alert, event, who, words=kept, week_date=week), now, expected, taken_out)


def redact(settings: Settings, alert_id: str, version: int) -> bool:
    """Delete what was typed with one action, where it names somebody after all; return whether there was anything.

    Also of an alert that is no longer published. Raises AlertUnknown where nobody has acted on it.
    """
    known = {one.action.alert_id for one in alert_actions.all_actions(settings)}
    may_be_short = len(alert_id) >= _FEWEST_LETTERS
    found = [each for each in known if each == alert_id or (may_be_short and each.startswith(alert_id))]
    if len(found) != 1:
        raise AlertUnknown("nobody has acted on an alert with this id. `wordround alerts list` shows the ids.")
    return alert_actions.forget_words(settings, found[0], version)


def _alert(settings: Settings, alert_id: str) -> tuple[AlertEpisode, Handling]:
    alert = find(settings, alert_id)
    return alert, handled(alert.alert_id, alert_actions.of_alert(settings, alert.alert_id))


def _action(alert: AlertEpisode, event: Event, who: Who, **what: Any) -> Action:
    return Action(alert.alert_id, alert.series_id, event, who.name, who.is_login, **what)


def _log(
    settings: Settings, action: Action, now: Handling, expected: int | None, taken_out: Mapping[str, int] | None = None
) -> Acted:
    try:
        logged = alert_actions.log(settings, action, now.version if expected is None else expected)
    except VersionTaken as taken:
        actions = alert_actions.of_alert(settings, action.alert_id)
        raise _changed(handled(action.alert_id, actions), taken.last.action.event if taken.last else None) from None
    return Acted(
        alert_id=action.alert_id, done=_DONE[action.event], version=logged.version, by=action.by,
        taken_out=dict(taken_out or {}),
    )  # fmt: skip


def _changed(now: Handling, event: Event | None) -> AlertChanged:
    last = next((one for one in reversed(now.actions) if one.action.event == event), None)
    if last is None:
        return AlertChanged(f"Nobody has acted on this alert yet: its version is {now.version}.", now.version)
    to = f" to {last.action.assigned_to}" if last.action.assigned_to else ""
    return AlertChanged(
        f"Meanwhile {last.action.by} has {_DONE[last.action.event]}{to} on {last.at:%d %B %Y at %H:%M} UTC, and "
        "nothing was written over it.",
        now.version,
        f"Look at it (`wordround alerts show`); --expect {now.version} says that you have.",
    )


def _words(typed: str) -> tuple[str, dict[str, int]]:
    """What was typed without identifiers, and how many of which kind were in it. Raises ActionRefused."""
    text = plain(typed).strip()
    if not text:
        raise ActionRefused("Say in words what was done, or why.")
    if len(text) > LONGEST_WORDS:
        raise ActionRefused(f"That is {len(text):,} characters; {LONGEST_WORDS:,} is the most.")
    words = without_identifiers(text)
    if words.kept is None:
        raise ActionRefused("It may name somebody, and it cannot be said who. Say it without names, in English.")
    return words.kept, words.taken_out


def _refuse_another_century(typed: date, option: str) -> None:
    """Refuse a year of two digits, which browsers send as 0026. Raises ActionRefused."""
    if typed.year not in _YEARS:
        raise ActionRefused(f"The year {typed.year} is not of this century. Write it with four digits.", option)


def _today() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo("Europe/London")).date()
