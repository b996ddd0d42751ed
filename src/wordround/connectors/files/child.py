"""The process that reads one workbook or Parquet file for its parent (reading.py), with little memory and time.

It is asked by a line of JSON on standard input and answers by lines on standard output: the header, the rows in
portions, the notes at the end; or an error. It writes nothing else anywhere.
"""

import json
import os
import resource
import sys
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from wordround.connectors import MEGABYTE
from wordround.connectors.files import formats, workbooks
from wordround.connectors.files.cells import Row, Table
from wordround.connectors.files.exchange import DAMAGED, DAY, MOMENT, OUT_OF_MEMORY, short
from wordround.connectors.files.packed import refuse_beyond_limits
from wordround.errors import FileUnreadable, UnexpectedColumns

if TYPE_CHECKING:
    from wordround.connectors.limits import FileLimits

_ROWS_AT_ONCE, _CHARACTERS_AT_ONCE = 200, 1_000_000
# Two threads of a library would each take memory of its own.
_SPARING = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1", "ARROW_IO_THREADS": "1"}


def main() -> None:
    """Answer one question. Exits with OUT_OF_MEMORY or DAMAGED where a library could say no more."""
    os.environ.update(_SPARING)
    asked = json.loads(sys.stdin.readline())
    # As they were checked by who asks: the model itself takes a third of what the child imports.
    limits = cast("FileLimits", SimpleNamespace(**asked["limits"]))
    _limit(limits)
    _say({"started": True})
    try:
        _read(asked, limits)
    except (FileUnreadable, UnexpectedColumns) as error:
        _say({"error": type(error).__name__, "arguments": error.args})
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException:  # noqa: BLE001 - a library that panics raises what is no Exception
        os._exit(DAMAGED)


def _limit(limits: "FileLimits") -> None:
    megabytes = limits.memory_megabytes * MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes, megabytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(asked: dict[str, Any], limits: "FileLimits") -> None:
    path = Path(asked["name"])
    with os.fdopen(asked["file"], "rb") as file:
        try:
            refuse_beyond_limits(path.name, file, limits)
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError) as error:
            raise FileUnreadable(workbooks.CANNOT.format(path.name)) from error
        table = formats.read_table(path, file, asked["wanted"], limits, asked["sheet"])
        _say({name: value for name, value in table._asdict().items() if name != "rows"})
        _say_rows(table, limits)


def _say_rows(table: Table, limits: "FileLimits") -> None:
    portion: list[Row] = []
    characters = 0
    for row in table.rows:
        portion.append(short(row, limits))
        characters += sum(len(cell) for cell in portion[-1].cells if isinstance(cell, str))
        if len(portion) >= _ROWS_AT_ONCE or characters > _CHARACTERS_AT_ONCE:
            _say({"rows": portion})
            portion, characters = [], 0
    _say({"rows": portion, "end": table.notes})


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, default=_plain) + "\n")
    sys.stdout.flush()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return {MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    return sorted(value) if isinstance(value, frozenset) else str(value)


if __name__ == "__main__":
    main()
