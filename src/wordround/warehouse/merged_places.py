"""Places that files write in several ways and that are one service, as the latest build has them."""

from typing import NamedTuple

import duckdb


class MergedPlace(NamedTuple):
    """A service, and the spellings that were gathered under it."""

    service_label: str
    spellings: str


def merged_places(connection: duckdb.DuckDBPyConnection) -> list[MergedPlace]:
    """Return them by name; none before a build that gathers them."""
    try:
        rows = connection.execute(
            """select service_label, place_spellings
               from marts.dim_services
               where place_spellings is not null
               order by service_label, place_spellings"""
        ).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return []
    return [MergedPlace(*row) for row in rows]
