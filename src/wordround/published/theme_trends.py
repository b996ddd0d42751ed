"""Themes over the last quarter and the one before, major and minor, of every frame, of one service or of all together.

A report tells of major themes of patient experience; a page can show them all. The same rules hide what is small.
Weeks are added up before they leave the database: no single week of a theme is here.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import ClassVar

import duckdb

from wordround.plain_text import label as as_label
from wordround.published.database import rows
from wordround.published.disclosure import SmallNumbers
from wordround.published.reading import Published
from wordround.published.tables import ServiceWeek, ThemeCount
from wordround.published.themes import Theme, ThemeMove, moves, themes
from wordround.published.windows import RECENT_WEEKS

QUARTERS = 5
PATIENT_EXPERIENCE = "patient_experience"


@dataclass(frozen=True)
class CodedTheme:
    """One theme of a code frame, and the major theme that it belongs to or is."""

    TABLE: ClassVar = "marts.dim_themes"

    theme_code: str
    frame_code: str
    major_code: str
    theme_label: str
    level: str

    @property
    def label(self) -> str:
        """Its name as the page writes it."""
        return as_label(self.theme_label)

    @property
    def is_major(self) -> bool:
        return self.level == "major"


@dataclass(frozen=True)
class _QuarterCount(ThemeCount):
    """One theme of one service in one quarter; 0 is the last one."""

    quarters_ago: int


@dataclass(frozen=True)
class Trend:
    """A theme in the last quarter and in the one before; None where nobody spoke of it, or few people of anything."""

    theme: CodedTheme
    now: Theme | None
    before: Theme | None
    moves: tuple[ThemeMove, ...]

    @property
    def is_shown(self) -> bool:
        """Whether its share in the last quarter may be shown."""
        return self.now is not None and self.now.share is not None

    @property
    def is_worse(self) -> bool:
        """Whether it is criticised by more, or praised by fewer, than before."""
        return any(not move.is_good for move in self.moves)


@dataclass(frozen=True)
class ThemeTrends:
    """What the trends of themes are made of. `counts`: by service, theme and quarter; `comments`: by service."""

    coded: dict[str, CodedTheme]
    counts: Mapping[tuple[str, str, int], ThemeCount]
    comments: Mapping[tuple[str, int], int]
    first_weeks: tuple[date, ...]
    small: SmallNumbers

    @cached_property
    def of_all(self) -> dict[str, Trend]:
        """The trend of each theme over all services, in the order of the frames."""
        return {code: self.of(code) for code in self.coded}

    def of(self, theme_code: str, service_id: str = "") -> Trend:
        """The trend of a theme in one service, or over all."""
        now, before = self._counts(theme_code, service_id, 0), self._counts(theme_code, service_id, 1)
        comments, comments_before = (self.comments.get((service_id, ago), 0) for ago in (0, 1))
        return Trend(
            self.coded[theme_code],
            self._theme(theme_code, service_id, 0),
            self._theme(theme_code, service_id, 1),
            tuple(moves(comments, now, comments_before, before, self.small)),
        )

    def quarters(self, theme_code: str, service_id: str = "") -> list[tuple[date, Theme | None]]:
        """The theme in each quarter that is there, the latest first, with the Monday that it begins on."""
        found = [(first, self._theme(theme_code, service_id, ago)) for ago, first in enumerate(self.first_weeks)]
        return [each for ago, each in enumerate(found) if self.comments.get((service_id, ago))]

    def services(self, theme_code: str) -> list[str]:
        """Services of whose comments any was on the theme in the last quarter."""
        return sorted(
            service_id for service_id, code, ago in self.counts if service_id and (code, ago) == (theme_code, 0)
        )

    def _counts(self, theme_code: str, service_id: str, quarters_ago: int) -> list[ThemeCount]:
        found = self.counts.get((service_id, theme_code, quarters_ago))
        return [found] if found else []

    def _theme(self, theme_code: str, service_id: str, quarters_ago: int) -> Theme | None:
        comments = self.comments.get((service_id, quarters_ago), 0)
        counts = self._counts(theme_code, service_id, quarters_ago)
        return next(iter(themes(comments, counts, self.small)), None)


def read(connection: duckdb.DuckDBPyConnection, published: Published) -> ThemeTrends:
    """Read the trends of a publication."""
    last = published.week.week_date
    first_weeks = tuple(last - timedelta(weeks=(ago + 1) * RECENT_WEEKS - 1) for ago in range(QUARTERS))
    counted = rows(connection, _COUNTS, _QuarterCount, last, 7 * RECENT_WEEKS, first_weeks[-1], last)
    by_place: dict[tuple[str, str, int], list[ThemeCount]] = defaultdict(list)
    for each in counted:
        by_place[each.service_id, each.theme_code, each.quarters_ago].append(each)
        by_place["", each.theme_code, each.quarters_ago].append(each)
    coded = rows(connection, _THEMES, CodedTheme)
    return ThemeTrends(
        coded={each.theme_code: each for each in coded},
        counts={place: _together(found) for place, found in by_place.items()},
        comments=_comments([week for weeks in published.service_weeks.values() for week in weeks], last),
        first_weeks=first_weeks,
        small=published.small_numbers,
    )


def _together(counts: list[ThemeCount]) -> ThemeCount:
    first = counts[0]
    return ThemeCount(
        service_id=first.service_id if len(counts) == 1 else "",
        theme_code=first.theme_code,
        theme_label=as_label(first.theme_label),
        comment_count=sum(each.comment_count for each in counts),
        negative_count=sum(each.negative_count for each in counts),
        positive_count=sum(each.positive_count for each in counts),
    )


def _comments(weeks: list[ServiceWeek], last: date) -> dict[tuple[str, int], int]:
    found: dict[tuple[str, int], int] = defaultdict(int)
    for week in weeks:
        ago = (last - week.week_date).days // (7 * RECENT_WEEKS)
        if 0 <= ago < QUARTERS:
            found[week.service_id, ago] += week.comment_count
            found["", ago] += week.comment_count
    return dict(found)


_THEMES = """
select * from marts.dim_themes order by frame_code != 'patient_experience', frame_code, sort_order, theme_code
"""

_COUNTS = """
select
    weeks.service_id,
    weeks.theme_code,
    themes.theme_label,
    (date_diff('day', weeks.week_date, ?) // ?)::integer as quarters_ago,
    sum(weeks.comment_count)::bigint as comment_count,
    sum(weeks.negative_count)::bigint as negative_count,
    sum(weeks.positive_count)::bigint as positive_count
from marts.fct_service_theme_weeks as weeks
inner join marts.dim_themes as themes on weeks.theme_code = themes.theme_code
where weeks.week_date between ? and ?
group by all
having sum(weeks.comment_count) > 0
order by weeks.service_id, weeks.theme_code, quarters_ago
"""
