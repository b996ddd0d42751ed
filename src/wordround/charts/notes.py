"""What happened when, beside a chart: new limits and why, what was changed, a source that came or went.

Of weeks that the chart shows. Notes of one week stand together, in the order of their dates.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from string import ascii_uppercase

from wordround.plain_text import label as as_label
from wordround.published.figures import ServiceFigures
from wordround.published.reading import Published

# A source that was there from about the start did not come, and one that was there lately did not go.
_WEEKS_TO_COME, _WEEKS_TO_GO = 8, 8


@dataclass(frozen=True)
class Note:
    """One note: its letter (a number could be taken for a count), the Monday of its week, and what happened."""

    letter: str
    week: date
    words: str


def notes(published: Published, service: ServiceFigures) -> list[Note]:
    """Return the notes of a service's chart, each with its letter; of more than there are letters, the latest."""
    if not service.points:
        return []
    first, last = service.points[0].week, service.points[-1].week
    found = sorted(set(_found(published, service)))
    shown = [(week, words) for week, words in found if first <= week <= last]
    return [Note(letter, *each) for letter, each in zip(ascii_uppercase, shown[-len(ascii_uppercase) :], strict=False)]


def _found(published: Published, service: ServiceFigures) -> Iterator[tuple[date, str]]:
    service_id = service.service_id
    for rebase in published.watching.rebases.get(service_id, []):
        reason = as_label(rebase.reason)
        yield rebase.rebase_date, f"New limits begin{': ' + reason if reason else ''}."
    for action in published.watching.actions.get(service_id, []):
        if action.outcome_code == "made":
            done = as_label(action.action_text)
            monday = action.acted_date - timedelta(days=action.acted_date.weekday())
            yield monday, f"Something was changed{': ' + done if done else ''}."
    yield from _sources(published, service)
    for switch in published.model_switches:
        day = switch.switched_at.date()
        yield day - timedelta(days=day.weekday()), f"All comments were read anew: {as_label(switch.cause)}."
    for alert in service.alerts:
        if alert.restated_comment_count is not None and (
            (alert.restated_negative_count, alert.restated_comment_count) != (alert.negative_count, alert.comment_count)
        ):
            yield alert.since_week_date, "Late comments have changed the weeks of an alert; it keeps its own figures."


def _sources(published: Published, service: ServiceFigures) -> Iterator[tuple[date, str]]:
    begun = service.points[0].week + timedelta(weeks=_WEEKS_TO_COME)
    gone = published.week.week_date - timedelta(weeks=_WEEKS_TO_GO)
    of_service = published.watching.source_weeks.get(service.service_id, [])
    for each in of_service:
        # Where it is the only one, its first comment is the service's own.
        others = [other for other in of_service if other is not each]
        if each.first_week_date > begun and any(other.first_week_date < each.first_week_date for other in others):
            yield each.first_week_date, f"{as_label(each.source_label)} begins."
        if each.last_week_date < gone and any(other.last_week_date > each.last_week_date for other in others):
            yield each.last_week_date + timedelta(weeks=1), f"No more from {as_label(each.source_label)}."
