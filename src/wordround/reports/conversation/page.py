"""The summary of a conversation as a page; the same figures give the same bytes."""

from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from wordround.charts import traffic
from wordround.published.conversations import Conversation
from wordround.published.disclosure import HIDDEN
from wordround.reports.conversation.figures import Summary
from wordround.reports.page import environment

_LONDON = ZoneInfo("Europe/London")
_USUAL_UNKNOWN = {
    "not_answered_whole": "a source has not answered for all of it",
    "no_usual_days": "no day before it was answered by every source",
    "usually_nothing": "nobody used the tag on the days before",
}
_FEWEST_SHOWN = 2


def html(made: Summary) -> str:
    """The page."""
    template = environment().get_template("conversation.html.j2")
    page = template.render(
        made=made,
        conversation=made.conversation,
        when=when(made.conversation),
        usual=usual(made.conversation),
        chart=_traffic(made),
        marks=marks(made),
        intervals=intervals(made),
        minutes=made.intervals[0].interval_minutes if made.intervals else 0,
    )
    return page.strip() + "\n"


def when(conversation: Conversation) -> str:
    """When it was, in London."""
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
        f"That is {conversation.times_usual:.1f} times the usual for these hours ({low:.1f} to {high:.1f}), from "
        f"{days} {'stretch' if days == 1 else 'stretches'} before it."
    )


def marks(made: Summary) -> list[str]:
    """Peaks and dips, in words."""
    found = []
    for code, words in (("peak", "More than chance explains"), ("dip", "Fewer than chance explains")):
        times = [_clock(each.interval_at, made) for each in made.intervals if each.traffic_code == code]
        if times:
            found.append(f"{words}: {', '.join(times)}.")
    return found


def _traffic(made: Summary) -> Markup | None:
    if sum(each.contribution_count > 0 for each in made.intervals) < _FEWEST_SHOWN:
        return None
    bars = [traffic.Bar(clock, count, code) for clock, count, _, code in intervals(made)]
    busiest = max(bars, key=lambda bar: bar.count or 0)
    description = f"{len(bars)} intervals; the busiest begins at {busiest.label}."
    return traffic.bars(bars, "traffic", "Contributions over time", description)


def intervals(made: Summary) -> list[tuple[str, int | None, str, str | None]]:
    """Each interval: when it begins, its contributions (None where they are few), in words, and what it is."""
    found = []
    for each in made.intervals:
        words = made.shown(each.contribution_count)
        count = None if words == HIDDEN else each.contribution_count
        found.append((_clock(each.interval_at, made), count, words, each.traffic_code))
    return found


def _clock(moment: datetime, made: Summary) -> str:
    """A moment in London; with its day where the conversation had several."""
    local = moment.astimezone(_LONDON)
    first, last = (each.astimezone(_LONDON).date() for each in (made.conversation.begins_at, made.conversation.ends_at))
    return f"{local:%H:%M}" if first == last else f"{local.day} {local:%b %H:%M}"
