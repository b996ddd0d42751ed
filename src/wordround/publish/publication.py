"""Publishing: finished copies of what was built, each put in place with one atomic rename.

For the trust's analysts: `published/wordround.duckdb`, the same tables under `published/parquet/`, and
`published/manifest.json` with checksums, row counts and versions. For the public: the same three under
`published/public/`. At any moment a reader sees either the last publication or this one, whole. A file that is open
stays readable after it was replaced, and the link `parquet` moves only once its new folder is complete.
"""

import hashlib
import json
import secrets
import shutil
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from wordround import __version__, folders
from wordround.access import open_to_readers
from wordround.errors import BuildFailed
from wordround.outcomes import Outcome
from wordround.publish import public
from wordround.publish.copying import MADE_BY, copy_marts, copy_rules
from wordround.settings import Settings
from wordround.storage import DRAFT, storage, write_whole
from wordround.warehouse import texts
from wordround.warehouse.engine import connect, exclusive
from wordround.warehouse.statements import quoted

DBT_PROJECT = folders.DBT

_FORGOTTEN_AFTER = 3600


class Published(Outcome):
    """What was published: the build's id, the paths, and the number of rows of each table."""

    build_id: str
    database: str
    parquet: str
    public_database: str | None
    rows: Mapping[str, int]


def publish(settings: Settings) -> Published:
    """Publish the marts and the public product.

    Raises BuildFailed when there are no marts, StorageFailed when the disk refuses; then the last publication stays.
    """
    now = datetime.now(UTC)
    build_id = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    folder = settings.published
    # Held to the end, so that this publication cannot replace one that was made after an erasure.
    with exclusive(settings), storage(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _forget_drafts(folder)
        draft = folder / f"{DRAFT}{build_id}.duckdb"
        public_draft = folder / f"{DRAFT}{build_id}-public.duckdb"
        parquet = folder / f".parquet-{build_id}"
        try:
            with connect(settings) as connection:
                about, tables = _about(connection, build_id, now), _marts(connection)
                made_by = tuple(about[name] for name in MADE_BY)
                unchanged = copy_marts(connection, tables, made_by, _intact(folder), draft)
                rules = copy_rules(connection, draft)
                aggregates = public.public_tables(connection)
                if aggregates:
                    public.copy_public(connection, aggregates, public_draft)
                    copy_rules(connection, public_draft)
            exported = {"marts": tables, "meta": rules}
            _write_parquet(draft, parquet, exported, _reusable(folder, unchanged))
            _finish(draft, about, _views("examples.sql") if "fct_service_weeks" in tables else None)
            manifest = {
                **about,
                "tables": _account(draft, parquet, exported),
                "sha256": {"wordround.duckdb": _sha256(draft)},
            }
            # Both are ready before the first is put in place.
            exported = {public.SCHEMA: aggregates, "meta": rules}
            public_manifest = (
                _prepare_public(folder / public.SCHEMA, public_draft, exported, about) if aggregates else None
            )
            public_parquet = folder / public.SCHEMA / parquet.name
            open_to_readers(settings, draft, parquet, *([public_draft, public_parquet] if aggregates else []))
            _put_in_place(folder, draft, parquet, manifest)
            if public_manifest:
                _put_in_place(folder / public.SCHEMA, public_draft, public_parquet, public_manifest, public.DATABASE)
        finally:
            draft.unlink(missing_ok=True)
            public_draft.unlink(missing_ok=True)
    return Published(
        build_id=build_id,
        database=str(folder / "wordround.duckdb"),
        parquet=str(folder / "parquet"),
        public_database=str(folder / public.SCHEMA / public.DATABASE) if aggregates else None,
        rows={
            name: table["rows"]
            for published in (manifest, public_manifest or {"tables": {}})
            for name, table in published["tables"].items()
        },
    )


def forget_earlier(settings: Settings) -> None:
    """Remove the files of earlier publications at once, because they hold what was erased."""
    for folder in (settings.published, settings.published / public.SCHEMA):
        now = (folder / "parquet").resolve()
        for path in (*folder.glob(".parquet-*"), *folder.glob(f"{DRAFT}*")):
            if path.is_dir() and not path.is_symlink():
                if path.resolve() != now:
                    shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _prepare_public(folder: Path, draft: Path, exported: dict[str, list[str]], about: dict[str, Any]) -> dict[str, Any]:
    """Finish the draft of the public product and write its Parquet folder; return its manifest."""
    folder.mkdir(exist_ok=True)
    _forget_drafts(folder)
    parquet = folder / f".parquet-{about['build_id']}"
    _write_parquet(draft, parquet, exported, {})
    has_examples = {"public_services", "public_service_months", "public_trust_theme_months"} <= set(
        exported[public.SCHEMA]
    )
    _finish(draft, about, _views("examples_public.sql") if has_examples else None)
    return {**about, "tables": _account(draft, parquet, exported), "sha256": {public.DATABASE: _sha256(draft)}}


def _about(connection: duckdb.DuckDBPyConnection, build_id: str, now: datetime) -> dict[str, Any]:
    models = texts.versions_in_force(connection)
    return {
        "build_id": build_id,
        "published_at": now.isoformat(),
        "wordround_version": __version__,
        "dbt_version": version("dbt-core"),
        "duckdb_version": version("duckdb"),
        "great_expectations_version": version("great-expectations"),
        "dbt_project": _dbt_project(),
        "sentiment_model_version": models.get("sentiment"),
        "themes_model_version": models.get("themes"),
    }


def _intact(folder: Path) -> Path | None:
    """Return the last published database, unless somebody has written to it since."""
    database, manifest = folder / "wordround.duckdb", folder / "manifest.json"
    if not database.is_file() or not manifest.is_file():
        return None
    published = json.loads(manifest.read_text(encoding="utf-8"))["sha256"][database.name]
    return database if _sha256(database) == published else None


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


def _dbt_project() -> str:
    """Return a fingerprint of every file that decides how marts are made."""
    found = hashlib.sha256()
    for path in sorted(path for path in DBT_PROJECT.rglob("*") if path.suffix in {".sql", ".yml", ".csv"}):
        in_force = folders.reference(path.name) if path.parent == folders.REFERENCE else path
        found.update(str(path.relative_to(DBT_PROJECT)).encode() + in_force.read_bytes())
    return found.hexdigest()[:12]


def _finish(draft: Path, about: dict[str, Any], views: str | None) -> None:
    connection = duckdb.connect(str(draft))
    try:
        connection.execute("drop schema if exists examples cascade")
        connection.execute("create schema if not exists meta")
        columns = ", ".join(f"?::{'timestamptz' if name.endswith('_at') else 'varchar'} as {name}" for name in about)
        connection.execute(f"create or replace table meta.publication as select {columns}", list(about.values()))
        connection.execute("comment on table meta.publication is 'What was published when, and by which versions.'")
        if views:
            connection.execute(views)
        connection.execute("checkpoint")
    finally:
        connection.close()


def _views(name: str) -> str:
    return (resources.files("wordround.publish") / name).read_text(encoding="utf-8")


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


def _write_parquet(draft: Path, folder: Path, exported: dict[str, list[str]], reusable: dict[str, Path]) -> None:
    """Write a file for each table; `exported` names them by schema."""
    folder.mkdir()
    with duckdb.connect(str(draft), read_only=True) as connection:
        for schema, table in _qualified(exported):
            path = folder / f"{table}.parquet"
            if table in reusable:
                shutil.copyfile(reusable[table], path)
            else:
                connection.execute(f"copy {schema}.\"{table}\" to '{quoted(path)}' (format parquet, compression zstd)")


def _account(draft: Path, parquet: Path, exported: dict[str, list[str]]) -> dict[str, dict[str, Any]]:
    with duckdb.connect(str(draft), read_only=True) as connection:
        return {
            table: {
                "rows": (connection.execute(f'select count(*) from {schema}."{table}"').fetchone() or (0,))[0],
                "parquet_sha256": _sha256(parquet / f"{table}.parquet"),
            }
            for schema, table in _qualified(exported)
        }


def _qualified(exported: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(schema, table) for schema, tables in exported.items() for table in tables]


def _put_in_place(
    folder: Path, draft: Path, parquet: Path, manifest: dict[str, Any], database: str = "wordround.duckdb"
) -> None:
    written = json.dumps(manifest, indent=2).encode()
    write_whole(parquet / "manifest.json", written)
    link = folder / f"{DRAFT}{manifest['build_id']}.link"
    link.symlink_to(parquet.name)
    link.replace(folder / "parquet")
    draft.replace(folder / database)
    write_whole(folder / "manifest.json", written)
    # A reader may still be in the folder before this one, or have looked the link up just now.
    earlier = sorted(set(folder.glob(".parquet-*")) - {parquet}, key=lambda path: path.stat().st_mtime)
    for old in earlier[:-1]:
        if time.time() - old.stat().st_mtime > _FORGOTTEN_AFTER:
            shutil.rmtree(old, ignore_errors=True)


def _forget_drafts(folder: Path) -> None:
    """Remove drafts of runs that were killed."""
    for draft in folder.glob(f"{DRAFT}*"):
        if time.time() - draft.lstat().st_mtime > _FORGOTTEN_AFTER:
            draft.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
