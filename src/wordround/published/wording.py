"""Dates, variation and alert episodes in plain English: the words that the report and the alert digest share.

Pure functions. What they say about small numbers is decided before, in `disclosure`.
"""

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

_RULE = {
    ("outside_limits", "concern"): "a week above the upper control limit",
    ("outside_limits", "improvement"): "a week below the lower control limit",
    ("trend", "concern"): "{run} weeks in a row, each higher than the one before",
    ("trend", "improvement"): "{run} weeks in a row, each lower than the one before",
    ("two_of_three", "concern"): "two of three weeks close to the upper control limit",
    ("two_of_three", "improvement"): "two of three weeks close to the lower control limit",
    ("shift", "concern"): "{run} weeks in a row above the average",
    ("shift", "improvement"): "{run} weeks in a row below the average",
}

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


def in_words(number: int) -> str:
    """Seven, or 13: a small number as it stands within a sentence."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def rule(kind: str | None, direction: str, run_length: int) -> str:
    """What pattern opened an episode; `run_length`: how many weeks in a row make a trend or a shift."""
    pattern = _RULE.get((kind or "", direction), "a pattern that chance alone seldom makes")
    return pattern.format(run=in_words(run_length))


def usual_range(mean: float | None, lower: float | None, upper: float | None) -> str | None:
    """'usually 24%, and between 8% and 40% in most weeks'; None without a mean."""
    if mean is None:
        return None
    if upper is None:
        return f"usually {percent(mean)}"
    least, most = percent(max(lower or 0.0, 0.0)), percent(min(upper, 1.0))
    return f"usually {percent(mean)}, and between {least} and {most} in most weeks"


def certainty(signal_weeks: int) -> str:
    """How sure a reader may be.

    Simulated XmR charts with four rules and overdispersed counts open about 0.7 to 1.1 false episodes a year
    for a service where nothing changes; hence 'about once a year'.
    """
    chance = "chance alone does this about once a year in a service where nothing has changed"
    if signal_weeks <= 2:
        return f"This is an early sign ({counted(signal_weeks, 'week')} so far): {chance}."
    if signal_weeks < 6:
        return f"This is fairly sure ({counted(signal_weeks, 'week')} so far), though {chance}."
    return f"This is very likely a real change: it has shown in {counted(signal_weeks, 'week')}."


def sureness(signal_weeks: int) -> str:
    """The same in a few words, for a sentence."""
    if signal_weeks <= 2:
        return "an early sign that may be chance"
    return "fairly sure" if signal_weeks < 6 else "very likely a real change"


def not_monitored(reason: str | None) -> str:
    """Why a service has no control limits, in words."""
    if not reason:
        return "too few comments"
    return as_label(reason).removeprefix("not monitored: ").removeprefix("not judged: ").rstrip(".")


_SUITABLE = {
    "p_prime": "A p\u2032-chart would watch it, which allows for few comments a week",
    "g": "A g chart would watch it, which counts the comments between two of a rare kind",
    "t": "A t chart would watch it, which counts the days between two comments of a rare kind",
    "funnel": "A funnel plot would watch it, which compares it with the other services and needs no history",
}


def would_watch(chart: str | None) -> str | None:
    """Which chart would watch a series that this one does not; None where it does."""
    words = _SUITABLE.get(chart or "")
    return f"{words}; it is not drawn yet, so nobody is alerted." if words else None


def whole_percent(share: float | None) -> int | None:
    """A share as an issued figure: whole percentage points."""
    return None if share is None else int(share * 100 + 0.5)
