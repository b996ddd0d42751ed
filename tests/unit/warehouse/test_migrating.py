"""Migrations: each from the one before it with rows in every table, and files that are not for this version."""

import hashlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from wordround.errors import MigrationFailed, WarehouseDamaged, WarehouseNewer
from wordround.settings import Settings
from wordround.warehouse import engine, expiry, migrating, rewriting
from wordround.warehouse.migrating import Migration, all_migrations, migrate

# What a migration takes away on purpose, by its number.
TABLES_DROPPED = {2: {"ops.cursors"}, 6: {"understanding.theme_codings"}}
# Columns that a migration empties on purpose.
EMPTIED = {6: {"understanding.annotations": {"themes": []}}}
VALUES = {
    "VARCHAR": "'a'",
    "VARCHAR[]": "['a', 'b']",
    "UINTEGER[]": "[1, 2]",
    "BOOLEAN": "true",
    "INTEGER": "7",
    "BIGINT": "7",
    "DOUBLE": "0.5",
    "DOUBLE[]": "[0.5, 0.5]",
    "DATE": "date '2026-11-21'",
    "TIMESTAMP WITH TIME ZONE": "timestamptz '2026-11-21 09:00:00+00'",
    'STRUCT("domain" VARCHAR, title VARCHAR)[]': "[{'domain': 'a', 'title': 'b'}]",
    "STRUCT(theme_code VARCHAR, cue VARCHAR)[]": "[{'theme_code': 'a', 'cue': 'b'}]",
    "STRUCT(theme_code VARCHAR, probability DOUBLE, polarity VARCHAR, words VARCHAR[])[]": (
        "[{'theme_code': 'a', 'probability': 0.5, 'polarity': 'positive', 'words': ['b']}]"
    ),
    'STRUCT("label" VARCHAR, probability DOUBLE, polarity VARCHAR)[]': (
        "[{'label': 'a', 'probability': 0.5, 'polarity': 'positive'}]"
    ),
}
STEPS = [migration.number for migration in all_migrations()[1:]]


def at(path: Path, number: int) -> duckdb.DuckDBPyConnection:
    """A warehouse as a version left it that knew so many migrations."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(str(path))
    connection.execute("set timezone = 'UTC'")
    migrate(connection, all_migrations()[:number])
    return connection


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    for table, columns in columns_of(connection).items():
        row = ", ".join(f"{VALUES[kind]} as {name}" for name, kind in columns.items())
        connection.execute(f"insert into {table} by name select {row}")


def columns_of(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        """select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()
           where database_name = current_database() and not internal and table_name <> 'migrations'"""
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def rows_of(connection: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, object]]]:
    return {table: connection.execute(f"from {table}").to_arrow_table().to_pylist() for table in columns_of(connection)}


def record(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    return connection.execute("select number, name from ops.migrations order by number").fetchall()


def opened(settings: Settings) -> None:
    with engine.connect(settings):
        pass


def content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_migrations_are_numbered_from_one_without_a_gap_and_all_files_are_migrations() -> None:
    files = sorted((Path(migrating.__file__).parent / "migrations").iterdir())
    assert [path.name for path in files] == [f"{one.number:04}_{one.name}.sql" for one in all_migrations()]
    assert [one.number for one in all_migrations()] == list(range(1, len(files) + 1))


def test_the_first_run_makes_the_tables_and_says_by_which_migrations(settings: Settings) -> None:
    with engine.connect(settings) as connection:
        assert record(connection) == [(one.number, one.name) for one in all_migrations()]
        assert connection.execute("select count(*) from raw.comments").fetchone() == (0,)


@pytest.mark.parametrize("number", STEPS)
def test_a_warehouse_of_the_version_before_keeps_its_rows(tmp_path: Path, number: int) -> None:
    with at(tmp_path / "warehouse.duckdb", number - 1) as connection:
        fill(connection)
        before = rows_of(connection)
        migrate(connection, all_migrations()[:number])
        after = rows_of(connection)
        assert before.keys() - after.keys() == TABLES_DROPPED.get(number, set())
        for table in before.keys() & after.keys():
            emptied = EMPTIED.get(number, {}).get(table, {})
            kept = [{name: row[name] for name in row if name in after[table][0]} | emptied for row in before[table]]
            assert [row | kept[place] for place, row in enumerate(after[table])] == after[table], table
            assert len(after[table]) == 1, table


def test_opening_takes_an_old_warehouse_all_the_way(settings: Settings) -> None:
    with at(settings.warehouse_file, 1) as connection:
        fill(connection)
        before = rows_of(connection)
    with engine.connect(settings) as connection:
        assert record(connection)[-1] == (all_migrations()[-1].number, all_migrations()[-1].name)
        added = (
            "left_out_reason", "origin", "detected_language", "collection_mode", "author_organisation", "link_titles",
            "author_followers", "followers_on", "country",
        )  # fmt: skip
        assert rows_of(connection)["raw.comments"] == [row | dict.fromkeys(added) for row in before["raw.comments"]]


def test_at_head_opening_costs_one_read(tmp_path: Path) -> None:
    class Counting:
        def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
            self.connection, self.statements = connection, 0

        def execute(self, *arguments: object) -> duckdb.DuckDBPyConnection:
            self.statements += 1
            return self.connection.execute(*arguments)

    with at(tmp_path / "warehouse.duckdb", len(all_migrations())) as connection:
        counting = Counting(connection)
        migrate(counting)
        assert counting.statements == 1


def test_a_step_that_fails_leaves_no_trace_and_the_next_opening_goes_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = len(all_migrations()) + 1
    broken = Migration(number, "breaks", "create table raw.half (a integer); insert into raw.half values ('word')")
    mended = Migration(number, "breaks", "create table raw.half (a integer); insert into raw.half values (1)")
    with engine.connect(settings) as connection:
        fill(connection)
        before = rows_of(connection)
    with monkeypatch.context() as newer:
        newer.setattr(migrating, "all_migrations", lambda: (*all_migrations(), broken))
        with pytest.raises(MigrationFailed, match=rf"warehouse\.duckdb: migration {number:04}_breaks"):
            opened(settings)
    with engine.connect(settings) as connection:
        assert rows_of(connection) == before
        migrate(connection, (*all_migrations(), mended))
        assert connection.execute("from raw.half").fetchall() == [(1,)]


def test_a_warehouse_of_a_newer_version_is_refused_and_stays_as_it_was(settings: Settings) -> None:
    later = Migration(len(all_migrations()) + 1, "later", "create table raw.later (a integer)")
    with at(settings.warehouse_file, len(all_migrations())) as connection:
        migrate(connection, (*all_migrations(), later))
    before = content(settings.warehouse_file)
    with pytest.raises(WarehouseNewer, match=rf"{later.number:04}_later.* Install the version") as refused:
        opened(settings)
    assert str(settings.warehouse_file) in str(refused.value)
    assert content(settings.warehouse_file) == before


def test_a_warehouse_whose_steps_had_other_names_is_refused(settings: Settings) -> None:
    with at(settings.warehouse_file, 1) as connection:
        connection.execute("insert into ops.migrations values (2, 'something_else', get_current_timestamp())")
    with pytest.raises(WarehouseNewer, match="0002_something_else"), engine.connect(settings):
        pass


def foreign(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table sales as select 1 as a")


def without_record(path: Path) -> None:
    with at(path, len(all_migrations())) as connection:
        connection.execute("drop table ops.migrations")


def other_record(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema ops")
        connection.execute("create table ops.migrations (revision varchar)")


def of_sqlite(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("create table a (b)")


def noise(path: Path) -> None:
    path.write_bytes(os.urandom(50_000))


def cut_short(path: Path) -> None:
    whole(path)
    path.write_bytes(path.read_bytes()[:20_000])


def flipped_head(path: Path) -> None:
    whole(path)
    written = bytearray(path.read_bytes())
    written[4096:12288] = bytes(byte ^ 0xFF for byte in written[4096:12288])
    path.write_bytes(written)


def whole(path: Path) -> None:
    with at(path, len(all_migrations())) as connection:
        connection.execute("create table raw.many as select range as i, md5(range::varchar) as word from range(100000)")


@pytest.mark.parametrize(
    "spoil", [foreign, without_record, other_record, of_sqlite, noise, cut_short, flipped_head, Path.touch]
)
def test_a_file_that_is_no_whole_warehouse_is_named_and_never_written(
    settings: Settings, spoil: Callable[[Path], None]
) -> None:
    settings.home.mkdir(parents=True)
    spoil(settings.warehouse_file)
    before = content(settings.warehouse_file)
    with pytest.raises(WarehouseDamaged, match=r"left as it is.* Move it away") as refused:
        opened(settings)
    assert str(settings.warehouse_file) in str(refused.value)
    assert content(settings.warehouse_file) == before


@pytest.mark.parametrize("spoil", [lambda block: bytes(byte ^ 0xFF for byte in block), lambda _: b""])
def test_damage_that_shows_only_when_a_block_is_read_is_named(
    settings: Settings, spoil: Callable[[bytes], bytes]
) -> None:
    settings.home.mkdir(parents=True)
    whole(settings.warehouse_file)
    written = settings.warehouse_file.read_bytes()
    middle = len(written) // 2
    written = written[:middle] + spoil(written[middle:])
    settings.warehouse_file.write_bytes(written)
    with pytest.raises(WarehouseDamaged, match="left as it is"), engine.connect(settings) as connection:
        connection.execute("select max(word) from raw.many").fetchall()
    assert settings.warehouse_file.read_bytes() == written


def test_a_file_that_is_written_again_keeps_when_its_migrations_came(settings: Settings) -> None:
    asked = "select * from ops.migrations order by number"
    with engine.connect(settings) as connection:
        connection.execute("update ops.migrations set applied_at = timestamptz '2026-01-01 00:00:00+00'")
        before = connection.execute(asked).fetchall()
    rewriting.rewrite(settings)
    with engine.connect(settings) as connection:
        assert connection.execute(asked).fetchall() == before


def test_kept_figures_of_an_earlier_version_are_brought_back(tmp_path: Path) -> None:
    """Files beside landing are not migrated: what has another form now is empty, and the rest comes back."""
    before = at(tmp_path / "before.duckdb", 5)
    fill(before)
    folder = tmp_path / "landing" / "fft" / "expired"
    folder.mkdir(parents=True)
    before.execute(f"copy understanding.annotations to '{folder / 'annotations-0001.parquet'}' (format parquet)")
    before.close()
    now = at(tmp_path / "now.duckdb", len(all_migrations()))
    fill(now)
    now.execute("update raw.comments set is_text_expired = true, text_id = 'a'")
    now.execute("delete from understanding.annotations")
    expiry.bring_back_figures(now, tmp_path / "landing")
    found = now.execute("select sentiment, len(themes) from understanding.annotations").fetchall()
    assert found == [("a", 0)]
    now.close()
