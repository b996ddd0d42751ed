"""Texts and their figures: which texts a version of a model lacks, where figures are stored, which version is shown."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import duckdb
import pyarrow as pa

from wordround.errors import FileUnreadable
from wordround.settings import Settings
from wordround.warehouse import moments
from wordround.warehouse.engine import connect, is_there, shown_place
from wordround.warehouse.statements import statement

# The question of a text that answers none, in figures that differ by question.
UNASKED = "unknown"

_NEWEST_FIRST = "order by posted_at desc, text_id, question_type"


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

    def __init__(self, connection: duckdb.DuckDBPyConnection, by_question: bool, limit: int | None) -> None:
        self._connection, self._by_question = connection, by_question
        (count,) = connection.execute("select count(*) from unseen").fetchone() or (0,)
        self.count = int(count) if limit is None else min(int(count), limit)

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Yield texts, at most `size` at once; each chunk is read on demand."""
        for start in range(1, self.count + 1, size):
            rows = self._connection.execute(
                "select text_id, text, language, question_type from unseen where number >= ? and number < ?",
                [start, min(start + size, self.count + 1)],
            ).to_arrow_table()
            text_ids, texts, languages, questions = (column.to_pylist() for column in rows.columns)
            yield Chunk(text_ids, texts, languages, questions if self._by_question else None)


@contextmanager
def unseen(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    version: str,
    kinds: Sequence[str],
    by_question: bool,
    newest_first: int | None = None,
) -> Iterator[Unseen]:
    """Hold the texts for which `understanding.<table>` has no row of this version.

    kinds: only texts of comments of these kinds; of all where it is empty. by_question: a text counts as another under
    each question. newest_first: at most so many, those that were posted last; without it all, in any order.
    """
    places = _places(table, by_question) | {"order": "" if newest_first is None else _NEWEST_FIRST}
    connection.execute(statement("unseen_texts").format(**places), {"version": version, "kinds": list(kinds)})
    yield Unseen(connection, by_question, newest_first)
    connection.execute("drop table unseen")


def readable_counts(
    connection: duckdb.DuckDBPyConnection, table: str, version: str, kinds: Sequence[str], by_question: bool
) -> tuple[int, int]:
    """Return how many texts a model reads, and how many of them this version has read (arguments: see `unseen`)."""
    places = _places(table, by_question)
    known = "select {known} from understanding.{table} as known where known.model_version = $version".format(**places)
    counts = connection.execute(
        f"""with readable as (
                select distinct text_id, {places["question"]} as question_type from raw.comments
                where text is not null and (len($kinds) = 0 or list_contains($kinds, kind))
            )
            select count(*), count_if(({places["columns"]}) in ({known})) from readable""",
        {"version": version, "kinds": list(kinds)},
    ).fetchone() or (0, 0)
    return int(counts[0]), int(counts[1])


def _places(table: str, by_question: bool) -> dict[str, str]:
    question = f"coalesce(question_type, '{UNASKED}')"
    return {
        "table": table,
        "question": question if by_question else "''",
        "key": f"text_id, {question}" if by_question else "text_id",
        "columns": "text_id, question_type" if by_question else "text_id",
        "known": "known.text_id, known.question_type" if by_question else "known.text_id",
    }


def stored_texts(settings: Settings) -> list[str]:
    """Return each distinct text of the warehouse once. Raises FileUnreadable where there is no warehouse yet."""
    if not is_there(settings):
        raise FileUnreadable(
            f"{shown_place(settings)}: is not there yet. Run `wordround load` first, or name a --file."
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
        connection.execute(
            "insert into understanding.models values (?, ?, ?)", [task, version, moments.now(connection)]
        )


def store_themes(connection: duckdb.DuckDBPyConnection, themes: Sequence[Mapping[str, str | int]]) -> None:
    """Put the themes that the annotations in force are of in place of those that were there."""
    connection.register("themes", pa.Table.from_pylist(list(themes)))
    connection.execute("delete from understanding.themes")
    connection.execute("insert into understanding.themes by name select * from themes")
    connection.unregister("themes")


def store_label_reference(
    connection: duckdb.DuckDBPyConnection, version: str, shares: Sequence[tuple[str, float, float]]
) -> None:
    """Store how often each label was given where the model in force was judged: label, by people, by the model."""
    connection.execute("delete from understanding.label_reference")
    if shares:
        connection.executemany(
            "insert into understanding.label_reference values (?, ?, ?, ?)", [(version, *share) for share in shares]
        )


def forget_other_versions(connection: duckdb.DuckDBPyConnection, table: str, kept: Sequence[str]) -> None:
    """Delete figures of other versions than these; those of texts that have expired stay, as nobody can make more."""
    connection.execute(
        f"""delete from understanding.{table}
            where not list_contains($kept, model_version)
                and text_id not in (select c.text_id from raw.comments as c where c.is_text_expired)""",
        {"kept": list(kept)},
    )


def versions_in_force(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the version of each model whose figures are shown, by task."""
    return dict(
        connection.execute(
            "select task, arg_max(model_version, made_current_at) from understanding.models group by task"
        ).fetchall()
    )
