"""Reading a file within its limits. What a library reads (workbooks, Parquet) is read in a process of its own.

A damaged or hostile workbook can end the process that reads it, whatever is done about it there. So it ends a child
(child.py), which has little memory and time and knows no secret, and the file is refused by name: the others go on.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from io import BufferedReader
from pathlib import Path
from typing import Any

from wordround.connectors import MEGABYTE
from wordround.connectors.files import formats
from wordround.connectors.files.cells import Row, Sheet, Table
from wordround.connectors.files.exchange import DAMAGED, DAY, MOMENT, OUT_OF_MEMORY, short
from wordround.connectors.files.headers import Wanted
from wordround.connectors.limits import FileLimits
from wordround.errors import FileBeyondLimits, FileUnreadable, ReaderNotStarted, UnexpectedColumns, WordroundError

DEFAULT = FileLimits()

_CHILD = "wordround.connectors.files.child"
# What a child may know of the environment: how to find the package.
_KNOWN = frozenset("PATH PYTHONPATH PYTHONHOME VIRTUAL_ENV LD_LIBRARY_PATH DYLD_LIBRARY_PATH LANG LC_ALL TZ".split())
_REFUSALS: dict[str, type[WordroundError]] = {
    error.__name__: error for error in (FileUnreadable, FileBeyondLimits, UnexpectedColumns)
}


def read_table(
    path: Path,
    file: BufferedReader,
    wanted: Wanted = (),
    limits: FileLimits = DEFAULT,
    sheet: int | None = None,
) -> Table:
    """Read a table from an open file; the path only says which format it is, and the rest as for formats.read_table.

    Its notes are whole once its rows were read. Raises FileUnreadable (FileBeyondLimits where a limit is passed) or
    UnexpectedColumns, here or from its rows, naming the file and what to do.
    """
    size = os.fstat(file.fileno()).st_size
    if size > limits.file_megabytes * MEGABYTE:
        raise FileBeyondLimits(
            f"{path.name}: has {size / MEGABYTE:,.0f} megabytes, more than limits.file_megabytes "
            f"({limits.file_megabytes:,}) allows. Export a shorter period, or raise it."
        )
    table = (
        _short(formats.read_table(path, file, wanted, limits, sheet), limits)
        if formats.format_of(path, file) in formats.TEXT
        else _read_in_child(path, file, wanted, limits, sheet)
    )
    if len(table.header) > limits.columns:
        raise FileBeyondLimits(
            f"{path.name}: has {len(table.header):,} columns, more than limits.columns ({limits.columns:,}) allows. "
            "Delete those that nobody needs, or raise it."
        )
    return table._replace(rows=_few_enough(path.name, table.rows, limits))


def _few_enough(name: str, rows: Iterator[Row], limits: FileLimits) -> Iterator[Row]:
    for count, row in enumerate(rows, 1):
        if count > limits.rows:
            raise FileBeyondLimits(
                f"{name}: has more rows than limits.rows ({limits.rows:,}) allows. Export a shorter period, or raise "
                "it."
            )
        yield row


def _short(table: Table, limits: FileLimits) -> Table:
    return table._replace(rows=(short(row, limits) for row in table.rows))


def _read_in_child(path: Path, file: BufferedReader, wanted: Wanted, limits: FileLimits, sheet: int | None) -> Table:
    file.seek(0)
    child = _start(path.name, file)
    # The name of a file may be somebody's: it is no argument.
    asked = {
        "name": path.name,
        "file": file.fileno(),
        "wanted": [list(columns) for columns in wanted],
        "limits": limits.model_dump(),
        "sheet": sheet,
    }
    messages = _messages(child, path.name, limits, asked)
    first = next(messages)
    first["nested"] = frozenset(first["nested"])
    first["sheets"] = tuple(Sheet(*each) for each in first["sheets"])
    table = Table(**first, rows=iter(()))
    return table._replace(rows=_rows(messages, table.notes))


def _start(name: str, file: BufferedReader) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            [sys.executable, "-m", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # A library that dies says what it was reading.
            stderr=subprocess.DEVNULL,
            pass_fds=(file.fileno(),),
            env={name: value for name, value in os.environ.items() if name in _KNOWN},
        )
    except OSError as error:
        raise _not_started(name, error.strerror or type(error).__name__) from error


def _messages(
    child: "subprocess.Popen[bytes]", name: str, limits: FileLimits, asked: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield what a child says, until it has said all. Raises what it raised, or FileUnreadable where it died."""
    assert child.stdout is not None  # noqa: S101 - for the type checker
    try:
        _ask(child, asked)
        if b"started" not in child.stdout.readline():
            code = child.wait()
            raise _not_started(name, f"it {'ended' if code > 0 else 'was killed'} before it began, code {code}")
        for line in child.stdout:
            message = json.loads(line, object_hook=_dated)
            if "error" in message:
                raise _REFUSALS[message["error"]](*message["arguments"])
            yield message
            if "end" in message:
                return
        raise _died(name, child, limits)
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
        with suppress(OSError):
            if child.stdin:
                child.stdin.close()


def _rows(messages: Iterator[dict[str, Any]], notes: dict[str, int]) -> Iterator[Row]:
    for message in messages:
        for number, cells, problem, filled in message.get("rows", ()):
            yield Row(number, cells, problem, tuple(filled))
        notes.update(message.get("end", {}))


def _ask(child: "subprocess.Popen[bytes]", question: object) -> None:
    assert child.stdin is not None  # noqa: S101 - for the type checker
    # One that has died already is noticed when it is listened to.
    with suppress(BrokenPipeError):
        child.stdin.write(json.dumps(question).encode() + b"\n")
        child.stdin.flush()


def _dated(given: dict[str, Any]) -> Any:
    if DAY in given:
        return date.fromisoformat(given[DAY])
    return datetime.fromisoformat(given[MOMENT]) if MOMENT in given else given


def _not_started(name: str, why: str) -> ReaderNotStarted:
    return ReaderNotStarted(
        f"{name}: was not read, because the process that reads workbooks and Parquet files could not start ({why}). "
        "The file is not at fault: look whether the machine has memory and processes left, and run again."
    )


def _died(name: str, child: "subprocess.Popen[bytes]", limits: FileLimits) -> FileUnreadable:
    code = child.wait()
    if code == DAMAGED:
        return FileUnreadable(
            f"{name}: is damaged, so that nothing can read it. Export it again, or save the sheet as CSV."
        )
    return FileBeyondLimits(
        f"{name}: the process that read it {'stopped' if code > 0 else 'died'} ({_WAYS.get(code, f'code {code}')}): it "
        f"may have {limits.memory_megabytes:,} megabytes and {limits.seconds:,} seconds (limits.memory_megabytes, "
        "limits.seconds). Often a cell far from the table, or a damaged file. Nothing of it was landed: delete what is "
        "around the table, save the sheet as CSV, or raise the limit."
    )


_WAYS = {
    OUT_OF_MEMORY: "out of memory",
    -6: "aborted",
    -9: "killed from outside, often because the machine had no memory left",
    -11: "crashed",
    -24: "out of time",
}
