"""The months of the latest edition of the public figures, as the report for the public reads them.

A figure that is None is hidden there. Nothing else of the trust's data is opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import duckdb

from wordround.errors import MonthNotThere, NothingPublished
from wordround.published.database import rows
from wordround.published.editions import DATABASE, latest_edition
from wordround.published.source_gaps import SourceGap
from wordround.settings import Settings


@dataclass(frozen=True)
class TrustMonth:
    """All comments of one trust in one month."""

    TABLE: ClassVar = "public.public_trust_months"

    trust_code: str
    month_code: str
    comment_count: int | None
    negative_count: int | None


@dataclass(frozen=True)
class ServiceMonth:
    """All comments on one service in one month."""

    TABLE: ClassVar = "public.public_service_months"

    service_id: str
    trust_code: str
    month_code: str
    comment_count: int | None
    negative_count: int | None


@dataclass(frozen=True)
class TrustThemeMonth:
    """Comments of one trust on one theme in one month; `negative_count` criticise it."""

    TABLE: ClassVar = "public.public_trust_theme_months"

    trust_code: str
    theme_code: str
    month_code: str
    comment_count: int | None
    negative_count: int | None


@dataclass(frozen=True)
class PublicService:
    """What a service and its trust are called."""

    TABLE: ClassVar = "public.public_services"

    service_id: str
    trust_code: str
    trust_label: str
    site_label: str | None
    service_label: str


@dataclass(frozen=True)
class PublicTheme:
    """What a theme is called."""

    TABLE: ClassVar = "public.public_themes"

    theme_code: str
    theme_label: str


@dataclass(frozen=True)
class Month:
    """One month of whole weeks."""

    TABLE: ClassVar = "public.public_months"

    month_code: str
    first_week_date: date
    last_day_date: date
    week_count: int


@dataclass(frozen=True)
class PublicSource:
    """What a source is called."""

    TABLE: ClassVar = "public.public_sources"

    source_code: str
    source_label: str


@dataclass(frozen=True)
class PublicMonths:
    """One edition, as far as the report for the public reads it."""

    number: int
    months: list[Month]
    trusts: list[TrustMonth]
    services: list[ServiceMonth]
    themes: list[TrustThemeMonth]
    service_names: dict[str, PublicService]
    theme_names: dict[str, str]
    source_names: dict[str, str]
    gaps: list[SourceGap]


def read(settings: Settings) -> PublicMonths:
    """Read the latest edition. Raises NothingPublished before there is one, PublicationUnusable."""
    edition = latest_edition(settings)
    if edition is None:
        raise NothingPublished(
            "No edition of the public figures was made yet: `wordround edition` makes one once a month has closed."
        )
    with duckdb.connect(str(edition.folder / DATABASE), read_only=True) as connection:
        names = rows(connection, "select * from public.public_services order by service_id", PublicService)
        themes = rows(connection, "select * from public.public_themes order by sort_order, theme_code", PublicTheme)
        sources = rows(connection, "select * from public.public_sources", PublicSource)
        return PublicMonths(
            number=edition.number,
            months=rows(connection, "select * from public.public_months order by month_code", Month),
            trusts=rows(connection, _ORDERED.format("public_trust_months", "trust_code"), TrustMonth),
            services=rows(connection, _ORDERED.format("public_service_months", "service_id"), ServiceMonth),
            themes=rows(connection, _ORDERED.format("public_trust_theme_months", "theme_code"), TrustThemeMonth),
            service_names={each.service_id: each for each in names},
            theme_names={each.theme_code: each.theme_label for each in themes},
            source_names={each.source_code: each.source_label for each in sources},
            gaps=_gaps(connection),
        )


def _gaps(connection: duckdb.DuckDBPyConnection) -> list[SourceGap]:
    """What is missing from the months; nothing is known of an edition that was made before editions said so."""
    tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'public'").fetchall()
    if ("public_source_gaps",) not in tables:
        return []
    return rows(connection, _ORDERED.format("public_source_gaps", "source_code, trust_code"), SourceGap)


def of_period(months: Sequence[Month], asked: str | None, *, is_quarter: bool) -> list[Month]:
    """Return the months of the period that was asked for (2026-10, 2026-Q3), the latest that is whole without one.

    Raises MonthNotThere, which names what there is.
    """
    by_period: dict[str, list[Month]] = {}
    for month in months:
        by_period.setdefault(quarter_of(month.month_code) if is_quarter else month.month_code, []).append(month)
    whole = {name: found for name, found in by_period.items() if len(found) == (3 if is_quarter else 1)}
    name = asked or max(whole, default=None)
    if name is None or name not in whole:
        there = f"{min(whole)} to {max(whole)}" if whole else "none"
        raise MonthNotThere(f"{asked or 'No period'}: is not whole in the latest edition. It has: {there}.")
    return whole[name]


def quarter_of(month_code: str) -> str:
    """Return the quarter of the calendar year that a month is in, such as 2026-Q3."""
    year, month = month_code.split("-")
    return f"{year}-Q{(int(month) + 2) // 3}"


_ORDERED = "select * from public.{0} order by {1}, month_code"
