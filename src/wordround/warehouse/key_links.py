"""How many keys of the chain the ids of the warehouse have gone through (identity/keys.py)."""

import duckdb


def link_count(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Return the number of keys; None where nothing was ever loaded."""
    row = connection.execute("select link_count from ops.keys").fetchone()
    return int(row[0]) if row else None


def set_link_count(connection: duckdb.DuckDBPyConnection, count: int) -> None:
    """Replace the recorded number of keys."""
    connection.execute("delete from ops.keys")
    connection.execute("insert into ops.keys values (?)", [count])
