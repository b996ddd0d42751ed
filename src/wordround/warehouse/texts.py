"""Texts and their figures: which texts a version of a model lacks, where figures are stored, which version is shown."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import duckdb
import pyarrow as pa

from wordround.errors import FileUnreadable
from wordround.settings import Settings
from wordround.warehouse.engine import connect
from wordround.warehouse.statements import statement

# The question of a text that answers none, in figures that differ by question.
UNASKED = "unknown"


class Chunk(NamedTuple):
    """Some texts. `languages`: as they were told at the door, None where they were not. `questions` is None for a model
    that does not ask what a text answers.
    """

    text_ids: list[str]
    texts: list[str]
    languages: list[str | None]
    questions: list[str] | None


class Unseen:
    """Distinct texts that wait for a model, each under each question that it answers if the model asks for it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, by_question: bool) -> None:
        self._connection, self._by_question = connection, by_question
        (count,) = connection.execute("select count(*) from unseen").fetchone() or (0,)
        self.count = int(count)

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Yield texts, at most `size` at once; each chunk is read on demand."""
        for start in range(1, self.count + 1, size):
            rows = self._connection.execute(
                "select text_id, text, language, question_type from unseen where number >= ? and number < ?",
                [start, start + size],
            ).fetchall()
            text_ids, texts, languages, questions = (list(column) for column in zip(*rows, strict=True))
            yield Chunk(text_ids, texts, languages, questions if self._by_question else None)


@contextmanager
def unseen(
    connection: duckdb.DuckDBPyConnection, table: str, version: str, kinds: Sequence[str], by_question: bool
) -> Iterator[Unseen]:
    """Hold the texts for which `understanding.<table>` has no row of this version.

    kinds: only texts of comments of these kinds; of all where it is empty. by_question: a text counts as another under
    each question.
    """
    question = f"coalesce(question_type, '{UNASKED}')"
    places = {
        "table": table,
        "question": question if by_question else "''",
        "key": f"text_id, {question}" if by_question else "text_id",
        "known": "known.text_id, known.question_type" if by_question else "known.text_id",
    }
    connection.execute(statement("unseen_texts").format(**places), {"version": version, "kinds": list(kinds)})
    yield Unseen(connection, by_question)
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


def store_themes(connection: duckdb.DuckDBPyConnection, themes: Sequence[Mapping[str, str | int]]) -> None:
    """Put the themes that the annotations in force are of in place of those that were there."""
    connection.register("themes", pa.Table.from_pylist(list(themes)))
    connection.execute("begin; delete from understanding.themes")
    connection.execute("insert into understanding.themes by name select * from themes; commit")
    connection.unregister("themes")


def store_label_reference(
    connection: duckdb.DuckDBPyConnection, version: str, shares: Sequence[tuple[str, float, float]]
) -> None:
    """Store how often each label was given where the model in force was judged: label, by people, by the model."""
    connection.execute("begin; delete from understanding.label_reference")
    if shares:
        connection.executemany(
            "insert into understanding.label_reference values (?, ?, ?, ?)", [(version, *share) for share in shares]
        )
    connection.execute("commit")


def versions_in_force(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the version of each model whose figures are shown, by task."""
    return dict(
        connection.execute(
            "select task, arg_max(model_version, made_current_at) from understanding.models group by task"
        ).fetchall()
    )
