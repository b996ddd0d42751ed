"""What people write beside how they score, with what is small left out: how far they agree, and where they do not."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import duckdb

from wordround.plain_text import label as as_label
from wordround.published import periods
from wordround.published.database import rows
from wordround.published.disclosure import SmallNumbers, percent
from wordround.published.wording import counted

WORDS = {
    "survey_words": "Answers to surveys",
    "story_words": "Stories of Care Opinion",
    "review_words": "Reviews",
    "post_words": "Posts on social media",
}
OUTCOMES = {
    "fft_scores": "scores of the Friends and Family Test",
    "story_ratings": "stars of stories",
    "story_criticality": "how critical moderators find stories",
    "review_ratings": "stars of reviews",
}
_MOST_DISAGREEMENTS = 10
# Places that differ by less than half are as far apart as any two.
_LEAST_DISAGREEMENT = 0.5
# Of fewer comments, or fewer scores, no month is set against its other measure.
LEAST_COUNT = 20


@dataclass(frozen=True)
class _Pair:
    TABLE: ClassVar = "marts.fct_triangulation_pairs"

    words_code: str
    outcome_code: str
    kind_label: str | None
    not_said_reason: str | None
    service_count: int
    service_month_count: int
    rho: float | None
    rho_low: float | None
    rho_high: float | None


@dataclass(frozen=True)
class _Disagreement:
    TABLE: ClassVar = "marts.fct_triangulation_disagreements"

    words_code: str
    outcome_code: str
    service_id: str
    service_label: str
    month_code: str
    words_count: int
    negative_count: int
    outcome_count: int
    outcome_value: float
    disagreement: float


@dataclass(frozen=True)
class _Lead:
    TABLE: ClassVar = "marts.fct_theme_leads"

    trust_code: str
    theme_code: str
    theme_label: str
    outcome_code: str
    not_said_reason: str | None
    lead_week_count: int | None
    lead_low: int | None
    lead_high: int | None
    social_week_date: date | None
    survey_week_date: date | None


@dataclass(frozen=True)
class Agreement:
    """One pair of measures of one kind of service, or of all. `rho` and `between` are None where nothing is said."""

    words: str
    outcome: str
    kind: str | None
    months: int
    services: int
    rho: str | None
    between: str | None
    reason: str | None
    says: str


@dataclass(frozen=True)
class Disagreement:
    """One month of one service in which words and scores disagree, in steps; None where hidden, and then not shown."""

    words: str
    outcome: str
    service_id: str
    service: str
    month: str
    negative: str | None
    scored: str | None
    is_worse_in_words: bool


@dataclass(frozen=True)
class Lead:
    """One rise of a theme, in words; `code` as published."""

    theme_code: str
    theme: str
    code: str
    says: str
    social: date | None
    survey: date | None


def agreements(connection: duckdb.DuckDBPyConnection) -> list[Agreement]:
    """Return how far words and scores go together, of all services and then of each kind."""
    return [_agreement(each) for each in rows(connection, _PAIRS, _Pair)]


def disagreements(connection: duckdb.DuckDBPyConnection, small: SmallNumbers) -> list[Disagreement]:
    """Return the months of services in which words and scores are furthest apart, the latest first.

    Of those that may be shown and rest on enough of both: of few people any two measures are far apart.
    """
    every = rows(connection, _DISAGREEMENTS, _Disagreement, _LEAST_DISAGREEMENT, LEAST_COUNT, LEAST_COUNT)
    found = ((each, _disagreement(each, small)) for each in every)
    shown = [(each, said) for each, said in found if said.negative and said.scored][:_MOST_DISAGREEMENTS]
    return [said for _, said in sorted(shown, key=lambda pair: pair[0].month_code, reverse=True)]


def leads(connection: duckdb.DuckDBPyConnection) -> list[Lead]:
    """Return the rises of themes, the most recent first, and then themes of which nothing can be said."""
    return [
        Lead(
            each.theme_code, as_label(each.theme_label), each.outcome_code, _lead_in_words(each),
            each.social_week_date, each.survey_week_date,
        )
        for each in rows(connection, _LEADS, _Lead)
        if each.outcome_code != "no_rise"
    ]  # fmt: skip


def without_rise(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many themes rose neither here nor there."""
    found = connection.execute(_WITHOUT_RISE).fetchone()
    return int(found[0]) if found else 0


def _agreement(pair: _Pair) -> Agreement:
    rho = between = None
    says = "cannot be said"
    if pair.rho is not None and pair.rho_low is not None and pair.rho_high is not None:
        rho, between = f"{pair.rho:.2f}", f"{pair.rho_low:.2f} to {pair.rho_high:.2f}"
        says = _said(pair.rho, pair.rho_low, pair.rho_high)
    return Agreement(
        WORDS.get(pair.words_code, pair.words_code), OUTCOMES.get(pair.outcome_code, pair.outcome_code),
        pair.kind_label and as_label(pair.kind_label), pair.service_month_count, pair.service_count, rho, between,
        pair.not_said_reason, says,
    )  # fmt: skip


def _said(rho: float, low: float, high: float) -> str:
    if low <= 0 <= high:
        return "may be chance"
    if rho < 0:
        return "they go against each other"
    return "they go together closely" if low >= 0.5 else "they go together"


def _disagreement(each: _Disagreement, small: SmallNumbers) -> Disagreement:
    negative = small.rolling_share(each.negative_count, each.words_count)
    return Disagreement(
        WORDS.get(each.words_code, each.words_code), OUTCOMES.get(each.outcome_code, each.outcome_code),
        each.service_id, as_label(each.service_label), periods.name("month", each.month_code),
        None if negative is None else percent(negative), _outcome_in_words(each, small), each.disagreement > 0,
    )  # fmt: skip


def _outcome_in_words(each: _Disagreement, small: SmallNumbers) -> str | None:
    if each.outcome_code == "fft_scores":
        share = small.rolling_share(round(each.outcome_value * each.outcome_count), each.outcome_count)
        return None if share is None else f"{percent(share)} poor or very poor"
    if small.is_small(each.outcome_count):
        return None
    if each.outcome_code == "story_criticality":
        return f"{each.outcome_value:.1f} of 5 (severely critical)"
    return f"{-each.outcome_value:.1f} of 5 stars"


def _lead_in_words(each: _Lead) -> str:
    if each.outcome_code == "cannot_be_said":
        return f"cannot be said: {each.not_said_reason}"
    if each.outcome_code in _ALONE:
        return _ALONE[each.outcome_code]
    low, high, weeks = (number or 0 for number in (each.lead_low, each.lead_high, each.lead_week_count))
    if each.outcome_code == "untold":
        return f"in both, and it cannot be told where first ({_between(low, high)})"
    where = "on social media first" if each.outcome_code == "social_first" else "in surveys first"
    least, most = sorted((abs(low), abs(high)))
    return f"{where}, by {counted(abs(weeks), 'week')} (between {least} and {most})"


def _between(low: int, high: int) -> str:
    return f"social media between {counted(-low, 'week')} after and {counted(high, 'week')} before"


_ALONE = {"social_alone": "on social media alone", "surveys_alone": "in surveys alone"}

_PAIRS = """
select * from marts.fct_triangulation_pairs
order by
    kind_label is not null, lower(kind_label),
    list_position(['survey_words', 'post_words', 'story_words', 'review_words'], words_code),
    list_position(['fft_scores', 'story_ratings', 'story_criticality', 'review_ratings'], outcome_code)
"""

# Of a pair of which nothing is said, neither is this.
_DISAGREEMENTS = """
select
    disagreements.*,
    services.service_label
from marts.fct_triangulation_disagreements as disagreements
inner join marts.fct_triangulation_pairs as pairs
    on
        disagreements.words_code = pairs.words_code
        and disagreements.outcome_code = pairs.outcome_code
        and pairs.kind_label is null
        and pairs.rho is not null
inner join marts.dim_services as services on disagreements.service_id = services.service_id
where
    abs(disagreements.disagreement) >= ?
    and disagreements.words_count >= ?
    and disagreements.outcome_count >= ?
order by abs(disagreements.disagreement) desc, services.service_label, disagreements.service_id, month_code
"""

_LEADS = """
select
    leads.*,
    themes.theme_label
from marts.fct_theme_leads as leads
inner join marts.dim_themes as themes on leads.theme_code = themes.theme_code
order by
    leads.outcome_code = 'cannot_be_said', greatest(leads.social_week_date, leads.survey_week_date) desc,
    themes.theme_label, leads.trust_code, leads.rise_number
"""

_WITHOUT_RISE = "select count(distinct theme_code) from marts.fct_theme_leads where outcome_code = 'no_rise'"
