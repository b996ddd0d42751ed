"""What was written in public: what came in, what of it was about care, and what it said that the surveys did not.

Pure. Counts that are small stand in words, and shares in steps, as everywhere in a report.
"""

from dataclasses import dataclass

from wordround.plain_text import label as as_label
from wordround.published.disclosure import SmallNumbers, percent
from wordround.published.quarter import PublicPosts, Quarter, Spoken
from wordround.published.reading import Published
from wordround.published.themes import FAR_APART, FEWEST_COMMENTS, standard_errors_apart

MOST_THEMES = 4


@dataclass(frozen=True)
class Found:
    """What was found at one source over the recent weeks; a count that is hidden is "hidden"."""

    source: str
    about_care: str
    not_about_care: str
    copies: str


@dataclass(frozen=True)
class Social:
    """The place of social media on the first page. `only`: what posts spoke of and surveys did not, or much less."""

    lead: list[str]
    found: list[Found]
    only: list[str]

    @property
    def sentences(self) -> list[str]:
        """The same without the table."""
        said = [f"More in posts than in surveys: {line}" if ": in " in line else line for line in self.only]
        return [" ".join(self.lead), *said]


def social(published: Published) -> Social:
    """Return what the first page says of what was written in public."""
    quarter, small = published.quarter, published.small_numbers
    if not any(source.is_social for source in published.sources):
        return Social(["No social media is read: nobody has switched on such a source."], [], [])
    if not quarter.posts:
        return Social([f"Nothing was found in public {published.window.within}."], [], [])
    found = [_found(posts, small) for posts in quarter.posts]
    care = sum(posts.counted_count for posts in quarter.posts)
    this_week = sum(posts.week_count for posts in quarter.posts)
    all_found = care + sum(posts.not_about_care_count + posts.copy_count for posts in quarter.posts)
    when = published.window.within
    lead = [f"{when[0].upper()}{when[1:]}, {small.count_shown(all_found)} posts were found in public."]
    if not small.hidden_parts({"care": care, "rest": all_found - care}):
        lead.append(f"{care:,} of them tell of care, each counted once.")
    if not published.period and not small.hidden_parts({"now": this_week, "before": care - this_week}):
        lead.append(f"{this_week:,} of these are of this week." if this_week else "None of these is of this week.")
    return Social(lead, found, _only(quarter, small))


def _found(posts: PublicPosts, small: SmallNumbers) -> Found:
    counts = {
        "care": posts.counted_count,
        "other": posts.not_about_care_count,
        "copy": posts.copy_count,
    }
    hidden = small.hidden_parts(counts)
    shown = {name: "hidden" if name in hidden else f"{count:,}" for name, count in counts.items()}
    return Found(as_label(posts.source_label), shown["care"], shown["other"], shown["copy"])


def _only(quarter: Quarter, small: SmallNumbers) -> list[str]:
    posts = [each for each in quarter.spoken if each.is_social]
    others = {each.theme_code: each for each in quarter.spoken if not each.is_social}
    all_others = next((each.all_count for each in others.values()), 0)
    if not posts or posts[0].all_count < FEWEST_COMMENTS or all_others < FEWEST_COMMENTS:
        return ["There are too few posts or survey answers to say what one says and the other does not."]
    more = [each for each in posts if _is_more(each, others.get(each.theme_code), all_others, small)]
    more.sort(key=lambda each: (-_apart(each, others.get(each.theme_code), all_others), each.theme_label))
    if not more:
        return ["Posts speak of the same things as survey answers, as far as so few can tell."]
    return [_words(each, others.get(each.theme_code), all_others, small) for each in more[:MOST_THEMES]]


def _is_more(post: Spoken, other: Spoken | None, all_others: int, small: SmallNumbers) -> bool:
    share = small.rolling_share(post.comment_count, post.all_count)
    other_share = (other.comment_count if other else 0) / all_others
    return share is not None and share >= 2 * other_share and _apart(post, other, all_others) >= FAR_APART


def _apart(post: Spoken, other: Spoken | None, all_others: int) -> float:
    return standard_errors_apart(post.comment_count, post.all_count, other.comment_count if other else 0, all_others)


def _words(post: Spoken, other: Spoken | None, all_others: int, small: SmallNumbers) -> str:
    share = percent(small.in_steps(post.comment_count, post.all_count))
    other_share = small.rolling_share(other.comment_count if other else 0, all_others)
    said = "hardly any" if not other_share else percent(other_share)
    return f"{as_label(post.theme_label)}: in {share} of posts, in {said} of survey answers."
