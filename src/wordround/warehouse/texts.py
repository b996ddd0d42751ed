"""Texts and their figures: which texts a version of a model lacks, where figures are stored, which version is shown."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from wordround.errors import FileUnreadable
from wordround.settings import Settings
from wordround.warehouse.engine import connect
from wordround.warehouse.statements import statement


class Unseen:
    """Distinct texts that wait for a model."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        (count,) = connection.execute("select count(*) from unseen").fetchone() or (0,)
        self.count = int(count)

    def chunks(self, size: int) -> Iterator[tuple[list[str], list[str]]]:
        """Yield text_ids and texts, at most `size` at once; each chunk is read on demand."""
        for start in range(1, self.count + 1, size):
            chunk = self._connection.execute(
                "select text_id, text from unseen where number >= ? and number < ?", [start, start + size]
            ).fetchall()
            yield [text_id for text_id, _ in chunk], [text for _, text in chunk]


@contextmanager
def unseen(connection: duckdb.DuckDBPyConnection, table: str, version: str, kinds: Sequence[str]) -> Iterator[Unseen]:
    """Hold the texts for which `understanding.<table>` has no row of this version.

    kinds: only texts of comments of these kinds; of all where it is empty.
    """
    connection.execute(statement("unseen_texts").format(table=table), {"version": version, "kinds": list(kinds)})
    yield Unseen(connection)
    connection.execute("drop table unseen")


def stored_texts(settings: Settings) -> list[str]:
    """Return each distinct text of the warehouse once. Raises FileUnreadable where there is no warehouse yet."""
    if not settings.warehouse_file.is_file():
        raise FileUnreadable(
            f"{settings.warehouse_file}: is not there yet. Run `wordround load` first, or name a --file."
        )
    with connect(settings) as connection:
        found = connection.execute("select distinct text from raw.comments where text is not null").fetchall()
    return [text for (text,) in found]


def store(connection: duckdb.DuckDBPyConnection, table: str, figures: pa.Table) -> None:
    """Add rows to `understanding.<table>`, columns by name."""
    connection.register("figures", figures)
    connection.execute(f"insert into understanding.{table} by name select * from figures")
    connection.unregister("figures")


def make_current(connection: duckdb.DuckDBPyConnection, task: str, version: str) -> None:
    """Record that the figures of this version are complete, so that they are shown from now on."""
    if versions_in_force(connection).get(task) != version:
        connection.execute("insert into understanding.models values (?, ?, get_current_timestamp())", [task, version])


def versions_in_force(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the version of each model whose figures are shown, by task."""
    return dict(
        connection.execute(
            "select task, arg_max(model_version, made_current_at) from understanding.models group by task"
        ).fetchall()
    )
