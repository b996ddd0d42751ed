"""A month or a quarter that a report is about, among those whose data have arrived, and what it is set beside.

Months are made of whole weeks (`dim_months`). What cannot be reported is refused with a sentence that says why, and
what can be.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar, Literal

import duckdb

from wordround.errors import MonthNotThere
from wordround.published import source_gaps, wording
from wordround.published.database import rows
from wordround.published.source_gaps import SourceGap
from wordround.published.tables import AlertEpisode
from wordround.published.windows import Window

Kind = Literal["month", "quarter"]
MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3}
# What this may be called in a sentence that is too long with more.
_MOST_NAMED = 3


@dataclass(frozen=True)
class Asked:
    """What was asked for: a month (2026-10), a quarter (2026-Q3), or the latest of them without a code."""

    kind: Kind
    code: str | None = None


def asked(code: str) -> Asked:
    """Return the asking for a month (2026-10) or a quarter (2026-Q3)."""
    return Asked("quarter" if "Q" in code else "month", code)


@dataclass(frozen=True)
class Month:
    """One month of whole weeks, and whether its data have arrived; `awaited_sources`: from where they have not."""

    TABLE: ClassVar = "marts.dim_months"

    month_code: str
    quarter_code: str
    awaited_sources: str | None
    week_count: int
    is_over: bool
    is_closed: bool
    is_whole: bool
    first_week_date: date
    last_day_date: date

    def code(self, kind: Kind) -> str:
        """Of which month or quarter it is."""
        return self.month_code if kind == "month" else self.quarter_code


@dataclass(frozen=True)
class Period:
    """A month or a quarter whose data have arrived. `first_week`: its first Monday; `last_day`: its last Sunday.

    gaps: sources that brought nothing in weeks in which they usually bring comments, by its months.
    """

    kind: Kind
    code: str
    months: tuple[str, ...]
    first_week: date
    last_day: date
    week_count: int
    gaps: tuple[SourceGap, ...]

    @property
    def name(self) -> str:
        """October 2026, or July to September 2026."""
        return name(self.kind, self.code)

    @property
    def weeks(self) -> tuple[date, date]:
        """The Mondays of its first and its last week."""
        return self.first_week, self.last_day - timedelta(days=6)


@dataclass(frozen=True)
class Reported:
    """The period of a report, the one before and the one a year before; None where that is not whole.

    weeks: of each whole month up to its end, how many it has.
    """

    period: Period
    before: Period | None
    year_before: Period | None
    weeks: dict[str, int]

    @property
    def window(self) -> Window:
        """Its weeks beside those of the period before; of none, where that is not whole."""
        period = self.period
        (first, last), nothing = period.weeks, (period.first_week, period.first_week - timedelta(weeks=1))
        within = f"{'in' if period.kind == 'month' else 'from'} {period.name}"
        before_first, before_last = self.before.weeks if self.before else nothing
        return Window(
            first=first,
            last=last,
            before_first=before_first,
            before_last=before_last,
            name=period.name,
            within=within,
            to=period.name,
            within_to=within,
            before=self.before_name,
        )

    @property
    def gaps(self) -> list[SourceGap]:
        """The gaps of all of its periods, each source and month once."""
        periods = (self.period, self.before, self.year_before)
        return list(dict.fromkeys(each for period in periods if period for each in period.gaps))

    @property
    def before_name(self) -> str:
        """What the period before is called, also where there is none to compare with."""
        return name(self.period.kind, earlier(self.period.kind, self.period.code))

    @property
    def year_before_name(self) -> str:
        """What the same period a year before is called."""
        return name(self.period.kind, earlier(self.period.kind, self.period.code, by_year=True))


def name(kind: Kind, code: str) -> str:
    """October 2026, or July to September 2026: what people call a month or a quarter."""
    months = [date.fromisoformat(f"{month}-01") for month in _months_of(kind, code)]
    first, last = months[0], months[-1]
    return f"{last:%B %Y}" if kind == "month" else f"{first:%B} to {last:%B %Y}"


def earlier(kind: Kind, code: str, *, by_year: bool = False) -> str:
    """Return the code of the period before, or of the same one a year before."""
    year, number = int(code[:4]), int(code[-2:] if kind == "month" else code[-1])
    if by_year:
        return _code(kind, year - 1, number)
    return _code(kind, year, number - 1) if number > 1 else _code(kind, year - 1, 12 // MONTHS[kind])


def read(connection: duckdb.DuckDBPyConnection, wanted: Asked) -> Reported:
    """Return the period that was asked for. Raises MonthNotThere, which says why not and what there is."""
    return choose(_months(connection), wanted, source_gaps.read(connection))


def closed(connection: duckdb.DuckDBPyConnection, kind: Kind) -> list[str]:
    """Return the codes of all months or quarters of which there can be a report, the earliest first."""
    return sorted(_closed(_by_code(_months(connection), kind), kind))


def choose(months: Sequence[Month], wanted: Asked, gaps: Sequence[SourceGap] = ()) -> Reported:
    """Return the period that was asked for among these months, in their order. Raises MonthNotThere."""
    by_code = _by_code(months, wanted.kind)
    whole = _closed(by_code, wanted.kind)
    code = wanted.code or max(whole, default=None)
    if code is None or code not in whole:
        raise MonthNotThere(_why_not(months, by_code, whole, wanted))
    before, year_before = earlier(wanted.kind, code), earlier(wanted.kind, code, by_year=True)
    return Reported(
        _period(wanted.kind, code, whole[code], gaps),
        _period(wanted.kind, before, whole[before], gaps) if before in whole else None,
        _period(wanted.kind, year_before, whole[year_before], gaps) if year_before in whole else None,
        {
            month.month_code: month.week_count
            for month in months
            if month.is_closed and month.is_whole and month.month_code <= whole[code][-1].month_code
        },
    )


def as_of(alerts: Sequence[AlertEpisode], last_week: date) -> list[AlertEpisode]:
    """Return the episodes as they stood at the end of a week: what came later is not there yet."""
    found = []
    for alert in alerts:
        if alert.opened_week_date > last_week:
            continue
        is_alert = alert.alerted_week_date is not None and alert.alerted_week_date <= last_week
        was_open = alert.status != "withdrawn" and (not alert.closed_week_date or alert.closed_week_date > last_week)
        found.append(
            replace(alert, tier_code="alert" if is_alert else "watch", status="open" if was_open else alert.status)
        )
    return found


def _months(connection: duckdb.DuckDBPyConnection) -> list[Month]:
    return rows(connection, "select * from marts.dim_months order by month_code", Month)


def _by_code(months: Sequence[Month], kind: Kind) -> dict[str, list[Month]]:
    by_code: dict[str, list[Month]] = {}
    for month in months:
        by_code.setdefault(month.code(kind), []).append(month)
    return by_code


def _closed(by_code: dict[str, list[Month]], kind: Kind) -> dict[str, list[Month]]:
    return {code: found for code, found in by_code.items() if _can_be_reported(found, kind)}


def _can_be_reported(months: Sequence[Month], kind: Kind) -> bool:
    return len(months) == MONTHS[kind] and all(month.is_closed and month.is_whole for month in months)


def _period(kind: Kind, code: str, months: Sequence[Month], gaps: Sequence[SourceGap]) -> Period:
    codes = tuple(month.month_code for month in months)
    return Period(
        kind=kind,
        code=code,
        months=codes,
        first_week=months[0].first_week_date,
        last_day=months[-1].last_day_date,
        week_count=sum(month.week_count for month in months),
        gaps=tuple(gap for gap in gaps if gap.month_code in codes),
    )


def _why_not(
    months: Sequence[Month], by_code: dict[str, list[Month]], closed: dict[str, list[Month]], wanted: Asked
) -> str:
    """Why a period cannot be reported, in a plain sentence, and which can."""
    first, last = (name(wanted.kind, each) for each in (min(closed), max(closed))) if closed else ("", "")
    there = f"the first is {first}, the last {last}" if closed else "there is none yet"
    can_be = f"A report can be made of each {wanted.kind} whose data have arrived: {there}."
    if wanted.code is None:
        return f"No {wanted.kind} is over with all of its data here. {can_be}"
    called = name(wanted.kind, wanted.code)
    found = by_code.get(wanted.code, [])
    missing = sorted({each for month in found for each in (month.awaited_sources or "").split(", ") if each})
    if not months:
        why = "no comment is published yet"
    elif not found:
        why = f"the data reach from {wording.day(months[0].first_week_date)} to {wording.day(months[-1].last_day_date)}"
    elif missing:
        why = f"data are still to come, from {wording.listed(missing[:_MOST_NAMED])}"
    elif not all(month.is_whole for month in found) or found[0].month_code != _months_of(wanted.kind, wanted.code)[0]:
        why = f"the data begin within it, on {wording.day(months[0].first_week_date)}"
    else:
        why = f"it is not over in the data, which reach to {wording.day(months[-1].last_day_date)}"
    return f"There can be no report of {called}: {why}. {can_be}"


def _months_of(kind: Kind, code: str) -> list[str]:
    if kind == "month":
        return [code]
    last = 3 * int(code[-1])
    return [f"{code[:4]}-{month:02}" for month in range(last - 2, last + 1)]


def _code(kind: Kind, year: int, number: int) -> str:
    return f"{year}-{number:02}" if kind == "month" else f"{year}-Q{number}"
