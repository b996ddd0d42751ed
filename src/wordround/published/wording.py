"""Dates, variation and alert episodes in plain English: the words that the report and the alert digest share.

Pure functions. What they say about small numbers is decided before, in `disclosure`.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from wordround.plain_text import label as as_label
from wordround.published.disclosure import percent

VARIATION = {
    "concern": "Concern",
    "improvement": "Improvement",
    "common_cause": "Usual variation",
}

FINDING_TAGS = {
    "concern": "Concern",
    "improvement": "Improvement",
    "scores": "Scores and words",
    "coverage": "About the data",
    "nothing": "No change",
}

WEEKS_A_YEAR = 52
# As many years as are said at most (fct_alerts.once_in_years).
MOST_YEARS = 100

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def day(value: date) -> str:
    """9 November 2026."""
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """9 November 2026 at 07:05, in the time zone that the value carries."""
    return f"{day(value)} at {value:%H:%M}"


def week_span(monday: date) -> str:
    """9 to 15 November 2026, with months and years only where they differ."""
    sunday = monday + timedelta(days=6)
    if monday.year != sunday.year:
        return f"{day(monday)} to {day(sunday)}"
    if monday.month != sunday.month:
        return f"{monday.day} {monday:%B} to {day(sunday)}"
    return f"{monday.day} to {day(sunday)}"


def counted(number: int, thing: str) -> str:
    """1 week, 2 weeks."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def listed(names: list[str]) -> str:
    """A, B and C."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def some(names: list[str], most: int = 3) -> str:
    """A; B; C; and 4 more."""
    if len(names) <= most:
        return "; ".join(names)
    return f"{'; '.join(names[:most])}; and {len(names) - most} more"


def difference(size: float, low: float, high: float, former: str) -> str:
    """3 points more than in May 2026 (95 % confidence: between 1 less and 7 more; may be chance).

    Of two shares, 0 to 1, with the interval of what they differ by; former: what the weeks of the other are called.
    """
    points, least, most = (round(100 * each) for each in (size, low, high))
    apart = f"{counted(abs(points), 'point')} {'more than' if points > 0 else 'less than'}" if points else "about as in"
    apart = f"{apart} in {former}" if points else f"{apart} {former}"
    if least >= 0:
        between = f"between {least} and {most} more"
    elif most <= 0:
        between = f"between {-most} and {-least} less"
    else:
        between = f"between {-least} less and {most} more"
    sure = "unlikely to be chance" if low > 0 or high < 0 else "may be chance"
    return f"{apart} (95\u00a0% confidence: {between}; {sure})"


def in_words(number: int) -> str:
    """Seven, or 13: a small number as it stands within a sentence."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def usual_range(mean: float | None, lower: float | None, upper: float | None) -> str | None:
    """'usually 24%, and between 8% and 40% in most weeks'; None without a mean."""
    if mean is None:
        return None
    if upper is None:
        return f"usually {percent(mean)}"
    least, most = percent(max(lower or 0.0, 0.0)), percent(min(upper, 1.0))
    return f"usually {percent(mean)}, and between {least} and {most} in most weeks"


def rarity(once_in_years: int) -> str:
    """How seldom chance alone brings a change like this, on one chart."""
    if once_in_years <= 1:
        return "chance alone does this about once a year on one chart"
    least = "less than once" if once_in_years >= MOST_YEARS else "about once"
    return f"chance alone does this {least} in {once_in_years} years on one chart"


def rate_card(false_alerts_per_year: int) -> str:
    """How many false alerts the whole board has to be expected to give."""
    weeks = round(WEEKS_A_YEAR / false_alerts_per_year)
    if weeks < 1:
        return f"Expect about {false_alerts_per_year / WEEKS_A_YEAR:.1f} false alerts a week on this board."
    span = "a year" if weeks == WEEKS_A_YEAR else "a week" if weeks == 1 else f"{in_words(weeks)} weeks"
    return f"Expect about one false alert in {span} on this board."


def subject(
    service_id: str | None,
    theme_code: str | None,
    services: Mapping[str, str],
    themes: Mapping[str, str],
    trust: str | None = None,
) -> str:
    """What an episode is about: a service, one of its themes, the trust, or a theme over all services.

    services, themes: labels by id and by code. trust: what the trust is called, where there is another one.
    """
    theme = theme_code and as_label(themes.get(theme_code) or "A theme that is no longer coded")
    if service_id is None:
        of = f" of {trust}" if trust else ""
        return f"{theme}, over all services{of}" if theme else trust or "The whole trust"
    place = as_label(services.get(service_id) or "A service that is no longer listed")
    return f"{theme} in {place}" if theme else place


def trust_label(code: str | None, trusts: Mapping[str | None, str | None]) -> str:
    """What a trust is called; trusts: labels by code."""
    return as_label(trusts.get(code) or code or "The whole trust")


def trust_of(code: str, trusts: Mapping[str | None, str | None]) -> str | None:
    """The same, where there are several; None where there is no other."""
    return trust_label(code, trusts) if len(trusts) > 1 else None


def change(direction: str, is_of_theme: bool) -> str:
    """Which comments there are more or fewer of: negative ones or, of a theme, those that criticise it."""
    more = "more" if direction == "concern" else "fewer"
    return f"{more} comments criticise it" if is_of_theme else f"{more} negative comments"


def heading(about: str, direction: str, is_of_theme: bool) -> str:
    """Staff in Kestrel Ward: more comments criticise it than usual."""
    return f"{about}: {change(direction, is_of_theme)} than usual"


def in_short(since: date, negative: str | None, comments: str | None, expected: str, is_of_theme: bool) -> str:
    """Since the week 6 to 12 July 2026, 73 of 143 comments were negative, where 35% are usual.

    negative, comments: labels, None where hidden. expected: the usual share in per cent.
    """
    began = f"Since the week {week_span(since)}"
    if negative is None or comments is None:
        return f"{began}; the numbers are hidden, because one of them is small or would tell one ({expected} are usual)"
    what = "criticise it" if is_of_theme else "were negative"
    return f"{began}, {negative} of {comments} comments {what}, where {expected} are usual"


EXPLAINED = {
    "source": "Look at the sources first: most of it comes from another mix of sources, and not from what people say.",
    "question": "Look at the form first: most of it comes from another mix of questions, and not from what people say.",
    "service": "Most of it comes from another mix of services: those with more criticism have brought more comments.",
}


def no_limits(reason: str | None) -> str:
    """Why the chart of a service has no control limits, in words."""
    if not reason:
        return "too few comments"
    return as_label(reason).removeprefix("not monitored: ").removeprefix("not judged: ").rstrip(".")


_SUITABLE = {
    "p_prime": "A p\u2032-chart would suit it, which allows for few comments a week",
    "g": "A g chart would suit it, which counts the comments between two of a rare kind",
    "t": "A t chart would suit it, which counts the days between two comments of a rare kind",
    "funnel": "A funnel plot would suit it, which compares it with the other services and needs no history",
}


def suitable_chart(chart: str | None) -> str | None:
    """Which chart would suit a series for which this one has no limits; None where it has."""
    words = _SUITABLE.get(chart or "")
    return f"{words}." if words else None


def whole_percent(share: float) -> int:
    """A share as an issued figure: whole percentage points."""
    return int(share * 100 + 0.5)


def usual(share: float) -> str:
    """Return the usual share (0 to 1) as a change is compared with it: nothing can be fewer than 0%."""
    rounded = percent(share)
    return "usual (less than 1%)" if share and rounded == percent(0) else f"the usual {rounded}"
