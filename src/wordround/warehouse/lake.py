"""The warehouse as a lake: its tables are Parquet files in a folder or on S3, and a catalogue says which are in force.

DuckDB reads and writes it by its extension DuckLake under the name that a file would have, so that no caller and no
model of dbt sees a difference. The extensions come from wheels; nothing is downloaded.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import NoReturn

import duckdb

from wordround.errors import LakeFailed, WarehouseBusy, WarehouseDamaged
from wordround.folders import documentation, remedy
from wordround.settings import Settings
from wordround.storage import storage
from wordround.warehouse import lake_owner
from wordround.warehouse.catalogue import catalogue_of, unreachable
from wordround.warehouse.statements import quoted, quoted_text

# As DuckDB calls the database of warehouse.duckdb.
NAME = "warehouse"
_S3 = "s3://"
# What DuckDB says where the server of the catalogue goes down within a transaction. All of it was kept, or nothing.
_CUT_OFF = ('Failed to commit: Failed to execute query "ROLLBACK"', "cannot rollback - no transaction is active")
# What it says within a commit where the disk takes no more.
_DISK_REFUSES = ("Could not write file", "No space left")
# What says nothing of the bytes of a lake.
_OF_THE_MACHINE = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.TransactionException,
    duckdb.InterruptException,
)

# The databases that are open, by the place of their catalogue: which thread has one holds the warehouse.
_OPEN: dict[str, duckdb.DuckDBPyConnection] = {}


def place_of_data(settings: Settings) -> str:
    """Where the files of the tables lie: a folder, or an address that begins with s3://."""
    return settings.engine.data or str(settings.lake / "data")


@contextmanager
def opened(settings: Settings, config: Mapping[str, str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the lake for whoever holds the warehouse; what is opened within is one more connection to the same database.

    config: of DuckDB. Raises what `attach` raises.
    """
    place = catalogue_of(settings).place
    outermost = place not in _OPEN
    with named_errors(settings):
        connection = duckdb.connect(config=dict(config)) if outermost else _OPEN[place].cursor()
        try:
            if outermost:
                attach(connection, settings)
                _OPEN[place] = connection
            connection.execute(f"use {NAME}")
            yield connection
        finally:
            with suppress(duckdb.FatalException):
                if outermost:
                    _OPEN.pop(place, None)
                    _detach(connection)
                connection.close()


def attach(connection: duckdb.DuckDBPyConnection, settings: Settings, alias: str = NAME) -> None:
    """Give an open connection the lake, made where there is none, under a name.

    Raises LakeFailed where the catalogue or the files cannot be reached, or an extension is not installed, and
    LakeOfAnotherHome.
    """
    load(connection, "ducklake")
    with named_errors(settings):
        _attach(connection, settings, alias)
        lake_owner.require(connection, settings, alias)


def claim(settings: Settings) -> None:
    """Make the lake this home's; whoever holds the warehouse of this home. Raises LakeFailed."""
    with duckdb.connect() as connection:
        load(connection, "ducklake")
        with named_errors(settings):
            _attach(connection, settings, NAME)
            lake_owner.claim(connection, settings, NAME)


def _attach(connection: duckdb.DuckDBPyConnection, settings: Settings, alias: str) -> None:
    catalogue, data = catalogue_of(settings), place_of_data(settings)
    options = [f"data_path '{quoted_text(data)}'"]
    # A home that was moved or copied takes its files along.
    options.append("override_data_path true")
    # Rows in the catalogue would be a second place for words.
    options.append("data_inlining_row_limit 0")
    # There in any case, so that another engine in this home is noticed.
    settings.lake.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not catalogue.path:
        load(connection, "postgres_scanner")
        password = quoted_text(catalogue.password)
        connection.execute(f"create or replace secret catalogue (type postgres, password '{password}')")
        options.append("meta_secret 'catalogue'")
    if data.startswith(_S3):
        load(connection, "httpfs")
        connection.execute(_s3_secret(settings))
    connection.execute(f"attach 'ducklake:{catalogue.place}' as {alias} ({', '.join(options)})")


def _detach(connection: duckdb.DuckDBPyConnection) -> None:
    """Let go of the lake at once: a connection that was closed lives on for as long as a result of it is held."""
    with suppress(duckdb.Error):
        connection.execute("rollback")
    connection.execute("use memory")
    connection.execute(f"detach database if exists {NAME}")


def load(connection: duckdb.DuckDBPyConnection, extension: str) -> None:
    """Load an extension of DuckDB from its wheel. Raises LakeFailed where it is not installed."""
    place = f"extensions/v{duckdb.__version__}/{extension}.duckdb_extension"
    try:
        path = Path(str(resources.files(f"duckdb_extension_{extension}") / place))
    except ModuleNotFoundError:
        path = Path()
    if not path.is_file():
        raise LakeFailed(
            f'[engine] warehouse = "ducklake" needs the extension {extension} for DuckDB {duckdb.__version__}, which '
            f"is not installed: {remedy('ducklake')}"
        )
    connection.execute(f"load '{quoted(path)}'")


def forget_history(connection: duckdb.DuckDBPyConnection) -> None:
    """Let go of every former state of the tables, and remove the files that only these had. Joins small files.

    Nobody else may read or write the lake meanwhile.
    """
    # A changed row stays in the file that it came with until that is written again.
    connection.execute(f"call ducklake_rewrite_data_files('{NAME}', delete_threshold => 0)")
    connection.execute(f"call ducklake_merge_adjacent_files('{NAME}')")
    connection.execute(f"call ducklake_expire_snapshots('{NAME}', older_than => now() + interval 1 day)")
    connection.execute(f"call ducklake_cleanup_old_files('{NAME}', cleanup_all => true)")
    # Of runs that were killed before the catalogue knew of their files.
    connection.execute(f"call ducklake_delete_orphaned_files('{NAME}', cleanup_all => true)")


@contextmanager
def named_errors(settings: Settings) -> Iterator[None]:
    """Turn what DuckDB says of the catalogue, the files and the disk into a named error, which holds no secret."""
    catalogue, data = catalogue_of(settings), place_of_data(settings)
    try:
        with storage(settings.lake):
            yield
    except duckdb.HTTPException as error:
        raise _files_refused(data, error) from None
    except (duckdb.IOException, duckdb.FatalException) as error:
        if catalogue.path and "DuckLake" in str(error) and "Could not set lock" not in str(error):
            # It says the same where the system does not give the file.
            with storage(catalogue.path), catalogue.path.open("r+b"):
                pass
            raise _damaged(settings, "its catalogue", error) from None
        if any(words in str(error) for words in ("Postgres", "DuckLake MetaData", "libpq")):
            raise unreachable(catalogue) from None
        if data in str(error) or (data.startswith(_S3) and "HTTP" in str(error)):
            raise _files_refused(data, error) from None
        # A file beside the lake: what is spilt, landed, or made of it.
        _refuse_disk(settings, error)
    except duckdb.TransactionException as error:
        if any(words in str(error) for words in _DISK_REFUSES):
            _refuse_disk(settings, error)
        if not catalogue.path and any(words in str(error) for words in _CUT_OFF):
            raise unreachable(catalogue) from None
        if "conflict" not in str(error).lower():
            raise
        raise WarehouseBusy(
            f"{catalogue.name}: another program has written to the lake meanwhile. One home only may "
            f"write to a lake ({documentation('settings.md#a-lake')}). Nothing of this step was kept: run it again."
        ) from None
    except duckdb.Error:
        # Of a damaged file it says whatever its bytes happen to mean, and for some there is no class of error.
        if catalogue.place not in _OPEN:
            stop_if_damaged(settings)
        raise


def stop_if_damaged(settings: Settings) -> None:
    """Read every value of the lake, which nobody may have open here. Raises WarehouseDamaged where one cannot be read.

    Files bear no checksums: bytes that were changed and can still be read are not noticed.
    """
    with duckdb.connect(config={"memory_limit": "900MB"}) as connection:
        load(connection, "ducklake")
        what = "its catalogue"
        try:
            _attach(connection, settings, NAME)
            tables = connection.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = ?", [NAME]
            ).fetchall()
            for schema, table in tables:
                what = f"a file of {schema}.{table}"
                connection.execute(f'select bit_xor(hash(row)) from {NAME}."{schema}"."{table}" as row')
        except _OF_THE_MACHINE:
            # Of the disk, the network, the memory or the server, which may be whole again.
            return
        except duckdb.Error as error:
            raise _damaged(settings, what, error) from None


def _refuse_disk(settings: Settings, error: Exception) -> NoReturn:
    with storage(settings.home):
        raise OSError(0, str(error).splitlines()[0], str(settings.home)) from None
    raise AssertionError("storage raises")


def _damaged(settings: Settings, what: str, error: Exception) -> WarehouseDamaged:
    catalogue = catalogue_of(settings)
    elsewhere = "" if catalogue.path else " and name an empty database in WORDROUND_CATALOGUE_URL"
    return WarehouseDamaged(
        f"{catalogue.name}: the lake is damaged: {what} cannot be read ({type(error).__name__}). It was left as it is. "
        f"Move {place_of_data(settings) if settings.engine.data else settings.lake} away{elsewhere}; the warehouse is "
        f"made again from what was landed ({documentation('runbook.md#build_marts')}, Restore)."
    )


def _files_refused(data: str, error: Exception) -> LakeFailed:
    return LakeFailed(
        f"{data}: the files of the lake cannot be read or written ({type(error).__name__}). Look at the folder or the "
        f"bucket, its room and its rights ({documentation('settings.md#a-lake')}). Nothing was half done."
    )


def _s3_secret(settings: Settings) -> str:
    engine, secret = settings.engine, settings.environment.lake_secret
    options = {
        "key_id": settings.environment.lake_key_id,
        "secret": secret.get_secret_value() if secret else None,
        "endpoint": engine.s3_endpoint,
        "region": engine.s3_region,
        "url_style": "path" if engine.s3_path_style else "vhost",
        "use_ssl": "true" if engine.s3_tls else "false",
    }
    given = ", ".join(f"{name} '{quoted_text(value)}'" for name, value in options.items() if value)
    return f"create or replace secret files (type s3, {given})"
