"""Sources that brought nothing in weeks in which they usually bring comments: what is missing is not few.

The same words for the report of a month, the one for the public and the return of forms.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import duckdb

from wordround.plain_text import label as as_label
from wordround.published import wording
from wordround.published.database import rows


@dataclass(frozen=True)
class SourceGap:
    """One source in one month of a trust: in how many of its weeks nothing came."""

    TABLE: ClassVar = "marts.fct_source_gaps"

    trust_code: str
    month_code: str
    source_code: str
    silent_week_count: int


def read(connection: duckdb.DuckDBPyConnection) -> list[SourceGap]:
    """Return those of all months of the published warehouse, the earliest first."""
    return rows(connection, _BY_MONTH, SourceGap)


def weeks_of_forms(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> dict[str, list[date]]:
    """Return by trust the Mondays of weeks without a form of the test, of those that lie in these days in part."""
    found: dict[str, list[date]] = {}
    for trust, monday in connection.execute(_OF_FORMS, [first, last]).fetchall():
        found.setdefault(trust, []).append(monday)
    return found


def told(
    gaps: Iterable[SourceGap], week_counts: Mapping[str, int], sources: Mapping[str, str], trusts: Mapping[str, str]
) -> list[str]:
    """Return a sentence a gap, the same words once.

    week_counts: of each month; sources: labels by code; trusts: what a trust is called, where there are several.
    """
    return list(dict.fromkeys(_sentence(gap, week_counts, sources, trusts) for gap in gaps))


def _sentence(
    gap: SourceGap, week_counts: Mapping[str, int], sources: Mapping[str, str], trusts: Mapping[str, str]
) -> str:
    month = f"{date.fromisoformat(f'{gap.month_code}-01'):%B %Y}"
    weeks, silent = week_counts[gap.month_code], gap.silent_week_count
    span = month if silent >= weeks else f"{wording.in_words(silent)} of the {wording.in_words(weeks)} weeks of {month}"
    about = f" on {trusts.get(gap.trust_code, gap.trust_code)}" if len(trusts) > 1 else ""
    source = as_label(sources.get(gap.source_code, gap.source_code))
    return f"No comment{about} of {span} came from {source}, though many came before: comments may be missing."


_BY_MONTH = """
select trust_code, month_code, source_code, count(*)::integer as silent_week_count from marts.fct_source_gaps
group by all order by month_code, source_code, trust_code
"""

_OF_FORMS = """
select trust_code, week_date from marts.fct_source_gaps
where source_code = 'fft' and week_date + 6 >= ? and week_date <= ? order by trust_code, week_date
"""
