"""The public product: suppressed aggregates in a file of their own, so that nothing else can be in it.

The tables of the schema `public`, in which small numbers are hidden already (dbt/macros/suppress.sql), go to a draft of
`wordround_public.duckdb`, which is always written anew. The gate decides which tables and columns the schema may have
(expectations/publishable/public_columns.json and public_figures.json).
"""

from pathlib import Path

import duckdb

from wordround.publish.copying import copy_descriptions
from wordround.warehouse.statements import quoted

DATABASE = "wordround_public.duckdb"
SCHEMA = "public"


def public_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of the tables to publish; none where the public product was not built."""
    found = connection.execute(
        """select table_name from duckdb_tables()
           where schema_name = ? and database_name = current_database() order by table_name""",
        [SCHEMA],
    ).fetchall()
    return [name for (name,) in found]


def copy_public(connection: duckdb.DuckDBPyConnection, tables: list[str], draft: Path) -> None:
    """Copy the public tables of an open warehouse, with their descriptions, into a new database."""
    connection.execute(f"attach '{quoted(draft)}' as draft")
    connection.execute(f"create schema draft.{SCHEMA}")
    for table in tables:
        # Sorted, because the order in which rows were judged would reveal which hidden count is larger.
        connection.execute(f'create table draft.{SCHEMA}."{table}" as from {SCHEMA}."{table}" order by all')
    copy_descriptions(connection, SCHEMA)
    connection.execute("detach draft")
