"""Sentences of a report on a month or a quarter: how many wrote, what share was negative, and what is beyond chance.

Figures are those of the marts, hidden there. Alerts stand as they did at the end of the period.
"""

from collections.abc import Mapping

from wordround.published import episodes, source_gaps, wording
from wordround.published.comparisons import Compared, Counted, PeriodFigures
from wordround.published.figures import ServiceFigures
from wordround.published.periods import Reported
from wordround.published.reading import Published
from wordround.published.tables import AlertEpisode
from wordround.published.themes import FAR_APART
from wordround.reports.findings import Finding, section_of
from wordround.spc.differences import Difference

MOST_ALERTS = 4


def changed(published: Published, figures: PeriodFigures, services: list[ServiceFigures]) -> list[Finding]:
    """Return what the first page says has changed: totals, services beyond chance, alerts that came and went."""
    lines = [line for trust in figures.trusts for line in _told(published, figures, trust)]
    reported = figures.reported
    for former, change in ((reported.before_name, "change"), (reported.year_before_name, "change_in_year")):
        for direction, sign in (("concern", 1), ("improvement", -1)):
            found = [each for each in services if _is_beyond(each.period, change, sign)]
            if found:
                said = wording.some([_beside(each, change) for each in found])
                more = "More" if direction == "concern" else "Fewer"
                words = f"{more} negative comments than in {former}, beyond chance: {said}."
                lines.append(Finding(words, direction, section_of(found[0])))
    return [*lines, *_alerts_told(published, services)]


def comments_told(published: Published, figures: PeriodFigures) -> list[str]:
    """Return how many comments people wrote, a sentence a trust."""
    return [_wrote(published, figures, trust) for trust in figures.trusts]


def silence_told(published: Published, figures: PeriodFigures) -> list[str]:
    """Return from where nothing came in weeks of the months that are compared: what is missing is not few."""
    sources = {each.source_code: each.source_label for each in published.sources}
    trusts = {code: trust_label(published, code) for code in figures.trusts}
    return source_gaps.told(figures.reported.gaps, figures.reported.weeks, sources, trusts)


def rows_of(service: ServiceFigures, reported: Reported) -> list[tuple[str, str]]:
    """Return the figures of a service as terms and what stands behind them."""
    compared = service.period
    if compared is None:
        return [(f"Comments {reported.window.within}", "0")]
    found = [
        (f"Comments {reported.window.within}", _count(compared.now)),
        ("Negative", compared.now.share or ("no comments" if compared.now.comments == 0 else "hidden")),
    ]
    for former, counted, change in _pairs(compared, reported):
        if counted is not None:
            share = counted.share or ("none" if counted.comments == 0 else "hidden")
            beside = f". Now {_apart(change, former)}" if change else ""
            found.append((former, f"{_count(counted)}; negative {share}{beside}"))
    return found


def sentences(published: Published, figures: PeriodFigures, trust: str) -> list[str]:
    """Return how many wrote and how many were negative, beside the period before and a year before."""
    return [_wrote(published, figures, trust), *(line.text for line in _told(published, figures, trust))]


def _pairs(compared: Compared, reported: Reported) -> list[tuple[str, Counted | None, Difference | None]]:
    """The period before and the one a year before: what they are called, their figures, and how far these differ."""
    return [
        (reported.before_name, compared.before, compared.change),
        (reported.year_before_name, compared.year_before, compared.change_in_year),
    ]


def _apart(change: Difference, former: str) -> str:
    return wording.difference(change.size, change.low, change.high, former)


def _count(counted: Counted) -> str:
    if counted.comments is None:
        return "hidden"
    return f"{counted.comments:,}, {counted.a_week:,} a week" if counted.comments else "0"


def trust_label(published: Published, code: str) -> str:
    """Return what a trust is called."""
    return wording.trust_label(code, {each.trust_code: each.trust_label for each in published.services})


def _wrote(published: Published, figures: PeriodFigures, trust: str) -> str:
    compared, reported = figures.trusts[trust], figures.reported
    now, where = compared.now, f" to {trust_label(published, trust)}" if len(figures.trusts) > 1 else ""
    if now.comments is None:
        return f"How many comments people wrote{where} {reported.window.within} is hidden, because so few did."
    if not now.comments:
        is_gap = any(gap.trust_code == trust for gap in reported.period.gaps)
        nobody = "No comment is here of what people wrote" if is_gap else "Nobody wrote"
        return f"{nobody}{where} {reported.window.within}."
    known = [(former, counted.a_week) for former, counted, _ in _pairs(compared, reported) if counted]
    others = ", ".join(f"in {former} {a_week:,}" for former, a_week in known if a_week is not None)
    beside = f" ({others})" if others else ""
    return f"People wrote {now.comments:,} comments{where} {reported.window.within}, {now.a_week:,} a week{beside}."


def _told(published: Published, figures: PeriodFigures, trust: str) -> list[Finding]:
    """What share is negative, and how far it differs."""
    compared, of = figures.trusts[trust], f" to {trust_label(published, trust)}" if len(figures.trusts) > 1 else ""
    now, pairs = compared.now, _pairs(compared, figures.reported)
    if not now.comments:
        return []
    if now.share is None:
        return [Finding(f"How many comments{of} are negative is hidden.", "nothing", "services")]
    apart = [_apart(change, former) for former, _, change in pairs if change]
    beside = f", {'; '.join(apart)}" if apart else ""
    sure = [change for _, _, change in pairs if change and change.is_beyond_chance]
    kind = "nothing" if not sure else "concern" if sure[0].size > 0 else "improvement"
    found = [Finding(f"{now.share} of comments{of} are negative{beside}.", kind, "services")]
    missing = [former for former, counted, _ in pairs if counted is None]
    if missing:
        said = f"Nothing stands beside it from {' or '.join(missing)}: the data are not whole."
        found.append(Finding(said, "coverage", "services"))
    return found


def _is_beyond(compared: Compared | None, change: str, sign: int) -> bool:
    """Whether a share differs beyond chance; a report compares some dozen pairs, hence not the usual two errors."""
    found = getattr(compared, change) if compared else None
    return found is not None and sign * found.deviate >= FAR_APART


def _beside(service: ServiceFigures, change: str) -> str:
    compared = service.period
    former = compared and (compared.before if change == "change" else compared.year_before)
    return f"{service.label} ({compared.now.share if compared else ''}, then {former.share if former else ''})"


def _alerts_told(published: Published, services: list[ServiceFigures]) -> list[Finding]:
    sections = {each.service_id: section_of(each) for each in services}
    alerts = [each for each in published.alerts if not each.part_of_alert_id and each.tier_code == "alert"]
    began = [each for each in alerts if each.status != "withdrawn" and published.window.has(each.alerted_week_date)]
    ended = [each for each in alerts if each.status == "closed" and published.window.has(each.closed_week_date)]
    lines = [
        Finding(f"New: {episodes.sentence(published, each)}", each.direction, _section(each, sections))
        for each in began[:MOST_ALERTS]
    ]
    if len(began) > MOST_ALERTS:
        lines.append(Finding(f"And {len(began) - MOST_ALERTS} more alerts.", "concern", "services"))
    for each in ended:
        kind = "improvement" if each.direction == "concern" else "nothing"
        lines.append(Finding(f"Over: {_heading(published, each)}.", kind, _section(each, sections)))
    if not began:
        lines.append(Finding("No alert began.", "nothing", "services"))
    return lines


def _section(alert: AlertEpisode, sections: Mapping[str, str]) -> str:
    return sections.get(alert.service_id or "", "services")


def _heading(published: Published, alert: AlertEpisode) -> str:
    return wording.heading(episodes.subject(published, alert), alert.direction, alert.theme_code is not None)
