"""What every published product is made of: who made it, its Parquet files, and the account of them."""

import hashlib
import shutil
from datetime import datetime
from importlib import resources
from importlib.metadata import version
from pathlib import Path

import duckdb

from wordround import __version__, folders
from wordround.storage import sha256
from wordround.warehouse import texts
from wordround.warehouse.statements import quoted

DBT_PROJECT = folders.DBT


def about(connection: duckdb.DuckDBPyConnection, build_id: str, now: datetime) -> dict[str, str | None]:
    """Return which build this is and the versions that made it, from an open warehouse."""
    models = texts.versions_in_force(connection)
    return {
        "build_id": build_id,
        "published_at": now.isoformat(),
        "wordround_version": __version__,
        "dbt_version": version("dbt-core"),
        "duckdb_version": version("duckdb"),
        "great_expectations_version": version("great-expectations"),
        "dbt_project": _dbt_project(),
        "annotations_model_version": models.get("annotations"),
        "vader_version": models.get("sentiment"),
    }


def finish(draft: Path, about: dict[str, str | None], examples: str | None) -> None:
    """Write who made a draft into it, and its example views."""
    connection = duckdb.connect(str(draft))
    try:
        connection.execute("drop schema if exists examples cascade")
        connection.execute("create schema if not exists meta")
        columns = ", ".join(f"?::{'timestamptz' if name.endswith('_at') else 'varchar'} as {name}" for name in about)
        connection.execute(f"create or replace table meta.publication as select {columns}", list(about.values()))
        connection.execute("comment on table meta.publication is 'What was published when, and by which versions.'")
        if examples:
            connection.execute(examples)
        connection.execute("checkpoint")
    finally:
        connection.close()


def views(name: str) -> str:
    """Return the statements that make example views."""
    return (resources.files("wordround.publish") / name).read_text(encoding="utf-8")


def write_parquet(draft: Path, folder: Path, exported: dict[str, list[str]], reusable: dict[str, Path]) -> None:
    """Write a file for each table; `exported` names them by schema."""
    folder.mkdir()
    with duckdb.connect(str(draft), read_only=True) as connection:
        for schema, table in _qualified(exported):
            path = folder / f"{table}.parquet"
            if table in reusable:
                shutil.copyfile(reusable[table], path)
            else:
                # The higher levels make no smaller files of these tables, and take a quarter longer.
                connection.execute(
                    f"copy {schema}.\"{table}\" to '{quoted(path)}'"
                    " (format parquet, compression zstd, compression_level 1)"
                )


def account(draft: Path, parquet: Path, exported: dict[str, list[str]]) -> dict[str, dict[str, int | str]]:
    """Return the rows of each table and the checksum of its Parquet file."""
    with duckdb.connect(str(draft), read_only=True) as connection:
        return {
            table: {
                "rows": (connection.execute(f'select count(*) from {schema}."{table}"').fetchone() or (0,))[0],
                "parquet_sha256": sha256(parquet / f"{table}.parquet"),
            }
            for schema, table in _qualified(exported)
        }


def _dbt_project() -> str:
    """Return a fingerprint of every file that decides how marts are made."""
    found = hashlib.sha256()
    for path in sorted(path for path in DBT_PROJECT.rglob("*") if path.suffix in {".sql", ".yml", ".csv"}):
        in_force = folders.reference(path.name) if path.parent == folders.REFERENCE else path
        found.update(str(path.relative_to(DBT_PROJECT)).encode() + in_force.read_bytes())
    return found.hexdigest()[:12]


def _qualified(exported: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(schema, table) for schema, tables in exported.items() for table in tables]
