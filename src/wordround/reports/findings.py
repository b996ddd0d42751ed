"""The findings of the week in words, the most important first, each worked out from the published figures.

A figure that must be hidden is left out of its sentence. Where there is nothing to report, the sentence says so;
nothing is invented.
"""

from dataclasses import dataclass
from datetime import date

from wordround.published import attention, wording
from wordround.published.disclosure import percent
from wordround.published.episodes import change_sentence
from wordround.published.figures import ServiceFigures
from wordround.published.reading import Published
from wordround.published.set_aside import quarantine_reasons, quarantined

STALE_DAYS = 14
MUCH_QUARANTINED = 0.05
FEW_ARRIVED = 0.5
MOST_FINDINGS = 3
ALL = 99
MOST_NAMED = 3


@dataclass(frozen=True)
class Finding:
    """A sentence, what it is about ('concern', 'improvement', 'scores', 'coverage', 'nothing') and its section."""

    text: str
    kind: str
    section: str


def findings(published: Published, services: list[ServiceFigures], most: int = MOST_FINDINGS) -> list[Finding]:
    """Findings, three unless `most` says more: trouble with the data, then concerns, improvements, what scores miss."""
    concerns, improvements = _changed(services, "concern"), _changed(services, "improvement")
    trouble = _trouble(published, services)
    found = [trouble] if trouble else []
    found += _change(concerns, "concern") + _change(improvements, "improvement")
    if not concerns and not improvements:
        found.append(_nothing(services))
    found += _gap(published, services)
    found += [] if trouble else [_complete(published)]
    return found[:most]


def last_data_day(published: Published) -> date | None:
    """The day of the latest comment of any source."""
    return max((source.last_posted_date for source in published.sources if source.last_posted_date), default=None)


def _changed(services: list[ServiceFigures], direction: str) -> list[ServiceFigures]:
    """Services with an open episode in this direction, the largest change in comments a week first."""
    changed = [service for service in services if service.alert and service.alert.direction == direction]
    return sorted(changed, key=lambda service: (-attention.size(service), service.label))


def _change(changed: list[ServiceFigures], direction: str) -> list[Finding]:
    if not changed:
        return []
    first, others = changed[0], [service.label for service in changed[1:]]
    text = change_sentence(first, first.alert) if first.alert else ""
    if len(others) > MOST_NAMED:
        text += f" {len(others)} other services show {'a concern' if direction == 'concern' else 'an improvement'} too."
    elif others:
        text += f" The same is true of {wording.listed(others)}."
    return [Finding(text, direction, section_of(first))]


def section_of(service: ServiceFigures) -> str:
    """The id of a service's section in the page."""
    return "service-" + "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in service.service_id)


def _nothing(services: list[ServiceFigures]) -> Finding:
    watched = sum(service.is_watched for service in services)
    if not watched:
        text = "No service has enough comments yet to say whether anything has changed."
    elif watched == 1:
        text = "Nothing to report: the one service that can be monitored shows no more than its usual variation."
    else:
        text = (
            f"Nothing to report: none of the {watched} services that can be monitored shows a change in negative "
            "comments beyond its usual variation from week to week."
        )
    return Finding(text, "nothing", "services")


def _gap(published: Published, services: list[ServiceFigures]) -> list[Finding]:
    """Negative words under the best scores. Services whose own share is hidden are left out of the total as well."""
    shown = [service.gap for service in services if service.gap.share]
    negative, best = sum(gap.negative for gap in shown), sum(gap.under_best for gap in shown)
    if not negative:
        text = "Too few comments have negative words and a score to say what the scores alone would have missed."
        return [Finding(text, "scores", "services")]
    share = percent(published.small_numbers.in_steps(best, negative))
    where = "in one service" if len(shown) == 1 else f"across {len(shown)} services"
    text = (
        f"Of {negative:,} comments with negative words {where} {published.window.within_to}, {share} came with the "
        "score Very good or Good: the scores alone would have missed them."
    )
    return [Finding(text, "scores", "services")]


def _trouble(published: Published, services: list[ServiceFigures]) -> Finding | None:
    """Missing data, which comes first because every other figure rests on it."""
    last = last_data_day(published)
    made = published.publication.published_at
    if last and (made.date() - last).days > STALE_DAYS:
        return Finding(
            f"No comment newer than {wording.day(last)} had arrived by {wording.day(made.date())}, when these figures "
            "were made; the latest weeks may be missing.",
            "coverage",
            "coverage",
        )
    pairs = [(s.comments, s.usual) for s in services if s.comments[0].isdigit() and s.usual[0].isdigit()]
    arrived, usual = (sum(int(pair[side].replace(",", "")) for pair in pairs) for side in (0, 1))
    if not published.period and usual >= 20 and arrived < usual * FEW_ARRIVED:
        few = published.small_numbers.count_shown(arrived)
        text = f"Only {few} comments arrived this week (usually {usual:,}); data may be missing."
        return Finding(text, "coverage", "coverage")
    received, quarantined_rows = quarantined(published)
    if received and quarantined_rows / received >= MUCH_QUARANTINED:
        text = (
            f"{percent(quarantined_rows / received)} of the rows received {since_received(published)} could not "
            f"be read safely and were set aside{_mostly(published)}; they are missing from every figure here."
        )
        return Finding(text, "coverage", "coverage")
    return None


def _mostly(published: Published) -> str:
    reasons = quarantine_reasons(published)
    return f", mostly because of: {max(reasons, key=lambda reason: reasons[reason])}" if reasons else ""


def _complete(published: Published) -> Finding:
    last = last_data_day(published)
    received, quarantined_rows = quarantined(published)
    text = f"The data reach to {wording.day(last)}" if last else "The published warehouse names no last day of data"
    if received and not quarantined_rows:
        text += f", and no row received {since_received(published)} had to be set aside"
    elif received:
        share = _small_percent(quarantined_rows / received)
        text += f", and {share} of the rows received {since_received(published)} were set aside"
    return Finding(text + ".", "coverage", "coverage")


def _small_percent(share: float) -> str:
    return "less than 1%" if share < 0.01 else percent(share)


def since_received(published: Published) -> str:
    """Since when rows are counted: those of a month or quarter come after it too."""
    return f"since {wording.day(published.window.first)}" if published.period else published.window.within
