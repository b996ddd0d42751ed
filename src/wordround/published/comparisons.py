"""Comments of a month or a quarter, of each service and trust, beside the period before and the one a year before.

What is hidden in a month is hidden in its quarter: who has the months can add them up. How sure a difference is rests
on how alike comments of one week are, estimated from weeks that are shown and in which no episode of theirs is open.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import ClassVar

import duckdb
import numpy as np

from wordround.published.database import rows
from wordround.published.disclosure import is_hidden, percent
from wordround.published.periods import Period, Reported
from wordround.published.tables import AlertEpisode, ServiceWeek
from wordround.spc.differences import Difference, Sample, difference, worth
from wordround.spc.dispersion import LEAST_RHO, estimate

MOST_MONTHS = 13

Alike = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class ServiceMonth:
    """Comments on one service in one month. A label is '*' where its figure is hidden."""

    TABLE: ClassVar = "marts.fct_service_months"

    service_id: str
    trust_code: str
    month_code: str
    comment_count_label: str
    negative_count_label: str


@dataclass(frozen=True)
class TrustMonth:
    """Comments on all services of one trust in one month. A label is '*' where its figure is hidden."""

    TABLE: ClassVar = "marts.fct_trust_months"

    trust_code: str
    month_code: str
    comment_count_label: str
    negative_count_label: str


@dataclass(frozen=True)
class Counted:
    """Comments of one period, and the negative ones among them; None where hidden. `worth`: in independent ones."""

    comments: int | None
    negative: int | None
    weeks: int
    worth: float = 0.0

    @property
    def value(self) -> float | None:
        """The share that is negative; None where it is hidden, or where there is nothing to share."""
        return self.negative / self.comments if self.comments and self.negative is not None else None

    @property
    def share(self) -> str | None:
        """The same in whole per cent."""
        return None if self.value is None else percent(self.value)

    @property
    def a_week(self) -> int | None:
        """Comments a week: months have four or five."""
        return None if self.comments is None else round(self.comments / self.weeks)


@dataclass(frozen=True)
class Compared:
    """One period beside the one before and the one a year before; None where that is not whole."""

    now: Counted
    before: Counted | None
    year_before: Counted | None

    @property
    def change(self) -> Difference | None:
        """How the share differs from that of the period before; None where one of them cannot be shown."""
        return _difference(self.now, self.before)

    @property
    def change_in_year(self) -> Difference | None:
        """How the share differs from that of a year before."""
        return _difference(self.now, self.year_before)


@dataclass(frozen=True)
class PeriodFigures:
    """What a report on a month or a quarter says of each trust, by its code, and of each service, by its id.

    months: by trust, the months up to the last of the period, each with its code: a year, and its last month again.
    """

    reported: Reported
    trusts: dict[str, Compared]
    services: dict[str, Compared]
    months: dict[str, list[tuple[str, Counted]]]


def read(
    connection: duckdb.DuckDBPyConnection,
    reported: Reported,
    weeks: Mapping[str, Sequence[ServiceWeek]],
    alerts: Sequence[AlertEpisode],
) -> PeriodFigures:
    """Read the months of the three periods. weeks: of each service; alerts: episodes, those of services among them."""
    alike = _alike(weeks, alerts)
    services = rows(connection, "select * from marts.fct_service_months order by service_id, month_code", ServiceMonth)
    trusts = rows(connection, "select * from marts.fct_trust_months order by trust_code, month_code", TrustMonth)
    return PeriodFigures(
        reported,
        {
            trust: _compared(reported, partial(_of_trust, trust, trusts, services, alike))
            for trust in dict.fromkeys(each.trust_code for each in trusts)
        },
        {
            service: _compared(reported, partial(_of_service, service, services, alike))
            for service in dict.fromkeys(each.service_id for each in services)
        },
        _months(reported, trusts),
    )


def _months(reported: Reported, totals: Sequence[TrustMonth]) -> dict[str, list[tuple[str, Counted]]]:
    found: dict[str, list[tuple[str, Counted]]] = {}
    for each in totals:
        weeks = reported.weeks.get(each.month_code)
        if weeks:
            counted = Counted(_sum([each.comment_count_label]), _sum([each.negative_count_label]), weeks)
            found.setdefault(each.trust_code, []).append((each.month_code, counted))
    return {trust: months[-MOST_MONTHS:] for trust, months in found.items()}


def _compared(reported: Reported, of: Callable[[Period], Counted]) -> Compared:
    before, year_before = (of(each) if each else None for each in (reported.before, reported.year_before))
    return Compared(of(reported.period), before, year_before)


def _of_service(service_id: str, months: Sequence[ServiceMonth], alike: Alike, period: Period) -> Counted:
    found = [each for each in months if each.service_id == service_id and each.month_code in period.months]
    comments = _sum(each.comment_count_label for each in found)
    rho, phi = alike.get(service_id, (LEAST_RHO, 0.0))
    independent = worth(comments or 0, period.week_count, rho, phi)
    return Counted(comments, _sum(each.negative_count_label for each in found), period.week_count, independent)


def _of_trust(
    trust_code: str, totals: Sequence[TrustMonth], months: Sequence[ServiceMonth], alike: Alike, period: Period
) -> Counted:
    """The total of a trust; services vary for themselves, and those that are hidden are taken for one."""
    found = [each for each in totals if each.trust_code == trust_code and each.month_code in period.months]
    comments = _sum(each.comment_count_label for each in found)
    of_trust = [each for each in months if each.trust_code == trust_code]
    parts = [
        _of_service(service, of_trust, alike, period) for service in dict.fromkeys(each.service_id for each in of_trust)
    ]
    shown = [(each.comments, each.worth) for each in parts if each.comments]
    rest = (comments or 0) - sum(count for count, _ in shown)
    variance = sum(count * count / independent for count, independent in shown) + max(rest, 0)
    independent = (comments or 0) ** 2 / variance if variance else 0.0
    return Counted(comments, _sum(each.negative_count_label for each in found), period.week_count, independent)


def _sum(labels: Iterable[str]) -> int | None:
    """The sum over months; nothing where one of them is hidden. A month without a row has no comments."""
    found = list(labels)
    return None if any(map(is_hidden, found)) else sum(map(int, found))


def _difference(now: Counted, before: Counted | None) -> Difference | None:
    if before is None or now.value is None or before.value is None:
        return None
    return difference(Sample(now.value, now.worth), Sample(before.value, before.worth))


def _alike(weeks: Mapping[str, Sequence[ServiceWeek]], alerts: Sequence[AlertEpisode]) -> Alike:
    """How alike comments of one week are, and of neighbouring weeks, by service: of weeks that are shown."""
    services = list(weeks)
    days = sorted({week.week_date for found in weeks.values() for week in found})
    if not days:
        return {}
    place = {day: number for number, day in enumerate(days)}
    x, n = np.zeros((len(services), len(days))), np.zeros((len(services), len(days)))
    for number, service in enumerate(services):
        of_service = [each for each in alerts if each.service_id == service and each.series_code == "service"]
        for week in weeks[service]:
            if not is_hidden(week.negative_share_label) and not any(_is_within(week.week_date, a) for a in of_service):
                x[number, place[week.week_date]] = week.negative_count
                n[number, place[week.week_date]] = week.comment_count
    rho, phi = estimate(x, n)
    return {service: (float(rho[number]), float(phi[number])) for number, service in enumerate(services)}


def _is_within(week: date, alert: AlertEpisode) -> bool:
    return alert.since_week_date <= week and (alert.closed_week_date is None or week < alert.closed_week_date)
