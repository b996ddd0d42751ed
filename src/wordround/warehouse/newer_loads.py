"""Newer loads: whether rows were loaded since a step of the chain. Other steps may run between two of a chain's."""

import duckdb

from wordround.settings import Settings
from wordround.warehouse import gate_results
from wordround.warehouse.engine import connect, is_there


def since_gate(settings: Settings, gate: str) -> bool:
    """Whether something was loaded since a gate was last passed. False for a gate that never was."""
    if not is_there(settings):
        return False
    with connect(settings) as connection:
        passed = gate_results.last_success(connection, gate)
        (loaded,) = connection.execute("select max(loaded_at) from ops.batches").fetchone() or (None,)
    return None not in (passed, loaded) and loaded > passed


def since_build(settings: Settings) -> bool:
    """Whether the marts lack rows of a loaded batch, or are not there: an erasure takes them away."""
    if not is_there(settings):
        return False
    with connect(settings) as connection:
        try:
            (is_behind,) = connection.execute(
                """select (select coalesce(sum(rows_in), 0) from ops.batches)
                       <> (select coalesce(sum(rows_in), 0) from marts.fct_source_coverage)"""
            ).fetchone() or (True,)
        except duckdb.CatalogException:
            return True
    return bool(is_behind)
