"""What is shown of a conversation, to be passed on and on the web page: counts that may be shown, and their words."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from wordround.published import conversation_coding as coding
from wordround.published import conversation_countries
from wordround.published.conversation_links import by_group
from wordround.published.conversation_words import clock
from wordround.published.conversations import Conversation, Interval, PublishedConversation, ThemeCount
from wordround.published.disclosure import HIDDEN, SmallNumbers
from wordround.published.shown_counts import Line, Shown, least_told
from wordround.published.tables import Publication

FRAMES = {"lived_experience": "Lived experience", "patient_experience": "Patient experience", "own": "Our own themes"}
PARTICIPANTS = {
    "host": "Hosts", "own_trust": "Our trust", "nhs": "Other NHS organisations", "charity": "Charities",
    "patient_group": "Patient groups", "professional_body": "Professional bodies", "university": "Universities",
    "government": "Government and councils", "media": "News media", "union": "Unions",
    "other_organisation": "Other organisations", "not_declared": "Everybody else: no kind is declared",
}  # fmt: skip
_LATE = datetime.max
_TOTALS = ("contribution_count", "reshare_count", "copy_count", "voice_count")
_VALENCES = ("criticism", "encouragement", "gratitude")


@dataclass(frozen=True)
class FrameTable:
    """The table of counts of one frame: themes, each before its headings; `total`: the sum of its mentions.

    overlaps: themes that come together most often, two a line; agreement: of people who coded, in a sentence.
    """

    name: str
    lines: list[Line]
    total: str
    contributions: str
    overlaps: list[Line]
    agreement: str


@dataclass(frozen=True)
class Summary:
    """The summary.

    answered: of questions, in words; shown: how a sum of what sources count is shown, such as likes; totals: counts of
    the whole conversation as they are shown; told: the counts that it tells, by what they are of.
    """

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
    totals: Mapping[str, str]
    told: Mapping[str, int]


def make(
    published: PublishedConversation,
    trust: str,
    agreement: Mapping[str, coding.Agreement] = {},
    before: Sequence[Mapping[str, int]] = (),
    keyed: Callable[[str], str] = str,
    *,
    is_exact: bool,
) -> Summary:
    """Make the summary.

    agreement: of people who coded, by frame; before: what pages that somebody may have kept have told (`Summary.told`),
    by names that went through `keyed`; is_exact: with nothing hidden.
    """
    shown = Shown(published.small_numbers, is_exact, before, keyed)
    participants = {each.participant_code: each.contribution_count for each in published.participants}
    hidden = shown.hidden(participants, "participants")
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
        frames=[_table(code, frames[code], published, agreement.get(code), shown) for code in FRAMES if code in frames],
        links=list(by_group(published.links, published.link_titles, shown)),
        languages=_languages(published.conversation, shown),
        answered=_answers(published.conversation, shown),
        totals={name: shown.total(name, getattr(published.conversation, name) or 0) for name in _TOTALS},
        hidden=shown.count,
        shown=shown.one,
        told=shown.told,
    )


def _languages(conversation: Conversation, shown: Shown) -> str:
    counts = {
        "English": conversation.english_count,
        "Welsh": conversation.welsh_count,
        "other languages": conversation.other_language_count,
    }
    hidden = shown.hidden(counts, "languages")
    return ", ".join(f"{name} {shown.of(name, count, hidden)}" for name, count in counts.items())


def _answers(conversation: Conversation, shown: Shown) -> str:
    """What became of questions; how many were answered says how many were not."""
    asked, answered = conversation.question_count, conversation.host_answered_count
    shown_asked = shown.total("questions", asked)
    words = f"{shown_asked} questions of participants"
    if shown_asked == HIDDEN or not asked or shown.beside(answered, asked) == HIDDEN:
        return f"{words}."
    parts = {"questions answered": answered, "questions open": asked - answered}
    if not all(shown.stands(name, count) for name, count in parts.items()):
        return f"{words}."
    minutes = conversation.median_host_reply_minutes
    soon = "" if minutes is None else f", half of them within {ceil(minutes)} minutes"
    return f"{words}; a host replied to {answered:,}{soon}."


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


def _hidden_intervals(published: PublishedConversation, shown: Shown) -> set[int]:
    """Which intervals are hidden, so that none follows from the others and from what came after the end."""
    counts = {each.interval_at: each.contribution_count for each in published.intervals}
    late = published.conversation.contribution_count - sum(counts.values())
    # Intervals are longer where fewer wrote, and then they are others.
    minutes = published.intervals[0].interval_minutes if published.intervals else 0
    hidden = shown.hidden(counts | {_LATE: max(0, late)}, f"each {minutes} minutes")
    return {place for place, each in enumerate(published.intervals) if each.interval_at in hidden}


def _sources(published: PublishedConversation, shown: Shown) -> Iterable[tuple[str, str, str]]:
    counts = {each.source_label: each.contribution_count for each in published.sources}
    hidden = shown.hidden(counts, "sources")
    for each in published.sources:
        coverage = _answered(each.asked_day_count, each.answered_day_count)
        yield each.source_label, shown.of(each.source_label, each.contribution_count, hidden), coverage


def _answered(asked: int, answered: int) -> str:
    if not asked:
        return "not asked about it: what came is what other questions found"
    return "whole" if answered == asked else f"{answered} of {asked} days whole"


def _table(
    frame: str,
    counts: list[ThemeCount],
    published: PublishedConversation,
    agreement: coding.Agreement | None,
    shown: Shown,
) -> FrameTable:
    """The lines of a frame. Where what a theme says is hidden, so are its headings, and never one alone."""
    majors = {each.theme_code: each.contribution_count for each in counts if each.is_major}
    wholes = counts[0].frame_contribution_count, published.conversation.contribution_count
    # A theme that nearly all have tells how few have it not.
    hidden = shown.hidden(
        majors, f"themes of {frame}", {code: least_told(count, *wholes) for code, count in majors.items()}
    )
    lines = []
    for each in counts:
        if not each.is_major:
            continue
        is_hidden = each.theme_code in hidden
        headings = {one.theme_code: one for one in counts if one.major_code == each.theme_code and not one.is_major}
        numbers = {code: one.contribution_count for code, one in headings.items()}
        left = {code: least_told(count, each.contribution_count) for code, count in numbers.items()}
        below = set(numbers) if is_hidden else shown.hidden(numbers, f"headings of {each.theme_code}", left)
        of_theme = set(_VALENCES) if is_hidden else _hidden_valences(each, shown)
        lines.append(_line(each, is_hidden, of_theme, shown))
        unsafe = {
            code: set(_VALENCES) if code in below else _hidden_valences(one, shown) for code, one in headings.items()
        }
        for valence in _VALENCES:
            # What a theme says of it, less what its other headings say, would be the heading that is hidden.
            if any(valence in hidden_here for hidden_here in unsafe.values()):
                for hidden_here in unsafe.values():
                    hidden_here.add(valence)
        lines += [_line(one, code in below, unsafe[code], shown, is_part=True) for code, one in headings.items()]
    told = {each.theme_code: each for each in counts if each.is_major and each.theme_code not in hidden}
    return FrameTable(
        name=FRAMES[frame],
        lines=lines,
        # Where one theme alone is hidden, no other being there, it would follow.
        total=shown.total(f"mentions of {frame}", counts[0].frame_mention_count, 1 if len(hidden) == 1 else None),
        contributions=_with_a_theme(counts[0], published.conversation.contribution_count, shown),
        overlaps=[
            Line(label, f"{count:,}")
            for label, count in coding.overlaps(published.pairs, told, shown.tells_both, shown.stands)
        ],
        agreement=coding.agreed(agreement, published.conversation.contribution_count, shown.tells_both),
    )


def _with_a_theme(of_frame: ThemeCount, whole: int, shown: Shown) -> str:
    """How many contributions have a theme of a frame, where it tells of no few that have none, or several."""
    count, mentions = of_frame.frame_contribution_count, of_frame.frame_mention_count
    left = f"without a theme of {of_frame.frame_code}", whole - count
    least = least_told(count, whole, mentions)
    if not shown.is_many(least) or not shown.stands(*left):
        shown.count += 1
        return HIDDEN
    return shown.total(f"contributions of {of_frame.frame_code}", count)


def _line(each: ThemeCount, is_hidden: bool, valences: set[str], shown: Shown, is_part: bool = False) -> Line:
    counts = _valences(each)
    shown.count += is_hidden
    parts = tuple(shown.of(valence, counts[valence], valences) for valence in _VALENCES)
    return Line(each.theme_label, HIDDEN if is_hidden else f"{each.contribution_count:,}", parts, is_part)


def _hidden_valences(each: ThemeCount, shown: Shown) -> set[str]:
    return shown.hidden(_valences(each), f"valences of {each.theme_code}")


def _valences(each: ThemeCount) -> dict[str, int]:
    """How a theme is spoken of, and the rest, which follows from them."""
    found = {
        "criticism": each.criticism_count,
        "encouragement": each.encouragement_count,
        "gratitude": each.gratitude_count,
    }
    # A contribution may criticise one heading and praise another: then there is no rest to speak of.
    return found | {"neither": max(0, each.contribution_count - sum(found.values()))}
