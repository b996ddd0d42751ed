"""One month of the Friends and Family Test, read from the published warehouse for the monthly return."""

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from wordround.errors import MonthNotThere
from wordround.published import source_gaps
from wordround.published.database import published_warehouse, rows
from wordround.published.disclosure import SmallNumbers
from wordround.published.reading import read_publication, read_rules
from wordround.published.tables import Coverage, FftMonth, Publication, Service
from wordround.settings import Settings


@dataclass(frozen=True)
class PublishedMonth:
    """The forms of one month, the services that they are about, and what became of the rows of files since it began.

    `last_day`: the last day of which a form is there, of any month. `silent_weeks`: by trust, the Mondays of weeks of
    which no form came, though forms usually do.
    """

    month: date
    publication: Publication
    small_numbers: SmallNumbers
    services: list[Service]
    forms: list[FftMonth]
    files: list[Coverage]
    last_day: date
    silent_weeks: dict[str, list[date]]


def read(settings: Settings, month: date) -> PublishedMonth:
    """Read the month that begins on this day.

    Raises NothingPublished, PublicationUnusable, MonthNotThere where no form of the month was loaded.
    """
    with published_warehouse(settings) as connection:
        forms = rows(connection, _FORMS, FftMonth, month)
        first, last = _days(connection)
        if not forms or last is None:
            known = f"Forms from {first} to {last} are published" if last else "No form is published yet"
            raise MonthNotThere(f"{month:%Y-%m}: no form of this month was loaded. {known}.")
        return PublishedMonth(
            month=month,
            publication=read_publication(connection),
            small_numbers=read_rules(connection).small_numbers,
            services=rows(connection, _SERVICES, Service, month),
            forms=forms,
            files=rows(connection, _FILES, Coverage, month),
            last_day=last,
            silent_weeks=source_gaps.weeks_of_forms(connection, month, last_day_of(month)),
        )


def last_day_of(month: date) -> date:
    """The last day of the month of the calendar that a day lies in."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _days(connection: duckdb.DuckDBPyConnection) -> tuple[date | None, date | None]:
    found = connection.execute("select min(month_date), max(month_date) from marts.fct_fft_months").fetchone()
    if found is None or found[0] is None:
        return None, None
    last = connection.execute(
        "select max(last_posted_date) from marts.fct_source_coverage where source_code = 'fft'"
    ).fetchone()
    return found[0], last[0] if last and last[0] else found[1]


_FORMS = "select * from marts.fct_fft_months where month_date = ? order by trust_code, service_id, collection_mode_code"

_SERVICES = """
select * from marts.dim_services
where service_id in (select months.service_id from marts.fct_fft_months as months where months.month_date = ?)
order by trust_label, lower(site_label), lower(service_label), service_id
"""

_FILES = "select * from marts.fct_source_coverage where source_code = 'fft' and logical_date >= ? order by logical_date"
