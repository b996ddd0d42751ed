"""Chooses what of people's own words stands in the weekly report, and says what is quoted and why nothing is.

Survey answers are quoted word for word where the settings say so; of everything else (posts, reviews, complaints) only
an approved rewrite is shown, or their number. A quote carries no theme and no day: it is of the report's week. An
example of a theme (examples.py) carries the theme and no week. The same publication gives the same quotes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wordround.published.disclosure import SmallNumbers, is_hidden
from wordround.published.reading import Published
from wordround.published.tables import PublishedComment, ServiceWeek, ThemeCount, ThemeWeek
from wordround.published.windows import RECENT_WEEKS
from wordround.quotes import closeness, examples
from wordround.quotes.quotable import Comment, is_survey, may_be_shown, quotable, readable
from wordround.settings import Quotes

SURVEY_LABEL = "Patient comment, identifiers removed"
POST_LABEL = "Social media post, in other words"

# Short enough to be read, long enough to say something.
USUAL_WORDS = 14

_OFF = "No comment is quoted: the trust's settings do not allow it. The figures above count all of them."
_HIDDEN = "No comment is quoted: this week's numbers are hidden, and a quote could point to its writer."
_NONE = "No comment of this week is quoted: none is both typical and free of details that could point to its writer."
_CONDITIONS = (
    "never where the number of comments is hidden, never with details that few people share. They are "
    "examples and not evidence. Please do not try to find out who wrote one, and do not pass them on outside the trust."
)
_HOW = (
    "Some survey comments of this week are quoted word for word, with what identifies a person replaced by words in "
    "square brackets. A fixed rule chose them: themes that grew or that many wrote about, negative and positive in "
    f"fair proportion, {_CONDITIONS}"
)
_HOW_EXAMPLES = (
    "Below some themes stand examples from the last {weeks} weeks, under the same conditions: one comment that speaks "
    "of the theme as most do and, where one can be quoted, one that does not. Neither says how many think so."
)
_HOW_OF_PERIOD = (
    "Below some themes stand survey comments, word for word, with what identifies a person replaced by words in square "
    "brackets: one that speaks of the theme as most do and, where one can be quoted, one that does not. Neither says "
    f"how many think so. A fixed rule chose them: {_CONDITIONS}"
)
_POSTS = "Social media posts are never quoted word for word, because a search would lead to whoever wrote them."
_NO_SURVEY = "They are never quoted word for word, because their words could lead to whoever wrote them."


@dataclass(frozen=True)
class Quote:
    """What is shown, with its label; `comment_id` is for the list of what the report quotes and is not shown."""

    comment_id: str
    text: str
    label: str


@dataclass(frozen=True)
class ThemeQuotes:
    """What is quoted of one theme: `typical` speaks of it as most do, `other` does not."""

    theme_label: str
    typical: Quote
    other: Quote | None


@dataclass(frozen=True)
class ServiceQuotes:
    """What the section of one service quotes, why not more, how many posts there were, in words, and its themes."""

    quotes: list[Quote]
    why: str | None
    posts: str | None
    themes: list[ThemeQuotes]


@dataclass(frozen=True)
class Quoting:
    """What the report quotes. `note`: what is quoted in this report and how it was chosen; `why`: by service."""

    by_service: dict[str, list[Quote]] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    posts: dict[str, str] = field(default_factory=dict)
    note: str = ""
    themes: dict[str, list[ThemeQuotes]] = field(default_factory=dict)

    @property
    def comment_ids(self) -> list[str]:
        """Ids of all comments that the report quotes, also in other words."""
        of_themes = [theme for themes in self.themes.values() for theme in themes]
        examples = [quote for theme in of_themes for quote in (theme.typical, theme.other) if quote]
        quotes = [quote for quotes in self.by_service.values() for quote in quotes]
        return sorted({quote.comment_id for quote in (*quotes, *examples)})

    def of(self, service_id: str) -> ServiceQuotes:
        """What the section of one service shows."""
        quotes = self.by_service.get(service_id, [])
        themes = self.themes.get(service_id, [])
        return ServiceQuotes(quotes, self.why.get(service_id), self.posts.get(service_id), themes)


def choose(published: Published, settings: Quotes, rewrites: Mapping[str, str]) -> Quoting:
    """Choose the quotes of a report.

    rewrites: the approved rewrite of each comment that has one which still holds (see `quotes.rewriting.approved`).
    """
    weeks = weeks_by_service(published)
    shown = may_be_shown(published.comments, weeks, published.themes, published.small_numbers)
    names = own_names(published)
    by_service: dict[str, list[Quote]] = {}
    why: dict[str, str] = {}
    posts: dict[str, str] = {}
    seen: set[str] = set()
    fits = quotable(settings.longest_words, names)
    for service_id, week in weeks.items():
        of_service = [comment for comment in shown if comment.service_id == service_id]
        chosen: list[Quote] = []
        moods: set[str] = set()
        if settings.survey_comments:
            pool = [comment for comment in of_service if fits(comment)]
            typical = _typical(pool, published, week, settings.per_service, seen)
            chosen += [_quote(comment) for comment in typical]
            moods = {comment.sentiment for comment in typical}
        reworded = [c for c in of_service if not c.is_survey and c.comment_id in rewrites][: settings.per_service]
        chosen += [Quote(c.comment_id, readable(rewrites[c.comment_id]), POST_LABEL) for c in reworded]
        if chosen:
            by_service[service_id] = chosen
        if week.comment_count:
            why[service_id] = _why(settings, week, moods)
        if sentence := _posts(published.comments, week, bool(reworded), published.small_numbers):
            posts[service_id] = sentence
    themes: dict[str, list[ThemeQuotes]] = {}
    with_examples = [each.service_id for each in published.services] if published.period else list(weeks)
    for service_id in with_examples if settings.survey_comments else ():
        codes = _themes_by_news(published, service_id, "negative")
        if found := examples.of_service(published, service_id, codes, fits, seen):
            themes[service_id] = [
                ThemeQuotes(one.theme_label, _quote(one.typical), _quote(one.other) if one.other else None)
                for one in found
            ]
    return Quoting(by_service, why, posts, _note(published, settings, by_service, bool(themes)), themes)


def weeks_by_service(published: Published) -> dict[str, ServiceWeek]:
    """The report's week of each service that the report is about; none where it is about a month or a quarter."""
    if published.period:
        return {}
    return {
        service.service_id: week
        for service in published.services
        for week in published.service_weeks.get(service.service_id, [])
        if week.week_date == published.week.week_date
    }


def own_names(published: Published) -> set[str]:
    """Names of the trusts, sites and services that the report is about."""
    return {
        name
        for service in published.services
        for name in (service.trust_label, service.site_label, service.service_label)
        if name
    }


def _typical(pool: list[Comment], published: Published, week: ServiceWeek, most: int, seen: set[str]) -> list[Comment]:
    """Negative and positive comments in the proportion of the week, those on the themes that it is about first.

    Where only one of the two can be quoted, one comment stands alone: two would tell half of the story twice.
    """
    by_class = {name: [c for c in pool if c.sentiment == name] for name in ("negative", "positive")}
    places = _places(week, {name for name, comments in by_class.items() if comments}, most)
    chosen = []
    for name in ("negative", "positive"):
        themes = _themes_by_news(published, week.service_id, name)
        ranked = sorted(by_class[name], key=lambda comment: _rank(comment, themes))
        for comment in ranked:
            same = " ".join(closeness.words(comment.text))
            if places.get(name, 0) > 0 and same not in seen:
                seen.add(same)
                places[name] -= 1
                chosen.append(comment)
    return chosen


def _places(week: ServiceWeek, available: set[str], most: int) -> dict[str, int]:
    if len(available) < 2 or most < 2:
        counts = {"negative": week.negative_count, "positive": week.positive_count}
        larger = max(sorted(available), key=lambda name: counts[name], default=None)
        return {larger: min(most, 1)} if larger else {}
    negative, positive = week.negative_count, week.positive_count
    places = int(most * negative / (negative + positive) + 0.5)
    places = min(max(places, 1), most - 1)
    return {"negative": places, "positive": most - places}


def _rank(comment: Comment, themes: list[str]) -> tuple[int, int, str]:
    place = min((themes.index(theme) for theme in comment.themes if theme in themes), default=len(themes))
    return place, abs(len(closeness.words(comment.text)) - USUAL_WORDS), comment.comment_id


def _themes_by_news(published: Published, service_id: str, sentiment: str) -> list[str]:
    """Theme codes of a service: those that grew most this week against its other recent weeks, then the most frequent.

    Only figures that may be shown decide.
    """
    this_week = {theme.theme_code: theme for theme in published.week_themes.get(service_id, [])}
    small = published.small_numbers
    recent = [theme for theme in published.themes.get(service_id, []) if not small.is_small(theme.comment_count)]
    whole = sum(theme.comment_count for theme in recent) or 1
    whole_now = sum(theme.comment_count for theme in this_week.values() if not _hides(theme)) or 1

    def size(theme: ThemeCount | ThemeWeek) -> int:
        return theme.negative_count if sentiment == "negative" else theme.comment_count - theme.negative_count

    def growth(theme: ThemeCount) -> float:
        now = this_week.get(theme.theme_code)
        return 0.0 if now is None or _hides(now) else round(size(now) / whole_now - size(theme) / whole, 2)

    ranked = sorted(recent, key=lambda theme: (-growth(theme), -size(theme), theme.theme_code))
    return [theme.theme_code for theme in ranked]


def _hides(theme: ThemeWeek) -> bool:
    return is_hidden(theme.comment_count_label) or is_hidden(theme.negative_count_label)


def _quote(comment: Comment) -> Quote:
    return Quote(comment.comment_id, readable(comment.text), SURVEY_LABEL)


def _why(settings: Quotes, week: ServiceWeek, moods: set[str]) -> str:
    """Why nothing is quoted, or only what is good or bad; nothing where both are."""
    if not settings.survey_comments:
        return _OFF
    if moods:
        missing = sorted({"negative", "positive"} - moods)
        return f"No {missing[0]} comment of this week can be quoted." if missing and settings.per_service > 1 else ""
    return _HIDDEN if is_hidden(week.comment_count_label) else _NONE


def _posts(comments: list[PublishedComment], week: ServiceWeek, has_rewrite: bool, small: SmallNumbers) -> str | None:
    """How many of the week's comments answer no survey; not how many where that could point to few people."""
    posts = sum(one.service_id == week.service_id and not is_survey(one) for one in comments)
    if not posts:
        return None
    rest = week.comment_count - posts
    counted = not is_hidden(week.comment_count_label) and not small.is_small(posts) and not small.is_small(rest)
    many = f"{posts:,}" if counted else "Some"
    sentence = f"{many} of this week's comments are posts, reviews, stories or complaints, not survey answers"
    return f"{sentence}{'' if counted else '; how many is hidden'}. {_NO_SURVEY}" + (
        "" if has_rewrite else " None of them has been put into other words and approved."
    )


def _note(published: Published, settings: Quotes, by_service: dict[str, list[Quote]], has_examples: bool) -> str:
    labels = {quote.label for quotes in by_service.values() for quote in quotes}
    sentences = []
    if SURVEY_LABEL in labels:
        sentences.append(_HOW)
    elif settings.survey_comments and published.period:
        sentences.append(_HOW_OF_PERIOD if has_examples else "The trust allows survey comments to be quoted. None is.")
    elif settings.survey_comments:
        sentences.append("The trust allows survey comments to be quoted. No survey comment of this week is.")
    else:
        sentences.append("This report quotes no survey comment, because the trust's settings do not allow it.")
    if has_examples and not published.period:
        sentences.append(_HOW_EXAMPLES.format(weeks=RECENT_WEEKS))
    if POST_LABEL in labels:
        sentences.append(
            f"{_POSTS} Where one is shown, one person has put it into other words and a second one has approved that."
        )
    elif any(source.is_social for source in published.sources):
        sentences.append(f"{_POSTS} This report shows their numbers.")
    sentences.append(
        "What suggests that somebody is in danger is never quoted, and nobody is told of it by this report."
    )
    return " ".join(sentences)
