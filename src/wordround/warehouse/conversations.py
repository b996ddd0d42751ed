"""Conversations in the warehouse: copied from settings and records before each build, so that dbt measures them.

Who declared one stays in the records: what is copied here is published.
"""

import logging

import pyarrow as pa

from wordround.conversations import declared
from wordround.conversations.declared import Declared
from wordround.errors import WordroundError
from wordround.settings import Settings
from wordround.warehouse.engine import connect

log = logging.getLogger(__name__)

SCHEMA = pa.schema(
    [
        ("conversation_id", pa.string()), ("query_id", pa.string()), ("label", pa.string()),
        ("tags", pa.list_(pa.string())),
        ("hosts", pa.list_(pa.string())), ("begins_at", pa.timestamp("us", tz="UTC")),
        ("ends_at", pa.timestamp("us", tz="UTC")), ("baseline_days", pa.int32()),
        ("sources", pa.list_(pa.string())), ("declared_in", pa.string()),
    ]
)  # fmt: skip


def bring_in_line(settings: Settings) -> None:
    """Put what is declared in the place of what is there; what is wrong with a declaration is logged.

    Where the records cannot be reached the build goes on with those of the last one.
    """
    try:
        known, faults = declared.known(settings), declared.faults(settings)
    except WordroundError as error:
        log.error("%s: %s", type(error).__name__, error)
        return
    for fault in faults:
        log.warning("%s", fault)
    with connect(settings) as connection:
        connection.register("declared", pa.Table.from_pylist([_row(one) for one in known], schema=SCHEMA))
        connection.execute("begin")
        connection.execute("delete from ops.conversations")
        connection.execute("insert into ops.conversations by name from declared")
        connection.execute("commit")
        connection.unregister("declared")


def _row(one: Declared) -> dict[str, object]:
    return {name: getattr(one, name) for name in SCHEMA.names}
