"""Issued alerts in the warehouse: copied from the records before each build, so that dbt sets today's beside them."""

import logging
from dataclasses import asdict

import pyarrow as pa

from wordround.errors import WordroundError
from wordround.records import issued_alerts
from wordround.settings import Settings
from wordround.warehouse.engine import connect

log = logging.getLogger(__name__)

SCHEMA = pa.schema(
    [
        ("alert_id", pa.string()), ("issued_at", pa.timestamp("us", tz="UTC")), ("build_id", pa.string()),
        ("series_id", pa.string()), ("series_code", pa.string()), ("trust_code", pa.string()),
        ("service_id", pa.string()), ("theme_code", pa.string()), ("direction", pa.string()),
        ("since_week", pa.date32()), ("opened_week", pa.date32()), ("evidence", pa.float64()),
        ("negative_count", pa.int32()), ("comment_count", pa.int32()), ("expected_share", pa.float64()),
        ("baseline_comment_count", pa.int32()), ("baseline_week_count", pa.int32()),
    ]
)  # fmt: skip


def bring_in_line(settings: Settings) -> None:
    """Put what the records hold in the place of what is there.

    Where the records cannot be reached the build goes on with those of the last one.
    """
    try:
        issued = issued_alerts.every(settings)
    except WordroundError as error:
        log.error("%s: %s", type(error).__name__, error)
        return
    rows = [asdict(each.issue) | {"issued_at": each.issued_at, "build_id": each.build_id} for each in issued]
    with connect(settings) as connection:
        connection.register("issued", pa.Table.from_pylist(rows, schema=SCHEMA))
        connection.execute("begin")
        connection.execute("delete from ops.issued_alerts")
        connection.execute("insert into ops.issued_alerts by name from issued")
        connection.execute("commit")
        connection.unregister("issued")
