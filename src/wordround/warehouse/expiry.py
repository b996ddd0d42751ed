"""Expiry within the warehouse: texts are removed, and their figures kept under a random text_id.

The figures are kept beside landing too, for a warehouse that is restored from there.
"""

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from wordround.settings import Settings
from wordround.storage import DRAFT
from wordround.warehouse import moments
from wordround.warehouse.engine import connect, is_there
from wordround.warehouse.erasure import delete_orphaned_figures
from wordround.warehouse.figure_tables import FIGURE_TABLES
from wordround.warehouse.statements import quoted, statement


def due_count(settings: Settings, source: str, cutoff: date) -> int:
    """Return how many comments of a source were posted before a day and still have their text."""
    with connect(settings) as connection:
        (count,) = connection.execute(
            "select count(*) from raw.comments where source = ? and posted_date < ? and text is not null",
            [source, cutoff],
        ).fetchone() or (0,)
    return int(count)


def expire_texts(settings: Settings, source: str, cutoff: date) -> None:
    """Remove the texts of comments that were posted before a day, in one transaction; the comments still count.

    Each text must have been scored, and the marts built once: int_comments_classified knows which texts answered
    "nothing" to the question what could be better.
    """
    with connect(settings) as connection:
        connection.execute("begin")
        connection.execute(statement("expiring"), {"source": source, "cutoff": cutoff})
        for table in FIGURE_TABLES:
            connection.execute(
                f"""insert into understanding.{table} by name
                    select figures.* replace (expiring.new_text_id as text_id)
                    from understanding.{table} as figures
                    inner join expiring on figures.text_id = expiring.old_text_id"""
            )
        # The words that spoke for a theme are words of the text.
        connection.execute(
            """update understanding.annotations
               set themes = list_transform(themes, lambda theme: struct_update(theme, words := []))
               where text_id in (select new_text_id from expiring)"""
        )
        connection.execute(statement("expire_comments"), {"moment": moments.now(connection)})
        delete_orphaned_figures(connection)
        connection.execute("drop table expiring")
        connection.execute("commit")


def expired(settings: Settings, source: str) -> pa.Table:
    """Return comment_id, text_id and was_nothing_to_improve of a source's comments whose text has expired."""
    if not is_there(settings):
        return pa.table({"comment_id": pa.array([], pa.string())})
    with connect(settings) as connection:
        return connection.execute(
            "select comment_id, text_id, was_nothing_to_improve from raw.comments where source = ? and is_text_expired",
            [source],
        ).to_arrow_table()


def keep_figures(settings: Settings, source: str) -> None:
    """Write figures of expired texts beside landing, unless they are there: they cannot be made again."""
    folder = settings.landing / source / "expired"
    if not is_there(settings):
        return
    with connect(settings) as connection:
        for table in FIGURE_TABLES:
            paths = [str(path) for path in folder.glob(f"{table}-*.parquet")]
            known = f"select text_id from read_parquet({paths})" if paths else "select null where false"
            new = f"""select * from understanding.{table}
                where text_id in (select text_id from raw.comments where source = '{source}' and is_text_expired)
                    and text_id not in ({known})"""
            if connection.execute(f"{new} limit 1").fetchone():
                folder.mkdir(parents=True, exist_ok=True)
                path = folder / f"{table}-{len(paths) + 1:04}.parquet"
                draft = path.with_name(f"{DRAFT}{path.name}")
                connection.execute(f"copy ({new}) to '{quoted(draft)}' (format parquet, compression zstd)")
                draft.replace(path)


def bring_back_figures(connection: duckdb.DuckDBPyConnection, landing: Path) -> None:
    """Restore the figures of expired texts from beside landing: nobody can score those texts again."""
    for table in FIGURE_TABLES:
        paths = [str(path) for path in landing.glob(f"*/expired/{table}-*.parquet")]
        missing = f"""select text_id from raw.comments where is_text_expired
            and text_id not in (select known.text_id from understanding.{table} as known)"""
        if not paths or not connection.execute(f"{missing} limit 1").fetchone():
            continue
        for path in paths:
            connection.execute(
                f"""insert into understanding.{table} by name
                    select distinct {_as_now(connection, table, path)} from read_parquet($kept)
                    where text_id in ({missing})""",
                {"kept": path},
            )


def _as_now(connection: duckdb.DuckDBPyConnection, table: str, path: str) -> str:
    """Return the columns of kept figures as the table has them; a list that had another form in its version is empty.

    Migrations reach tables and not these files.
    """
    now = dict(_columns(connection, f"select * from understanding.{table}"))
    kept = _columns(connection, f"select * from read_parquet('{quoted(Path(path))}')")
    return ", ".join(
        name if kind == now[name] or not kind.endswith("[]") else f"[] as {name}" for name, kind in kept if name in now
    )


def _columns(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind, *_ in connection.execute(f"describe {query}").fetchall()]
