"""Human codes in the warehouse: copied from the records for dbt, and the model's answers beside them."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import pyarrow as pa

from wordround.settings import Settings
from wordround.warehouse.engine import connect, is_there
from wordround.warehouse.statements import statement

_THEME = pa.struct(
    [
        ("theme_code", pa.string()),
        ("probability", pa.float64()),
        ("polarity", pa.string()),
        ("words", pa.list_(pa.string())),
    ]
)
SCHEMA = pa.schema(
    [
        ("comment_id", pa.string()),
        ("sentiment", pa.string()),
        ("sentiment_class", pa.string()),
        ("themes", pa.list_(_THEME)),
        ("coded_at", pa.timestamp("us", tz="UTC")),
    ]
)


class Answer(NamedTuple):
    """What the model says of a comment. `listing`: source and question."""

    comment_id: str
    listing: str
    text_id: str
    is_expired: bool
    model_version: str
    sentiment: str
    sentiment_class: str
    probability: float
    theme_codes: tuple[str, ...]


def replace(settings: Settings, codes: pa.Table) -> int:
    """Put codes (SCHEMA) in the place of all that there are; return of how many comments they changed."""
    with connect(settings) as connection:
        connection.register("codes", codes.cast(SCHEMA))
        changed = """
            select comment_id from (
                (from codes except from understanding.human_codes)
                union (from understanding.human_codes except from codes)
            )"""
        (count,) = connection.execute(f"select count(distinct comment_id) from ({changed})").fetchone() or (0,)
        if count:
            connection.execute("begin")
            connection.execute("delete from understanding.human_codes")
            connection.execute("insert into understanding.human_codes by name from codes")
            connection.execute("commit")
    return int(count)


def replace_reading(settings: Settings, reading: Mapping[str, object] | None) -> None:
    """Store how well the model in force does on what people settled (columns of own_reading), or that nobody knows."""
    with connect(settings) as connection:
        connection.execute("begin")
        connection.execute("delete from understanding.own_reading")
        if reading is not None:
            connection.register("reading", pa.Table.from_pylist([dict(reading)]))
            connection.execute("insert into understanding.own_reading by name from reading")
        connection.execute("commit")


def answers(settings: Settings, comment_ids: Collection[str]) -> list[Answer]:
    """Return what the model in force says of those of the comments that it has read, by id."""
    if not is_there(settings):
        return []
    with connect(settings) as connection:
        connection.register("wanted", pa.table({"comment_id": pa.array(sorted(comment_ids), pa.string())}))
        return [
            Answer._make((*row[:-1], tuple(theme["theme_code"] for theme in row[-1])))
            for row in connection.execute(statement("answers_beside_codes")).fetchall()
        ]
