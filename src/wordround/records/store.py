"""The store as a database: opened when it is first needed, brought up to date, read and written in transactions.

One writer at a time, on both databases. What a transaction wrote is on the disk when its block ends. A damaged file,
and one that a newer Wordround wrote, are named and left as they are. Nothing stays open between two transactions, so
that a process may fork; one that never does may keep the store open.
"""

import os
import secrets
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sa
from filelock import FileLock
from sqlalchemy.exc import DBAPIError

from wordround.errors import RecordsBusy, RecordsTooNew
from wordround.records import new_store
from wordround.records.migrations import migrate
from wordround.records.place import Place, damaged, named_errors, place_of
from wordround.records.tables import REVISION, VERSION_TABLE, metadata
from wordround.settings import Settings
from wordround.storage import DRAFT, storage, sync

# What a transaction takes is measured in milliseconds: whoever waits longer waits for something that hangs.
BUSY_SECONDS = 30

_PRAGMAS = (
    "journal_mode = wal",
    # A commit returns when it is on the disk.
    "synchronous = full",
    "foreign_keys = on",
    # What is deleted is overwritten, and no copy of a row is put into a temporary file.
    "secure_delete = on",
    "temp_store = memory",
)

_found_sound: set[tuple[str, int]] = set()
# The idle connections of this process, by the file that is kept open, each with its inode; None until there is one.
_kept_open: dict[Path, tuple[int, sa.Connection] | None] = {}
_keeping = Lock()


@dataclass(frozen=True)
class Condition:
    """What an examination found. `revision`: None where there are no tables yet; `place` may be shown."""

    place: str
    is_there: bool
    revision: str | None = None


@contextmanager
def reading(settings: Settings) -> Iterator[sa.Connection]:
    """A transaction that reads. Raises RecordsFailed (which kind, says its class), StorageFailed.

    Where nothing was written yet it finds empty tables, and makes no file.
    """
    place = place_of(settings)
    if _is_there(place):
        with _transaction(place, is_writing=False) as connection:
            yield connection
        return
    _stop_where_only_the_log_is_left(place)
    with sa.create_engine("sqlite://").connect() as connection:
        metadata.create_all(connection)
        yield connection


@contextmanager
def writing(settings: Settings) -> Iterator[sa.Connection]:
    """A transaction that nobody else writes beside; what it wrote is on the disk when it ends. Raises as `reading`."""
    with _transaction(place_of(settings), is_writing=True) as connection:
        yield connection


@contextmanager
def kept_open(settings: Settings) -> Iterator[None]:
    """Keep the file open from its first use on, in a process that writes again and again.

    Who closes the last connection copies SQLite's log into the file: the disk is waited for three times, not once.
    """
    place = place_of(settings)
    if place.path is None or place.path in _kept_open:
        yield
        return
    _kept_open[place.path] = None
    try:
        yield
    finally:
        with _keeping:
            kept = _kept_open.pop(place.path)
        if kept:
            kept[1].close()


@contextmanager
def alone(settings: Settings, task: str) -> Iterator[None]:
    """Wait until no other process is at the same task; reading and writing go on meanwhile."""
    place = place_of(settings)
    if place.path:
        _make_folder(place.path)
        with FileLock(place.path.with_name(f"{task}.lock"), mode=0o600):
            yield
        return
    with named_errors(place):
        connection = _engine(place.url).connect().execution_options(isolation_level="AUTOCOMMIT")
    with connection:
        with named_errors(place):
            connection.execute(sa.select(sa.func.pg_advisory_lock(_lock_number(task))))
        # The lock goes with the connection.
        yield


def is_there(settings: Settings) -> bool:
    """Say whether there is a store; a server's counts as one. Raises RecordsDamaged where its log alone is left."""
    place = place_of(settings)
    if not _is_there(place):
        _stop_where_only_the_log_is_left(place)
        return False
    return True


def leave_no_trace(settings: Settings, *tables: sa.Table) -> None:
    """See that deleted rows of these tables are in no byte of what the database keeps. Waits for readers.

    Of a server its own log (WAL) and its backups are out of reach. Raises RecordsBusy; then it must be run again.
    """
    place = place_of(settings)
    with named_errors(place), _engine(place.url).connect() as connection:
        if place.path is None:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            _stop_waiting_after_a_while(connection, is_local=False)
            for table in tables:
                connection.execute(sa.text(f"vacuum full {table.name}"))
            return
        database = connection.connection.dbapi_connection
        assert database is not None  # noqa: S101 - for the type checker
        cursor = database.cursor()
        cursor.execute("vacuum")
        cursor.execute("pragma wal_checkpoint(truncate)")
        (is_busy, *_) = cursor.fetchone() or (1,)
        if is_busy:
            raise RecordsBusy(f"{place.name}: another program reads it, so that deleted rows are not overwritten yet.")


def examine(settings: Settings) -> Condition:
    """Look at the store without making or migrating it. Raises RecordsFailed, StorageFailed, SettingsInvalid."""
    place = place_of(settings)
    if not _is_there(place):
        _stop_where_only_the_log_is_left(place)
        return Condition(place.name, is_there=False)
    with named_errors(place):
        _look_at_file(place, again=True)
        with _engine(place.url).connect() as connection:
            return Condition(place.name, is_there=True, revision=_revision(connection))


@contextmanager
def _transaction(place: Place, is_writing: bool) -> Iterator[sa.Connection]:
    if not _is_there(place):
        _create(place)
    with named_errors(place):
        _look_at_file(place)
        with _engine(place.url).connect() as connection:
            if (revision := _revision(connection)) != REVISION:
                _bring_up_to_date(place, connection, revision)
            if place.path in _kept_open:
                _keep_open(place)
            with _begun(connection, is_writing):
                yield connection


def _keep_open(place: Place) -> None:
    assert place.path is not None  # noqa: S101 - for the type checker
    with _keeping:
        if place.path not in _kept_open:
            return
        with storage(place.path):
            inode, kept = place.path.stat().st_ino, _kept_open[place.path]
        if kept and kept[0] == inode:
            return
        if kept:
            # A backup took its place: nothing of the former file is held on the disk.
            _kept_open[place.path] = None
            kept[1].close()
        connection = _engine(place.url).connect()
        # Only then SQLite opens its log.
        connection.exec_driver_sql("select count(*) from sqlite_schema")
        connection.rollback()
        _kept_open[place.path] = inode, connection


def _is_there(place: Place) -> bool:
    if place.path is None:
        return True
    with storage(place.path):
        return place.path.exists()


def _create(place: Place) -> None:
    """Make the file under another name and put it in place whole, so that an empty one is always a damaged one."""
    path = place.path
    assert path is not None  # noqa: S101 - for the type checker
    _make_folder(path)
    with storage(path), FileLock(path.with_name("making.lock"), mode=0o600):
        if path.exists():
            return
        _stop_where_only_the_log_is_left(place)
        for left in path.parent.glob(f"{DRAFT}*"):
            left.unlink()
        draft = path.with_name(f"{DRAFT}{path.name}-{secrets.token_hex(3)}")
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        engine = _engine(place.url.set(database=draft.absolute().as_uri()))
        with named_errors(place), engine.connect() as connection, _begun(connection, is_writing=True):
            new_store.make(connection)
        sync(draft)
        draft.rename(path)
        sync(path.parent)


def _make_folder(path: Path) -> None:
    with storage(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)


def _stop_where_only_the_log_is_left(place: Place) -> None:
    path = place.path
    if path and path.with_name(f"{path.name}-wal").exists():
        raise damaged(place, "is gone and its log (-wal) is there")


def _look_at_file(place: Place, again: bool = False) -> None:
    """Raise RecordsDamaged where the file is not whole; each file is looked at once a process, or `again`."""
    if place.path is None:
        return
    with storage(place.path):
        state = place.path.stat()
    if state.st_size == 0:
        raise damaged(place, "is empty")
    if (known := (str(place.path), state.st_ino)) in _found_sound and not again:
        return
    with _engine(place.url).connect() as connection:
        found: str = connection.exec_driver_sql("pragma quick_check(1)").scalar_one()
    if found != "ok":
        raise damaged(place, "is damaged (quick_check)")
    _found_sound.add(known)


def _bring_up_to_date(place: Place, connection: sa.Connection, revision: str | None) -> None:
    _stop_where_newer(place, revision)
    with _begun(connection, is_writing=True):
        # Another process may have done it while this one waited for its turn.
        if (now := _revision(connection, is_begun=True)) != REVISION:
            _stop_where_newer(place, now)
            migrate(connection)


def _stop_where_newer(place: Place, revision: str | None) -> None:
    if revision is not None and revision > REVISION:
        raise RecordsTooNew(
            f"{place.name}: is at revision {revision}, and this Wordround knows revisions up to {REVISION}. Nothing "
            "was read or written. Use the Wordround that wrote it, or restore a backup that is older."
        )


def _revision(connection: sa.Connection, is_begun: bool = False) -> str | None:
    """The revision of the store; None where it has no tables yet."""
    version = sa.table(VERSION_TABLE, sa.column("version_num", sa.String))
    select = sa.select(version.c.version_num)
    try:
        with connection.begin_nested() if is_begun else connection.begin():
            found: str | None = connection.scalar(select)
            return found
    except DBAPIError as error:
        code = getattr(error.orig, "sqlstate", None)
        if code == "42P01" or (code is None and f"no such table: {VERSION_TABLE}" in str(error.orig)):
            return None
        raise


@contextmanager
def _begun(connection: sa.Connection, is_writing: bool) -> Iterator[None]:
    is_sqlite = connection.dialect.name == "sqlite"
    connection.execution_options(sqlite_begin="begin immediate" if is_writing else "begin")
    with connection.begin():
        if is_writing and not is_sqlite:
            _stop_waiting_after_a_while(connection, is_local=True)
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_lock_number("writing"))))
        yield


def _stop_waiting_after_a_while(connection: sa.Connection, is_local: bool) -> None:
    connection.execute(sa.select(sa.func.set_config("lock_timeout", f"{BUSY_SECONDS}s", is_local)))


def _lock_number(task: str) -> int:
    return zlib.crc32(f"wordround.records.{task}".encode())


@cache
def _engine(url: sa.URL) -> sa.Engine:
    # Parameters would put the words of a rewrite into the text of an error.
    engine = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True, connect_args=_connect_args(url))
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up)
        sa.event.listen(engine, "begin", _begin)
    return engine


def _connect_args(url: sa.URL) -> dict[str, Any]:
    return {"timeout": BUSY_SECONDS} if url.drivername == "sqlite" else {"connect_timeout": 10}


def _set_up(database: Any, _: object) -> None:
    # The driver's own transactions would leave changes of tables outside.
    database.isolation_level = None
    for pragma in _PRAGMAS:
        database.execute(f"pragma {pragma}")


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "begin"))
