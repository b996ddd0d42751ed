"""Switches of models: how far a new version has read history again, and the moment from which all figures are its own.

`understanding.model_switches` has a row for each model that changed, `understanding.rescoring` one for each that is
about to. The switches stand in the records too, from which a warehouse that is made again takes them.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from datetime import datetime
from typing import NamedTuple

import duckdb

from wordround.errors import WordroundError
from wordround.records import model_switches
from wordround.records.model_switches import ModelSwitch
from wordround.settings import Settings

log = logging.getLogger(__name__)

_FIELDS = ", ".join(each.name for each in fields(ModelSwitch))


class Rescoring(NamedTuple):
    """How far a new version of a model is: texts that can be read, and those of them that it has read."""

    task: str
    model_version: str
    began_at: datetime
    text_count: int
    rescored_count: int

    @property
    def progress(self) -> float:
        """The share of the texts that it has read, from 0 to 1."""
        return self.rescored_count / self.text_count if self.text_count else 1.0


def rescorings(connection: duckdb.DuckDBPyConnection) -> list[Rescoring]:
    """Return the versions that read history again, by task."""
    rows = connection.execute("from understanding.rescoring order by task").fetchall()
    return [Rescoring(*row) for row in rows]


def set_progress(
    connection: duckdb.DuckDBPyConnection, versions: Mapping[str, str], counts: Mapping[str, tuple[int, int]]
) -> None:
    """Store how far each version is, by task: texts, and those of them that it has read. Others are forgotten."""
    began = {(each.task, each.model_version): each.began_at for each in rescorings(connection)}
    (now,) = connection.execute("select get_current_timestamp()").fetchone() or (None,)
    connection.execute("begin")
    connection.execute("delete from understanding.rescoring")
    for task, version in versions.items():
        connection.execute(
            "insert into understanding.rescoring values (?, ?, ?, ?, ?)",
            [task, version, began.get((task, version), now), *counts[task]],
        )
    connection.execute("commit")


def expired_count(connection: duckdb.DuckDBPyConnection, table: str, version: str) -> int:
    """Return how many comments without a text have figures, and none of this version."""
    (count,) = connection.execute(
        f"""with expired as (select text_id from raw.comments where is_text_expired)
            select count(*) from expired
            where text_id in (select f.text_id from understanding.{table} as f)
                and text_id not in (select f.text_id from understanding.{table} as f where f.model_version = ?)""",
        [version],
    ).fetchone() or (0,)
    return int(count)


def put_in_force(connection: duckdb.DuckDBPyConnection, switches: Sequence[ModelSwitch]) -> None:
    """Put new versions in force at one moment, within the caller's transaction."""
    for switch in switches:
        connection.execute(
            "insert into understanding.models values (?, ?, ?)",
            [switch.task, switch.model_version, switch.switched_at],
        )
    _insert(connection, switches)
    connection.execute("delete from understanding.rescoring")


def bring_in_line(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Write the switches that the records lack into them, and those that the warehouse lacks into it.

    Where the records cannot be reached nothing waits for them: the next run does it.
    """
    here = _stored(connection)
    try:
        there = model_switches.all_switches(settings)
        if lacking := [switch for switch in here if switch not in there]:
            model_switches.log(settings, lacking)
    except WordroundError as error:
        log.error("%s: %s", type(error).__name__, error)
        return
    _insert(connection, [switch for switch in there if switch not in here])


def _stored(connection: duckdb.DuckDBPyConnection) -> list[ModelSwitch]:
    rows = connection.execute(f"select {_FIELDS} from understanding.model_switches order by switched_at, task")
    return [ModelSwitch(*row) for row in rows.fetchall()]


def _insert(connection: duckdb.DuckDBPyConnection, switches: Sequence[ModelSwitch]) -> None:
    for switch in switches:
        connection.execute(
            f"insert into understanding.model_switches ({_FIELDS}) values (?, ?, ?, ?, ?, ?, ?, ?)",
            list(astuple(switch)),
        )
