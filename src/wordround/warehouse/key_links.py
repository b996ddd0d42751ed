"""Under how many keys of the chain the ids of the warehouse are (identity/keys.py)."""

import duckdb


def link_count(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Return it; None where nothing was ever loaded."""
    row = connection.execute("select link_count from ops.keys").fetchone()
    return int(row[0]) if row else None


def set_link_count(connection: duckdb.DuckDBPyConnection, count: int) -> None:
    """Note it, in the place of what was noted."""
    connection.execute("delete from ops.keys")
    connection.execute("insert into ops.keys values (?)", [count])
