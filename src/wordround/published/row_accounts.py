"""What became of every row of each source, as published, and whether all of them are accounted for."""

from dataclasses import dataclass, fields
from typing import ClassVar

import duckdb

from wordround.plain_text import label as as_label
from wordround.published.database import rows


@dataclass(frozen=True)
class RowAccount:
    """The rows of one source by what became of them; a test compares the names with those of landing."""

    TABLE: ClassVar = "marts.fct_source_coverage"

    source_label: str
    rows_in: int
    rows_loaded: int
    rows_updated: int
    rows_unchanged: int
    rows_no_answer: int
    rows_reshared: int
    rows_quarantined: int
    rows_refused: int
    rows_erased: int

    @classmethod
    def outcomes(cls) -> tuple[str, ...]:
        """The names of what can become of a row."""
        return tuple(each.name.removeprefix("rows_") for each in fields(cls) if each.name.startswith("rows_"))[1:]

    @property
    def label(self) -> str:
        """What the source is called."""
        return as_label(self.source_label)

    @property
    def by_outcome(self) -> dict[str, int]:
        """Its rows by what became of them."""
        return {name: getattr(self, f"rows_{name}") for name in self.outcomes()}

    @property
    def reconciles(self) -> bool:
        """Whether every row that came in is accounted for."""
        return self.rows_in == sum(self.by_outcome.values())


@dataclass(frozen=True)
class SourceTotals:
    """One source with what it is, and what became of its comments since the beginning."""

    TABLE: ClassVar = "marts.dim_sources"

    source_code: str
    source_label: str
    kind_label: str
    description: str
    is_social: bool | None
    comment_count: int
    copy_count: int
    not_about_care_count: int

    @property
    def label(self) -> str:
        """What the source is called."""
        return as_label(self.source_label)


def row_accounts(connection: duckdb.DuckDBPyConnection) -> list[RowAccount]:
    """The rows of each source, all days together."""
    return rows(connection, _ACCOUNTS, RowAccount)


def source_totals(connection: duckdb.DuckDBPyConnection) -> list[SourceTotals]:
    """Every source with what became of its comments, by name."""
    return rows(connection, "select * from marts.dim_sources order by lower(source_label), source_code", SourceTotals)


_ACCOUNTS = """
select
    any_value(coalesce(sources.source_label, coverage.source_code)) as source_label,
    sum(coverage.rows_in)::bigint as rows_in,
    sum(coverage.rows_loaded)::bigint as rows_loaded,
    sum(coverage.rows_updated)::bigint as rows_updated,
    sum(coverage.rows_unchanged)::bigint as rows_unchanged,
    sum(coverage.rows_no_answer)::bigint as rows_no_answer,
    sum(coverage.rows_reshared)::bigint as rows_reshared,
    sum(coverage.rows_quarantined)::bigint as rows_quarantined,
    sum(coverage.rows_refused)::bigint as rows_refused,
    sum(coverage.rows_erased)::bigint as rows_erased
from marts.fct_source_coverage as coverage
left join marts.dim_sources as sources on coverage.source_code = sources.source_code
group by coverage.source_code
order by source_label
"""
