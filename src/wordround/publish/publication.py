"""Publishing: finished copies of what was built, each put in place with one atomic rename.

For the trust's analysts: `published/wordround.duckdb`, the same tables under `published/parquet/`, and
`published/manifest.json` with checksums, row counts and versions. At any moment a reader sees either the last
publication or this one, whole. A file that is open stays readable after it was replaced, and the link `parquet` moves
only once its new folder is complete. What the public reads comes in editions (editions.py).
"""

import json
import secrets
import shutil
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from wordround.access import open_to_readers
from wordround.errors import BuildFailed
from wordround.outcomes import Outcome
from wordround.publish import product
from wordround.publish.copying import LABEL_REFERENCE, MADE_BY, OWN_READING, RULES, copy_marts, copy_meta
from wordround.settings import Settings
from wordround.storage import DRAFT, forget_drafts, sha256, storage, write_whole
from wordround.warehouse.engine import connect, exclusive

_FORGOTTEN_AFTER = 3600
_MOMENT = "%Y%m%dT%H%M%SZ"


class Published(Outcome):
    """What was published: the build's id, the paths, and the number of rows of each table."""

    build_id: str
    database: str
    parquet: str
    rows: Mapping[str, int]


def publish(settings: Settings) -> Published:
    """Publish the marts.

    Raises BuildFailed when there are no marts, StorageFailed when the disk refuses; then the last publication stays.
    """
    folder = settings.published
    # Held to the end, so that this publication cannot replace one that was made after an erasure.
    with exclusive(settings), storage(folder):
        now = _moment_after_last(folder)
        build_id = f"{now:{_MOMENT}}-{secrets.token_hex(3)}"
        folder.mkdir(parents=True, exist_ok=True)
        forget_drafts(folder)
        _forget_unfinished_parquet(folder)
        draft = folder / f"{DRAFT}{build_id}.duckdb"
        parquet = folder / f".parquet-{build_id}"
        try:
            with connect(settings) as connection:
                about, tables = product.about(connection, build_id, now), _marts(connection)
                made_by = tuple(about[name] for name in MADE_BY)
                unchanged = copy_marts(connection, tables, made_by, _intact(folder), draft)
                meta = copy_meta(connection, draft, (RULES, OWN_READING, LABEL_REFERENCE))
            exported = {"marts": tables, "meta": meta}
            product.write_parquet(draft, parquet, exported, _reusable(folder, unchanged))
            product.finish(draft, about, product.views("examples.sql") if "fct_service_weeks" in tables else None)
            accounts = product.account(draft, parquet, exported)
            manifest = {
                **about,
                "tables": accounts,
                "comments_by_source": _comments_by_source(draft, tables),
                "sha256": {"wordround.duckdb": sha256(draft)},
            }
            open_to_readers(settings, draft, parquet)
            _put_in_place(folder, draft, parquet, manifest)
        finally:
            draft.unlink(missing_ok=True)
    return Published(
        build_id=build_id,
        database=str(folder / "wordround.duckdb"),
        parquet=str(folder / "parquet"),
        rows={name: int(table["rows"]) for name, table in accounts.items()},
    )


def forget_earlier(settings: Settings) -> None:
    """Remove the files of earlier publications at once, because they hold what was erased."""
    folder = settings.published
    now = (folder / "parquet").resolve()
    for path in (*folder.glob(".parquet-*"), *folder.glob(f"{DRAFT}*")):
        if path.is_dir() and not path.is_symlink():
            if path.resolve() != now:
                shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _intact(folder: Path) -> Path | None:
    """Return the last published database, unless somebody has written to it since."""
    database, manifest = folder / "wordround.duckdb", folder / "manifest.json"
    if not database.is_file() or not manifest.is_file():
        return None
    published = json.loads(manifest.read_text(encoding="utf-8"))["sha256"][database.name]
    return database if sha256(database) == published else None


def _marts(connection: duckdb.DuckDBPyConnection) -> list[str]:
    tables = [
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts' and not internal order by table_name"
        ).fetchall()
    ]
    if not tables:
        raise BuildFailed("There are no marts to publish. Run `wordround build` first.")
    return tables


def _comments_by_source(draft: Path, tables: list[str]) -> dict[str, int]:
    """Return how many comments of each source are published, for the gate of the next publication."""
    if "dim_sources" not in tables:
        return {}
    with duckdb.connect(str(draft), read_only=True) as connection:
        return dict(
            connection.execute(
                "select source_code, count(*) from marts.fct_comments group by source_code order by source_code"
            ).fetchall()
        )


def _reusable(folder: Path, unchanged: set[str]) -> dict[str, Path]:
    """Return the Parquet files of unchanged tables, if they belong to the same publication as the database."""
    last, database = folder / "parquet", folder / "wordround.duckdb"
    if not unchanged or not (last / "manifest.json").is_file():
        return {}
    with duckdb.connect(str(database), read_only=True) as connection:
        published = connection.execute("select build_id from meta.publication").fetchone()
    if published != (json.loads((last / "manifest.json").read_text(encoding="utf-8"))["build_id"],):
        return {}
    return {table: path for table in unchanged if (path := last.resolve() / f"{table}.parquet").is_file()}


def _put_in_place(folder: Path, draft: Path, parquet: Path, manifest: dict[str, Any]) -> None:
    written = json.dumps(manifest, indent=2).encode()
    write_whole(parquet / "manifest.json", written)
    link = folder / f"{DRAFT}{manifest['build_id']}.link"
    link.symlink_to(parquet.name)
    link.replace(folder / "parquet")
    draft.replace(folder / "wordround.duckdb")
    write_whole(folder / "manifest.json", written)
    # A reader may still be in the folder before this one, or have looked the link up just now.
    earlier = sorted(set(folder.glob(".parquet-*")) - {parquet}, key=lambda path: path.name)
    for old in earlier[:-1]:
        if time.time() - old.stat().st_mtime > _FORGOTTEN_AFTER:
            shutil.rmtree(old, ignore_errors=True)


def _moment_after_last(folder: Path) -> datetime:
    """Return the moment, later than that of the last publication even where the clock has gone back since.

    By their names it is told which folders were never led to, and which readers may still be in.
    """
    now, last = datetime.now(UTC), (folder / "parquet").resolve().name.removeprefix(".parquet-").rpartition("-")[0]
    try:
        return max(now, datetime.strptime(last, _MOMENT).replace(tzinfo=UTC) + timedelta(seconds=1))
    except ValueError:
        return now


def _forget_unfinished_parquet(folder: Path) -> None:
    """Remove the Parquet folders of runs that were killed before the link led to theirs: by their names they are later.

    Within one second nobody can tell; such a folder goes with the earlier ones.
    """
    published = (folder / "parquet").resolve()
    for each in folder.glob(".parquet-*"):
        if each.name.rpartition("-")[0] > published.name.rpartition("-")[0] or not published.exists():
            shutil.rmtree(each)
