"""The warehouse: how it is opened, and held by one process at a time.

It is a DuckDB file, or a lake where the settings say so (lake.py); no caller sees a difference. DuckDB lets only one
process open a file for writing, and two writers of a lake would refuse each other's work, so every step holds the
warehouse for itself and waits its turn. Analysts never open it: they read what is published from it.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from wordround.errors import SettingsInvalid, WarehouseBusy, WarehouseDamaged
from wordround.folders import documentation
from wordround.settings import Settings
from wordround.storage import held, storage
from wordround.warehouse import catalogue, lake
from wordround.warehouse.migrating import migrate

# DuckDB would fetch extensions from the internet and keep them in the home folder. What takes more memory goes to disk,
# so that a step takes no more of a small machine for two million comments than for one.
CONFIG = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "memory_limit": "900MB"}

# What DuckDB says of a file that is damaged, cut short, of another program, or in a format that is newer than itself.
_DAMAGED = (
    "not a valid DuckDB database file",
    "Corrupt database file",
    "Could not read enough bytes",
    "sqlite_scanner",
    "with version number",
)


@contextmanager
def exclusive(settings: Settings) -> Iterator[None]:
    """Hold the warehouse for this process; another run waits.

    Raises WarehouseBusy when it is not free within WORDROUND_WAIT_SECONDS.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(held(settings.home / "warehouse.lock", settings.environment.wait_seconds))
        except TimeoutError as error:
            raise WarehouseBusy(
                f"{shown_place(settings)}: another run has held the warehouse for "
                f"{settings.environment.wait_seconds} seconds. Wait for it to end, or see what it is doing "
                f"({documentation('runbook.md')})."
            ) from error
        yield


def is_there(settings: Settings) -> bool:
    """Whether there is a warehouse yet.

    Raises LakeFailed where the catalogue of a lake cannot be reached, SettingsInvalid where the home has a warehouse of
    the other engine.
    """
    _refuse_two(settings)
    return catalogue.is_there(settings) if settings.engine.is_lake else settings.warehouse_file.exists()


def shown_place(settings: Settings) -> str:
    """Return what messages call the warehouse: its file, or the catalogue of the lake."""
    return catalogue.catalogue_of(settings).name if settings.engine.is_lake else str(settings.warehouse_file)


@contextmanager
def connect(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse, made at the first run and brought up to date, and close it again. Holds it for this process.

    Raises WarehouseDamaged for a file that is not whole or not one of DuckDB's, WarehouseNewer for one of a newer
    version of Wordround, MigrationFailed, WarehouseBusy, StorageFailed, LakeFailed, LakeOfAnotherHome, and
    SettingsInvalid where the home has a warehouse of the other engine. It then stays as it was.
    """
    _refuse_two(settings)
    config: dict[str, Any] = {**CONFIG, "temp_directory": str(settings.home / "spill")}
    opened = lake.opened if settings.engine.is_lake else _file_opened
    with exclusive(settings), opened(settings, config) as connection:
        prepare(connection)
        yield connection


def _refuse_two(settings: Settings) -> None:
    """Stop where there is a warehouse of the other engine too: no erasure would reach that one."""
    former = settings.warehouse_file if settings.engine.is_lake else settings.lake
    if former.exists():
        raise SettingsInvalid(
            f'{former}: is of another engine than [engine] warehouse = "{settings.engine.warehouse}", and an '
            "erasure would not reach it. Make a backup under the former setting and restore it into a new home under "
            f"this one ({documentation('settings.md#a-lake')}); or set the former one again."
        )


@contextmanager
def _file_opened(settings: Settings, config: dict[str, Any]) -> Iterator[duckdb.DuckDBPyConnection]:
    with _duckdb_storage(settings.warehouse_file):
        connection = duckdb.connect(str(settings.warehouse_file), config=config)
        try:
            yield connection
        finally:
            with suppress(duckdb.FatalException):
                connection.close()


def stop_if_damaged(settings: Settings) -> None:
    """Read every value of the warehouse, which nobody may have open here, after a failure that says no reason.

    Raises WarehouseDamaged where one cannot be read.
    """
    if settings.engine.is_lake:
        lake.stop_if_damaged(settings)
        return
    with connect(settings) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
        ).fetchall()
        for schema, table in tables:
            connection.execute(f'select bit_xor(hash(row)) from "{schema}"."{table}" as row')


def forget_history(settings: Settings) -> None:
    """Let go of the former states that a lake keeps of its tables. A file keeps none."""
    if settings.engine.is_lake:
        with connect(settings) as connection:
            lake.forget_history(connection)


def claim(settings: Settings) -> str:
    """Make a lake this home's, in place of the one that had it; return what the lake is called.

    Raises SettingsInvalid where the warehouse is a file, LakeFailed, WarehouseBusy.
    """
    if not settings.engine.is_lake:
        raise SettingsInvalid('[engine] warehouse: is "duckdb", a file of this home, which no other home has.')
    with exclusive(settings):
        lake.claim(settings)
    return shown_place(settings)


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Give an open database the tables of this version (migrating.py) and set its time zone to UTC."""
    connection.execute("set timezone = 'UTC'")
    migrate(connection)


@contextmanager
def _duckdb_storage(path: Path) -> Iterator[None]:
    """Turn DuckDB's error about a damaged file, a full disk or missing rights into a named one."""
    try:
        with storage(path):
            yield
    except (duckdb.IOException, duckdb.FatalException, duckdb.TransactionException) as error:
        if isinstance(error, duckdb.TransactionException) and "write" not in str(error):
            raise  # no word of the disk: a conflict
        names_another_file = 'file "' in str(error) and str(path) not in str(error)
        if any(words in str(error) for words in _DAMAGED) and not names_another_file:
            raise WarehouseDamaged(
                f"{path}: is damaged, or no file that this DuckDB reads ({_first_line(error)}). It was left as it is. "
                "Move it away with its .wal; the warehouse is made again from what was landed "
                f"({documentation('runbook.md#build_marts')}, Restore)."
            ) from error
        if "Could not set lock" in str(error):
            raise WarehouseBusy(
                f"{path}: another program has this file open. Close it: analysts open the published copy."
            ) from error
        with storage(path):
            raise OSError(0, _first_line(error), str(path)) from error


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
