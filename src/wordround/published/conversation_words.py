"""When a conversation was, who wrote it, and how it compares with the usual, in words."""

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from wordround.published.conversations import Conversation

_LONDON = ZoneInfo("Europe/London")
_DAY, _HOUR = 24 * 60, 60
_USUAL_UNKNOWN = {
    "not_answered_whole": "a source has not answered for all of it",
    "longer_than_its_usual": "it lasts longer than the days before it that were collected",
    "no_usual_days": "no day before it was answered by every source",
    "usually_nothing": "nobody used the tag on the days before",
}


STATES = {"planned": "has not begun", "on": "is on", "over": "is over"}


class Planned(Protocol):
    """What begins and ends."""

    @property
    def begins_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...


def when(conversation: Planned) -> str:
    """When it was or will be, in London."""
    begins, ends = (moment.astimezone(_LONDON) for moment in (conversation.begins_at, conversation.ends_at))
    if begins.date() == ends.date():
        return f"{begins.day} {begins:%B %Y}, {begins:%H:%M} to {ends:%H:%M}"
    return f"{begins.day} {begins:%B %Y}, {begins:%H:%M} to {ends.day} {ends:%B %Y}, {ends:%H:%M}"


def usual(conversation: Conversation) -> str:
    """How it compares with the usual, in a sentence."""
    if conversation.times_usual is None:
        why = _USUAL_UNKNOWN.get(conversation.usual_unknown_reason or "", "it is not known")
        return f"How that compares with the usual cannot be said: {why}."
    low, high = conversation.times_usual_low, conversation.times_usual_high
    days = conversation.usual_stretch_count
    return (
        f"Posts with the tag, copies among them, were {conversation.times_usual:.1f} times the usual for these hours "
        f"({low:.1f} to {high:.1f}), from {days} {'stretch' if days == 1 else 'stretches'} before it."
    )


def interval(minutes: int) -> str:
    """How long an interval is: "minute", "5 minutes", "2 hours" or "day"."""
    for length, unit in ((_DAY, "day"), (_HOUR, "hour"), (1, "minute")):
        if minutes >= length:
            count = minutes // length
            return unit if count == 1 else f"{count} {unit}s"
    return ""


def clock(moment: datetime, conversation: Conversation) -> str:
    """A moment in London; with its day where the conversation had several."""
    local = moment.astimezone(_LONDON)
    first, last = (each.astimezone(_LONDON).date() for each in (conversation.begins_at, conversation.ends_at))
    return f"{local:%H:%M}" if first == last else f"{local.day} {local:%b %H:%M}"
