"""What the last whole build has read, as the warehouse keeps it: a fingerprint an input."""

import hashlib
import json
from collections.abc import Collection, Mapping

import duckdb

from wordround.settings import Settings
from wordround.warehouse.engine import connect

BUILT = "what was built"


def changed(
    settings: Settings, tables: Collection[str], others: Mapping[str, str], forget_all: bool = False
) -> tuple[list[str], Mapping[str, str]]:
    """Return the inputs that are not what they were when they were last kept, and forget those, or all.

    The second value is what `keep` is given: a fingerprint of each input but what builds leave behind.

    tables: `schema.table` each. others: fingerprints of what no table tells of. What builds leave behind is one more
    input, BUILT: an erasure takes it away.
    """
    with connect(settings) as connection:
        known = dict(connection.execute("select name, fingerprint from ops.build_inputs").fetchall())
        read = {name: _of_table(connection, name) for name in tables} | dict(others)
        now = read | {BUILT: _of_built(connection)}
        gone = [name for name, fingerprint in now.items() if known.get(name) != fingerprint]
        connection.execute("delete from ops.build_inputs where ? or list_contains(?, name)", [forget_all, gone])
    return gone, read


def keep(settings: Settings, read: Mapping[str, str]) -> None:
    """Keep what a build has read, and what it leaves behind, in the place of what there was."""
    with connect(settings) as connection:
        now = {**read, BUILT: _of_built(connection)}
        connection.execute("begin")
        connection.execute("delete from ops.build_inputs")
        connection.executemany("insert into ops.build_inputs values (?, ?)", list(now.items()))
        connection.execute("commit")


def _of_table(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    # The sum does not depend on the order of the rows. No table has a column of this name.
    row = connection.execute(f"select count(*), sum(hash(whole_row)::hugeint) from {table} as whole_row").fetchone()
    return json.dumps(row)


def _of_built(connection: duckdb.DuckDBPyConnection) -> str:
    found = connection.execute(
        """select schema_name, table_name from duckdb_tables() where schema_name not in ('raw', 'ops', 'understanding')
           union all select schema_name, view_name from duckdb_views() where not internal order by all"""
    ).fetchall()
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()
