"""Actions on alerts in the warehouse: copied from the records before each build; dbt says what became of them.

The login of somebody stays in the records: what is copied here is published.
"""

import logging

import pyarrow as pa

from wordround.errors import WordroundError
from wordround.records import alert_actions
from wordround.records.alert_actions import LoggedAction
from wordround.settings import Settings
from wordround.warehouse.engine import connect

log = logging.getLogger(__name__)

SCHEMA = pa.schema(
    [
        ("alert_id", pa.string()), ("version", pa.int32()), ("logged_at", pa.timestamp("us", tz="UTC")),
        ("event", pa.string()), ("made_by", pa.string()), ("assigned_to", pa.string()), ("outcome", pa.string()),
        ("acted_on", pa.date32()), ("week_date", pa.date32()), ("words", pa.string()),
    ]
)  # fmt: skip


def bring_in_line(settings: Settings) -> None:
    """Put what the records hold in the place of what is there.

    Where the records cannot be reached the build goes on with those of the last one.
    """
    try:
        logged = alert_actions.all_actions(settings)
    except WordroundError as error:
        log.error("%s: %s", type(error).__name__, error)
        return
    with connect(settings) as connection:
        connection.register("acted", pa.Table.from_pylist([_row(one) for one in logged], schema=SCHEMA))
        connection.execute("begin")
        connection.execute("delete from ops.alert_actions")
        connection.execute("insert into ops.alert_actions by name from acted")
        connection.execute("commit")
        connection.unregister("acted")


def _row(logged: LoggedAction) -> dict[str, object]:
    action = logged.action
    kept = ("alert_id", "event", "assigned_to", "outcome", "acted_on", "week_date", "words")
    who = None if action.is_login else action.by
    return {name: getattr(action, name) for name in kept} | {
        "version": logged.version, "logged_at": logged.at, "made_by": who,
    }  # fmt: skip
