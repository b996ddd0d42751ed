"""Comments that people may code: how many of each kind there are, which ones stand at drawn places, and their words."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

import duckdb
import pyarrow as pa

from wordround.errors import NothingToReview
from wordround.settings import Settings
from wordround.warehouse.engine import connect, is_there
from wordround.warehouse.statements import statement

CELL = ("listing", "sentiment_class", "band", "service_id")


class Drawn(NamedTuple):
    """A comment that was drawn. `asked`: the question that it answers, or its kind; `text_id` names its words."""

    place: int
    comment_id: str
    source_code: str
    asked: str
    text_id: str
    text: str


class Words(NamedTuple):
    """The words of a comment now: by name, and themselves where they are kept."""

    text_id: str | None
    question_type: str | None
    text: str | None
    is_expired: bool


class Population:
    """The comments that may be drawn."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def cells(self) -> dict[tuple[str, str, str, str], int]:
        """Return how many comments there are of each cell, in a fixed order."""
        names = ", ".join(CELL)
        rows = self._connection.execute(
            f"select {names}, count(*) from population group by {names} order by {names}"
        ).fetchall()
        return {(listing, sentiment, band, service): count for listing, sentiment, band, service, count in rows}

    def at(
        self, stratum_of: Mapping[tuple[str, str, str, str], int], places: Sequence[tuple[int, int]], seed: int
    ) -> list[Drawn]:
        """Return the comments at these (stratum, place from 0) pairs; `Drawn.place` is that of the pair.

        stratum_of: the stratum of each cell. Within one, comments stand by service and then by chance.
        """
        of_cells = pa.Table.from_pylist(
            [{**dict(zip(CELL, cell, strict=True)), "stratum": number} for cell, number in stratum_of.items()]
        )
        wanted = pa.Table.from_pylist(
            [{"pair": pair, "stratum": stratum, "number": place + 1} for pair, (stratum, place) in enumerate(places)]
        )
        self._connection.register("cells", of_cells)
        self._connection.register("wanted", wanted)
        rows = self._connection.execute(
            f"""with numbered as (
                    select population.*, cells.stratum, row_number() over (
                        partition by cells.stratum order by service_id, md5(comment_id || ?), comment_id
                    ) as number
                    from population inner join cells using ({", ".join(CELL)})
                )
                select wanted.pair, comment_id, source_code, asked, text_id, comment_text
                from wanted inner join numbered using (stratum, number)
                order by wanted.pair""",
            [f" {seed}"],
        ).fetchall()
        return [Drawn(*row) for row in rows]

    def named(self, comment_ids: Collection[str]) -> list[Drawn]:
        """Return those of these comments that may be drawn, by id; their places count from 0."""
        self._connection.register("named", pa.table({"comment_id": pa.array(sorted(comment_ids), pa.string())}))
        rows = self._connection.execute(
            """select comment_id, source_code, asked, text_id, comment_text
               from population semi join named using (comment_id) order by comment_id"""
        ).fetchall()
        return [Drawn(place, *row) for place, row in enumerate(rows)]


@contextmanager
def population(
    settings: Settings,
    sources: Sequence[str],
    drawn: Collection[str],
    for_flags: Collection[str],
    since: date | None,
    until: date | None,
    service: str | None,
    conversation: str | None = None,
) -> Iterator[Population]:
    """Hold the comments of these sources that may be drawn, without those that chance drew before.

    for_flags: those that are in a sample only because they were flagged. Raises NothingToReview.
    """
    with connect(settings) as connection:
        for name, ids in (("drawn", drawn), ("for_flags", for_flags)):
            connection.register(name, pa.table({"comment_id": pa.array(sorted(ids), pa.string())}))
        values = {
            "sources": list(sources), "since": since or date.min, "until": until or date.max, "service": service,
            "conversation": conversation,
        }  # fmt: skip
        try:
            connection.execute(statement("sample_population"), values)
        except duckdb.CatalogException as error:
            raise NothingToReview("There are no marts to draw from. Run `wordround build` first.") from error
        yield Population(connection)
        connection.execute("drop table population")


def words(settings: Settings, comment_ids: Collection[str]) -> dict[str, Words]:
    """Return the words of those of the comments that are there."""
    if not is_there(settings):
        return {}
    with connect(settings) as connection:
        connection.register("wanted", pa.table({"comment_id": pa.array(sorted(comment_ids), pa.string())}))
        rows = connection.execute(
            """select comment_id, text_id, question_type, text, coalesce(is_text_expired, false)
               from raw.comments semi join wanted using (comment_id)"""
        ).fetchall()
    return {comment_id: Words(*rest) for comment_id, *rest in rows}
