"""The tables of the public product: their columns, and how fine each is.

dbt makes them anew with every build in the schema `public` of the warehouse, small numbers hidden
(dbt/macros/suppress.sql). Nobody reads them there: they are the candidate for the next edition (editions.py).
"""

from typing import NamedTuple

import duckdb

SCHEMA = "public"


class Figures(NamedTuple):
    """A table of figures.

    depth: how coarse it is; 0: weeks, 1: months of services, 2: months of the trust. beside: the table of all comments
    at the same grain, of which a theme's comments are a part. totals: the tables that are sums of it.
    """

    name: str
    depth: int
    keys: tuple[str, ...]
    has_negative: bool
    beside: str | None
    totals: tuple[str, ...]

    @property
    def coarsest(self) -> int:
        """The coarsest detail (restating.DETAILS) that has it: comments of the trust's month stay longest."""
        return 3 if self.depth == 2 and not self.beside else self.depth


_WEEKS, _MONTHS = ("week_date", "month_code"), ("month_code",)
_OF_SERVICE, _OF_TRUST = ("service_id", "trust_code"), ("trust_code",)


def _figures(theme: str) -> tuple[Figures, ...]:
    beside = "public_{}_{}" if theme else ""
    code = ("theme_code",) if theme else ()
    name = f"public_{{}}_{theme}{{}}".format
    return tuple(
        Figures(
            name(who, when),
            depth,
            (*place, *code, *time),
            has_negative=not theme or (who, when) == ("trust", "months"),
            beside=beside.format(who, when) or None,
            totals=tuple(name(*total) for total in totals),
        )
        for who, when, depth, place, time, totals in (
            ("service", "weeks", 0, _OF_SERVICE, _WEEKS, (("service", "months"), ("trust", "weeks"))),
            ("trust", "weeks", 0, _OF_TRUST, _WEEKS, (("trust", "months"),)),
            ("service", "months", 1, _OF_SERVICE, _MONTHS, (("trust", "months"),)),
            ("trust", "months", 2, _OF_TRUST, _MONTHS, ()),
        )
    )


# Those of all comments come first: a theme's share is hidden with its denominator.
FIGURES = (*_figures(""), *_figures("theme_"))
NAMES = ("public_services", "public_themes", "public_sources", "public_weeks", "public_months")
# What is missing from the figures of a trust's month.
GAPS = "public_source_gaps"
EDITIONS = "public_editions"


def are_built(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether dbt has made every public table in the open warehouse."""
    found = connection.execute(
        "select table_name from duckdb_tables() where schema_name = ? and database_name = current_database()", [SCHEMA]
    ).fetchall()
    return {*(each.name for each in FIGURES), *NAMES, GAPS} <= {name for (name,) in found}
