"""Conversations as they are published: what came, who took part, what was said and asked, and against the usual."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

import duckdb

from wordround.errors import ConversationNotThere
from wordround.published.database import rows
from wordround.published.disclosure import SmallNumbers
from wordround.published.reading import read_publication, read_rules
from wordround.published.tables import Publication


@dataclass(frozen=True)
class Conversation:
    """One conversation; counts are exact, null where they are not known."""

    TABLE: ClassVar = "marts.fct_conversations"

    conversation_id: str
    conversation_label: str
    tags: str
    usual_unknown_reason: str | None
    sources_without_voices: str | None
    sources_without_views: str | None
    sources_not_whole: str | None
    post_count: int
    reshare_count: int
    copy_count: int
    contribution_count: int
    voice_count: int | None
    english_count: int
    welsh_count: int
    other_language_count: int
    negative_count: int
    positive_count: int
    labelled_count: int
    like_count: int | None
    share_count: int | None
    reply_count: int | None
    quote_count: int | None
    view_count: int | None
    question_count: int
    host_answered_count: int
    host_question_count: int
    median_host_reply_minutes: float | None
    tagged_post_count: int
    usual_stretch_count: int
    usual_post_count: float | None
    times_usual: float | None
    times_usual_low: float | None
    times_usual_high: float | None
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Interval:
    """A stretch of a conversation; `traffic_code`: `peak` or `dip` where it stands out."""

    interval_at: datetime
    interval_minutes: int
    contribution_count: int
    reshare_count: int
    traffic_code: str | None


@dataclass(frozen=True)
class SourcePart:
    """What came of a conversation from one source, and how many of its days that has answered whole."""

    source_label: str
    contribution_count: int
    asked_day_count: int
    answered_day_count: int


@dataclass(frozen=True)
class Participants:
    """Contributions of one declared kind of participant."""

    participant_code: str
    contribution_count: int
    organisation_count: int


@dataclass(frozen=True)
class CountryCount:
    """Contributions of one country that a source declares; `country_code` is `not_declared` for all others.

    writer_count: how many wrote these, as far as they can be told apart.
    """

    country_code: str
    contribution_count: int
    writer_count: int


@dataclass(frozen=True)
class ThemeCount:
    """One theme or heading of a frame: `is_major` for a theme, of which its headings are parts."""

    frame_code: str
    theme_code: str
    major_code: str
    theme_label: str
    is_major: bool
    contribution_count: int
    criticism_count: int
    encouragement_count: int
    gratitude_count: int
    frame_contribution_count: int
    frame_mention_count: int


@dataclass(frozen=True)
class ThemePair:
    """How many contributions have both of two major themes of a frame."""

    frame_code: str
    theme_code: str
    other_theme_code: str
    contribution_count: int


@dataclass(frozen=True)
class LinkCount:
    """A domain that contributions point to, and how many wrote these, as far as they can be told apart."""

    link_domain: str
    link_group: str
    contribution_count: int
    writer_count: int


@dataclass(frozen=True)
class LinkTitle:
    """The title of a page that contributions point to, and how many wrote these, as far as they can be told apart."""

    link_domain: str
    link_title: str
    contribution_count: int
    writer_count: int


@dataclass(frozen=True)
class Surge:
    """A tag that rose well above its usual on a day, and that no conversation has."""

    tag: str
    posted_date: date
    post_count: int
    times_usual: float


@dataclass(frozen=True)
class PublishedConversation:
    """One conversation with all its parts."""

    publication: Publication
    small_numbers: SmallNumbers
    conversation: Conversation
    intervals: list[Interval]
    sources: list[SourcePart]
    participants: list[Participants]
    countries: list[CountryCount]
    themes: list[ThemeCount]
    pairs: list[ThemePair]
    links: list[LinkCount]
    link_titles: list[LinkTitle]


def listed(connection: duckdb.DuckDBPyConnection) -> list[Conversation]:
    """Return all conversations, the latest first."""
    return rows(
        connection, "select * from marts.fct_conversations order by begins_at desc, conversation_id", Conversation
    )


def surges(connection: duckdb.DuckDBPyConnection) -> list[Surge]:
    """Return the tags of the last weeks that somebody may want to declare, the highest first."""
    return rows(connection, _SURGES, Surge)


def of(connection: duckdb.DuckDBPyConnection, conversation_id: str) -> PublishedConversation:
    """Read one conversation from a published warehouse that is open. Raises ConversationNotThere."""
    known = listed(connection)
    found = next((each for each in known if each.conversation_id == conversation_id), None)
    if found is None:
        names = ", ".join(each.conversation_id for each in known)
        there = f"Published are: {names}." if known else "No conversation is published."
        raise ConversationNotThere(
            f"No conversation of this name is published. {there} One that was declared since is there after the next "
            "`wordround run`."
        )
    return PublishedConversation(
        publication=read_publication(connection),
        small_numbers=read_rules(connection).small_numbers,
        conversation=found,
        intervals=rows(connection, _INTERVALS, Interval, conversation_id),
        sources=rows(connection, _SOURCES, SourcePart, conversation_id),
        participants=rows(connection, _PARTICIPANTS, Participants, conversation_id),
        countries=rows(connection, _COUNTRIES, CountryCount, conversation_id),
        themes=rows(connection, _THEMES, ThemeCount, conversation_id),
        pairs=rows(connection, _PAIRS, ThemePair, conversation_id),
        links=rows(connection, _LINKS, LinkCount, conversation_id),
        link_titles=rows(connection, _LINK_TITLES, LinkTitle, conversation_id),
    )


_INTERVALS = """
select
    interval_at, interval_minutes, sum(contribution_count)::integer as contribution_count,
    sum(reshare_count)::integer as reshare_count, any_value(traffic_code) as traffic_code
from marts.fct_conversation_minutes where conversation_id = ?
group by interval_at, interval_minutes order by interval_at
"""

_SOURCES = """
select names.source_label, parts.* from marts.fct_conversation_sources as parts
inner join marts.dim_sources as names on parts.source_code = names.source_code
where conversation_id = ? order by names.source_label
"""

_PARTICIPANTS = """
select * from marts.fct_conversation_participants where conversation_id = ?
order by contribution_count desc, participant_code
"""

_COUNTRIES = """
select * from marts.fct_conversation_countries where conversation_id = ? order by contribution_count desc, country_code
"""

# Themes in the order of their frame, each before its headings.
_THEMES = """
select counts.*, themes.major_code, themes.theme_label, themes.level = 'major' as is_major
from marts.fct_conversation_themes as counts
inner join marts.dim_themes as themes on counts.theme_code = themes.theme_code
inner join marts.dim_themes as majors on themes.major_code = majors.theme_code
where conversation_id = ? order by counts.frame_code, majors.sort_order, is_major desc, themes.sort_order
"""

_PAIRS = """
select * from marts.fct_conversation_theme_pairs where conversation_id = ?
order by contribution_count desc, theme_code, other_theme_code
"""

_LINKS = """
select * from marts.fct_conversation_links where conversation_id = ?
order by contribution_count desc, link_domain
"""

_LINK_TITLES = """
select * from marts.fct_conversation_link_titles where conversation_id = ?
order by contribution_count desc, link_title
"""

_SURGES = """
select tag, posted_date, post_count, times_usual from marts.fct_tag_surges
where not is_declared and posted_date > (select max(posted_date) from marts.fct_tag_surges) - interval 28 day
order by times_usual desc, posted_date desc, tag limit 20
"""
