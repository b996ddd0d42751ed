"""Examples of themes that moved or lead: a comment that says what most say of one, and one that says otherwise.

Pure. They are survey comments of the report's recent weeks that fct_theme_examples names. Each must be quotable as any
other is (quotable.py), in its own week, and both as what it says of the theme and as what it says as a whole. A theme
has none where few write about it, or few speak of it well or ill. Of the other side alone nothing is shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from wordround.published.reading import Published
from wordround.published.tables import ServiceWeek, ThemeCount, ThemeExample
from wordround.quotes import closeness
from wordround.quotes.quotable import Comment, may_be_shown

MOST_THEMES = 2


@dataclass(frozen=True)
class ExampleComments:
    """`typical` speaks of the theme as most do, `other` does not; None where no such comment can be quoted."""

    theme_label: str
    typical: Comment
    other: Comment | None


def of_service(
    published: Published,
    service_id: str,
    theme_codes: Sequence[str],
    fits: Callable[[Comment], bool],
    seen: set[str],
) -> list[ExampleComments]:
    """Return the examples of at most MOST_THEMES themes of a service, in the order of `theme_codes`.

    seen: texts that the report quotes already, word by word; those of the examples are added.
    """
    themes = {theme.theme_code: theme for theme in published.themes.get(service_id, [])}
    found: list[ExampleComments] = []
    for code in theme_codes:
        theme = themes[code]
        if len(found) == MOST_THEMES or not _may_be_parted(theme, published):
            continue
        # As fct_theme_examples has it: who speaks of the theme in neither way has no say.
        prevailing = "negative" if theme.negative_count >= theme.positive_count else "positive"
        if typical := _first(published, service_id, code, prevailing, fits, seen):
            opposite = "positive" if prevailing == "negative" else "negative"
            other = _first(published, service_id, code, opposite, fits, seen)
            found.append(ExampleComments(theme.theme_label, typical, other))
    return found


def praise(
    published: Published, service_id: str, fits: Callable[[Comment], bool], most: int
) -> list[tuple[str, Comment]]:
    """Return the best examples of praise of a service with their themes, those first that most people praise."""
    themes = [theme for theme in published.themes.get(service_id, []) if _may_be_parted(theme, published)]
    found: list[tuple[str, Comment]] = []
    seen: set[str] = set()
    for theme in sorted(themes, key=lambda theme: (-theme.positive_count, theme.theme_code)):
        may_be_told = theme.positive_count and not published.small_numbers.is_small(theme.positive_count)
        if len(found) == most or not may_be_told:
            break
        if example := _first(published, service_id, theme.theme_code, "positive", fits, seen):
            found.append((theme.theme_label, example))
    return found


def _may_be_parted(theme: ThemeCount, published: Published) -> bool:
    """Whether the report may say how many speak of a theme negatively, and how many do not."""
    rest = theme.comment_count - theme.negative_count
    return not any(map(published.small_numbers.is_small, (theme.comment_count, theme.negative_count, rest)))


def _first(
    published: Published, service_id: str, code: str, polarity: str, fits: Callable[[Comment], bool], seen: set[str]
) -> Comment | None:
    weeks = {week.week_date: week for week in published.service_weeks.get(service_id, [])}
    for example in published.examples.get(service_id, []):
        if (example.theme_code, example.polarity) != (code, polarity):
            continue
        both = _shown(published, example, weeks)
        words = " ".join(closeness.words(both[-1].text)) if both else ""
        if both and all(map(fits, both)) and words not in seen:
            seen.add(words)
            return both[-1]
    return None


def _shown(published: Published, example: ThemeExample, weeks: dict[date, ServiceWeek]) -> Sequence[Comment]:
    """Return the example as what it is as a whole and as a comment of its polarity, where it may be shown as both."""
    if week := weeks.get(example.week_date):
        as_both = [example, replace(example, sentiment_label=example.polarity)]
        shown = may_be_shown(as_both, {example.service_id: week}, published.themes, published.small_numbers)
        if len(shown) == len(as_both):
            return shown
    return ()
