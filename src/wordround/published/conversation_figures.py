"""What is shown of a conversation, to be passed on and on the web page: counts that may be shown, and their words."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from zoneinfo import ZoneInfo

from wordround.published import conversation_countries
from wordround.published.conversation_links import by_group
from wordround.published.conversations import Conversation, Interval, PublishedConversation, ThemeCount
from wordround.published.disclosure import HIDDEN, SmallNumbers
from wordround.published.shown_counts import Line, Shown
from wordround.published.tables import Publication

FRAMES = {"lived_experience": "Lived experience", "patient_experience": "Patient experience", "own": "Our own themes"}
PARTICIPANTS = {
    "host": "Hosts", "own_trust": "Our trust", "nhs": "Other NHS organisations", "charity": "Charities",
    "patient_group": "Patient groups", "professional_body": "Professional bodies", "university": "Universities",
    "government": "Government and councils", "media": "News media", "union": "Unions",
    "other_organisation": "Other organisations", "not_declared": "Everybody else: no kind is declared",
}  # fmt: skip
_LONDON = ZoneInfo("Europe/London")
_USUAL_UNKNOWN = {
    "not_answered_whole": "a source has not answered for all of it",
    "longer_than_its_usual": "it lasts longer than the days before it that were collected",
    "no_usual_days": "no day before it was answered by every source",
    "usually_nothing": "nobody used the tag on the days before",
}

_LATE = -1
_VALENCES = ("criticism", "encouragement", "gratitude")


@dataclass(frozen=True)
class FrameTable:
    """The table of counts of one frame: themes, each before its headings; `total`: the sum of its mentions."""

    name: str
    lines: list[Line]
    total: str
    contributions: str


@dataclass(frozen=True)
class Summary:
    """The summary. `shown` is how a count of the whole conversation is shown; `answered`: of questions, in words."""

    trust: str
    publication: Publication
    small_numbers: SmallNumbers
    conversation: Conversation
    is_exact: bool
    intervals: list[Interval]
    hidden_intervals: set[int]
    sources: list[tuple[str, str, str]]
    participants: list[Line]
    countries: list[Line]
    frames: list[FrameTable]
    links: list[tuple[str, list[Line]]]
    languages: str
    answered: str
    hidden: int
    shown: Callable[[int], str]


def make(published: PublishedConversation, trust: str, *, is_exact: bool) -> Summary:
    """Make the summary; `is_exact`: with nothing hidden."""
    shown = Shown(published.small_numbers, is_exact)
    participants = {each.participant_code: each.contribution_count for each in published.participants}
    hidden = shown.hidden(participants)
    frames: dict[str, list[ThemeCount]] = defaultdict(list)
    for each in published.themes:
        frames[each.frame_code].append(each)
    return Summary(
        trust=trust,
        publication=published.publication,
        small_numbers=published.small_numbers,
        conversation=published.conversation,
        is_exact=is_exact,
        intervals=published.intervals,
        hidden_intervals=_hidden_intervals(published, shown),
        sources=list(_sources(published, shown)),
        participants=[
            Line(PARTICIPANTS[code], shown.of(code, count, hidden))
            for code in PARTICIPANTS
            if (count := participants.get(code))
        ],
        countries=conversation_countries.lines(published.countries, shown),
        frames=[_table(code, frames[code], shown) for code in FRAMES if code in frames],
        links=list(by_group(published.links, published.link_titles, shown)),
        languages=_languages(published.conversation, shown),
        answered=_answers(published.conversation, shown),
        hidden=shown.count,
        shown=shown.one,
    )


def _languages(conversation: Conversation, shown: Shown) -> str:
    counts = {
        "English": conversation.english_count,
        "Welsh": conversation.welsh_count,
        "other languages": conversation.other_language_count,
    }
    hidden = shown.hidden(counts)
    return ", ".join(f"{name} {shown.of(name, count, hidden)}" for name, count in counts.items())


def _answers(conversation: Conversation, shown: Shown) -> str:
    """What became of questions; how many were answered says how many were not."""
    asked, answered = conversation.question_count, conversation.host_answered_count
    words = f"{shown.one(asked)} questions of participants"
    if shown.one(asked) == HIDDEN or not asked or shown.beside(answered, asked) == HIDDEN:
        return f"{words}."
    minutes = conversation.median_host_reply_minutes
    soon = "" if minutes is None else f", half of them within {ceil(minutes)} minutes"
    return f"{words}; a host replied to {answered:,}{soon}."


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
    for code, words in (
        ("peak", "More was written than chance explains"),
        ("dip", "Less was written than chance explains"),
    ):
        times = [clock(each.interval_at, made.conversation) for each in made.intervals if each.traffic_code == code]
        if times:
            found.append(f"{words} from {', '.join(times)} on.")
    return found


def intervals(made: Summary) -> list[tuple[str, int | None, str, str | None]]:
    """Each interval: when it begins, its contributions (None where they are hidden), in words, and what it is."""
    found = []
    for place, each in enumerate(made.intervals):
        is_hidden = place in made.hidden_intervals
        count = None if is_hidden else each.contribution_count
        words = HIDDEN if is_hidden else f"{each.contribution_count:,}"
        found.append((clock(each.interval_at, made.conversation), count, words, each.traffic_code))
    return found


def clock(moment: datetime, conversation: Conversation) -> str:
    """A moment in London; with its day where the conversation had several."""
    local = moment.astimezone(_LONDON)
    first, last = (each.astimezone(_LONDON).date() for each in (conversation.begins_at, conversation.ends_at))
    return f"{local:%H:%M}" if first == last else f"{local.day} {local:%b %H:%M}"


def _hidden_intervals(published: PublishedConversation, shown: Shown) -> set[int]:
    """Which intervals are hidden, so that none follows from the others and from what came after the end."""
    counts = {place: each.contribution_count for place, each in enumerate(published.intervals)}
    late = published.conversation.contribution_count - sum(counts.values())
    return {place for place in shown.hidden(counts | {_LATE: max(0, late)}) if place != _LATE}


def _sources(published: PublishedConversation, shown: Shown) -> Iterable[tuple[str, str, str]]:
    counts = {each.source_label: each.contribution_count for each in published.sources}
    hidden = shown.hidden(counts)
    for each in published.sources:
        coverage = _answered(each.asked_day_count, each.answered_day_count)
        yield each.source_label, shown.of(each.source_label, each.contribution_count, hidden), coverage


def _answered(asked: int, answered: int) -> str:
    if not asked:
        return "not asked about it: what came is what other questions found"
    return "whole" if answered == asked else f"{answered} of {asked} days whole"


def _table(frame: str, counts: list[ThemeCount], shown: Shown) -> FrameTable:
    """The lines of a frame. Where what a theme says is hidden, so are its headings, and never one alone."""
    majors = {each.theme_code: each.contribution_count for each in counts if each.is_major}
    hidden = shown.hidden(majors)
    lines = []
    for each in counts:
        if not each.is_major:
            continue
        is_hidden = each.theme_code in hidden
        headings = {one.theme_code: one for one in counts if one.major_code == each.theme_code and not one.is_major}
        numbers = {code: one.contribution_count for code, one in headings.items()}
        below = set(numbers) if is_hidden else shown.hidden(numbers)
        of_theme = set(_VALENCES) if is_hidden else shown.hidden(_valences(each))
        lines.append(_line(each, is_hidden, of_theme, shown))
        unsafe = {
            code: set(_VALENCES) if code in below else shown.hidden(_valences(one)) for code, one in headings.items()
        }
        for valence in _VALENCES:
            # What a theme says of it, less what its other headings say, would be the heading that is hidden.
            if any(valence in hidden_here for hidden_here in unsafe.values()):
                for hidden_here in unsafe.values():
                    hidden_here.add(valence)
        lines += [_line(one, code in below, unsafe[code], shown, is_part=True) for code, one in headings.items()]
    return FrameTable(
        FRAMES[frame], lines, shown.one(counts[0].frame_mention_count), shown.one(counts[0].frame_contribution_count)
    )


def _line(each: ThemeCount, is_hidden: bool, valences: set[str], shown: Shown, is_part: bool = False) -> Line:
    counts = _valences(each)
    shown.count += is_hidden
    parts = tuple(shown.of(valence, counts[valence], valences) for valence in _VALENCES)
    return Line(each.theme_label, HIDDEN if is_hidden else f"{each.contribution_count:,}", parts, is_part)


def _valences(each: ThemeCount) -> dict[str, int]:
    """How a theme is spoken of, and the rest, which follows from them."""
    found = {
        "criticism": each.criticism_count,
        "encouragement": each.encouragement_count,
        "gratitude": each.gratitude_count,
    }
    # A contribution may criticise one heading and praise another: then there is no rest to speak of.
    return found | {"neither": max(0, each.contribution_count - sum(found.values()))}
