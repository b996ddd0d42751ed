"""What comments speak of, and how: themes of a service over the recent weeks, and what differs from the weeks before.

Shares only, in steps, and no counts: of the comments of the weeks, those on a theme, those that praise it and those
that criticise it. Pure functions of counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from wordround.published.disclosure import SmallNumbers, percent
from wordround.published.tables import ThemeCount

TOP_THEMES = 5
FEWEST_COMMENTS = 20

# Two shares this many standard errors apart differ by chance less than three times in 1,000 (both sides). A report
# compares some hundred pairs, hence not the usual two.
FAR_APART = 3.0


@dataclass(frozen=True)
class Theme:
    """One theme: of all comments, the share on it, and the shares that criticise and praise it; None where hidden."""

    label: str
    share: str | None
    value: float | None
    negative_share: str | None
    negative_value: float | None
    positive_share: str | None
    positive_value: float | None


@dataclass(frozen=True)
class ThemeMove:
    """A theme that is criticised or praised by more, or by fewer, than in as many weeks before, beyond chance."""

    label: str
    is_praise: bool
    is_up: bool
    share: str
    share_before: str
    distance: float
    before: str = "the weeks before"

    @property
    def is_good(self) -> bool:
        """More praise, or less criticism."""
        return self.is_praise == self.is_up

    @property
    def words(self) -> str:
        """The same as a sentence without the theme."""
        what = f"{'praised' if self.is_praise else 'criticised'} {'more' if self.is_up else 'less'}"
        return f"{what} than in {self.before}: in {self.share} of comments, before in {self.share_before}"


def themes(comments: int, counts: Iterable[ThemeCount], small: SmallNumbers) -> list[Theme]:
    """Return the themes of so many comments; none where there are few."""
    if comments < FEWEST_COMMENTS:
        return []
    return [_theme(theme, comments, small) for theme in counts]


def over_services(found: Mapping[str, Iterable[ThemeCount]]) -> list[ThemeCount]:
    """Return the themes of all services together, as those of no service, by name."""
    totals: dict[str, ThemeCount] = {}
    for each in (theme for of_service in found.values() for theme in of_service):
        known = totals.get(each.theme_code)
        former = (known.comment_count, known.negative_count, known.positive_count) if known else (0, 0, 0)
        counts = (each.comment_count, each.negative_count, each.positive_count)
        added = (one + other for one, other in zip(former, counts, strict=True))
        totals[each.theme_code] = ThemeCount("", each.theme_code, each.theme_label, *added)
    return sorted(totals.values(), key=lambda theme: theme.theme_label)


def moves(
    comments: int,
    now: Iterable[ThemeCount],
    comments_before: int,
    before: Iterable[ThemeCount],
    small: SmallNumbers,
    earlier_name: str = "the weeks before",
) -> list[ThemeMove]:
    """Return what differs beyond chance from other weeks, by the name `earlier_name`; the surest first."""
    if min(comments, comments_before) < FEWEST_COMMENTS:
        return []
    earlier = {theme.theme_code: theme for theme in before}
    found = []
    for theme in now:
        former = earlier.get(theme.theme_code)
        pairs = (
            (False, theme.negative_count, former.negative_count if former else 0),
            (True, theme.positive_count, former.positive_count if former else 0),
        )
        for is_praise, count, count_before in pairs:
            share, share_before = (
                small.rolling_share(count, comments),
                small.rolling_share(count_before, comments_before),
            )
            distance = standard_errors_apart(count, comments, count_before, comments_before)
            # Shares that look the same in steps are not told as different.
            if share is None or share_before is None or share == share_before or abs(distance) < FAR_APART:
                continue
            found.append(
                ThemeMove(
                    theme.theme_label,
                    is_praise,
                    distance > 0,
                    percent(share),
                    percent(share_before),
                    abs(distance),
                    earlier_name,
                )
            )
    return sorted(found, key=lambda move: (-move.distance, move.label))


def standard_errors_apart(count: int, total: int, count_before: int, total_before: int) -> float:
    """Return how many standard errors two shares are apart (two proportions, pooled)."""
    pooled = (count + count_before) / (total + total_before)
    error = sqrt(pooled * (1 - pooled) * (1 / total + 1 / total_before))
    return (count / total - count_before / total_before) / error if error else 0.0


def _theme(theme: ThemeCount, comments: int, small: SmallNumbers) -> Theme:
    share = small.rolling_share(theme.comment_count, comments)
    negative, positive = (
        None if share is None or small.is_small(theme.comment_count - count) else small.rolling_share(count, comments)
        for count in (theme.negative_count, theme.positive_count)
    )
    return Theme(
        label=theme.theme_label,
        share=_shown(share),
        value=share,
        negative_share=_shown(negative),
        negative_value=negative,
        positive_share=_shown(positive),
        positive_value=positive,
    )


def _shown(share: float | None) -> str | None:
    return None if share is None else percent(share)
