"""A clock that jumps between steps and in the middle of one, by Debian's libfaketime.

The library stands before the C library of a process and of those that it starts, and gives them another time; which
one stands in a file that is written while they run. It does not change what the file system notes: after a step the
times of the files that it wrote are moved as far as its clock was off. A file that is written before a jump and looked
at after it, both within one step, looks as old as the jump is long, or younger than it is.
"""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import duckdb

from tests.chaos.faults import reading, stopped
from tests.chaos.kills import Round
from tests.chaos.reading import OUTCOMES, differences
from tests.chaos.steps import Ended
from tests.chaos.worlds import Home, World

DAY, WEEK, NONE = -timedelta(days=1), timedelta(days=7), timedelta(0)
_COVERAGE = "marts.fct_source_coverage"
# Of the run: by which day it goes is what the clock decides.
_LOGICAL = frozenset({"logical_date", "collected_date", "first_collected_date", "last_collected_date"})


def library() -> Path | None:
    """Return the library, or None where it is not installed."""
    return next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)


def jumping(home: Home, name: str, offsets: tuple[timedelta, timedelta], seconds: float) -> Ended:
    """Do a step by a clock that is off, and after so many seconds off otherwise."""
    told, begun = home.beside / "clock", time.time()
    told.write_text(_written(offsets[0]))
    environment = os.environ | dict(home.environment) | {
        "LD_PRELOAD": str(library()), "FAKETIME_TIMESTAMP_FILE": str(told), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1",
    }  # fmt: skip
    log, started = home.beside / f"{home.path.name}.{name}.log", time.monotonic()
    program = f"from tests.chaos.steps import perform; perform({name!r}, {{}}, {str(log)!r})"
    with subprocess.Popen([sys.executable, "-c", program], env=environment, start_new_session=True) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            told.write_text(_written(offsets[1]))
    _move_times(home.path, begun, offsets[1])
    return Ended(process.returncode, log.read_text(errors="replace"), time.monotonic() - started)


def _written(offset: timedelta) -> str:
    return f"{offset.total_seconds():+.0f}\n"


def _move_times(folder: Path, since: float, offset: timedelta) -> None:
    for path in folder.rglob("*"):
        about = path.lstat()
        if about.st_mtime >= since and not path.is_symlink():
            moved = about.st_mtime + offset.total_seconds()
            os.utime(path, (moved, moved))


def clock_jumps(world: World, home: Home, found: Round) -> None:
    """The clock is off for a day's work, jumps in the middle of it, and is right again on the next.

    Once data of a later day have come, nothing tells that it was: no week is complete that otherwise is not.
    """
    if library() is None:
        found.place, found.said = "nowhere", "libfaketime is not installed (Debian: apt-get install libfaketime)"
        return
    offsets = world.chance.choice(((NONE, DAY), (NONE, WEEK), (DAY, NONE), (WEEK, NONE), (WEEK, DAY), (DAY, WEEK)))
    seconds = world.chance.uniform(0, world.day_seconds) + _START_SECONDS
    found.place = " then ".join(f"{offset.days:+d} days" for offset in offsets) + f" after {seconds:.0f} s"
    with reading(world, home, found):
        ended = jumping(home, "day", offsets, seconds)
        stopped(found, ended)
        if ended.code:
            found.faults.append(f"by a clock that jumps the day ends with {ended.code}: {ended.last}")
        home.must("day")
    # Until data of a later day have come, a week may wait that a file was read after, and a run by a clock that was
    # ahead may be believed to have been after it.
    world.bring_the_next(home)
    calm = world.after_the_next
    differing = differences(calm.published, home.published, OUTCOMES | _LOGICAL)
    # Its rows are of days of runs, and these go by the clock: of all days together they are the same.
    differing.pop(_COVERAGE, None)
    differing |= {_COVERAGE: "in sum"} if _brought(calm) != _brought(home) else {}
    if differing:
        found.faults.append(f"other than undisturbed: {differing}")
    # Another clock for a report, which takes its week from what is published.
    stopped(found, jumping(home, "report", (offsets[0], offsets[0]), 0))
    home.must("report")
    weeks, calm_weeks = ({path.name for path in (each.path / "reports").iterdir()} for each in (home, calm))
    if weeks != calm_weeks:
        found.faults.append(f"reports of {sorted(weeks)} in place of {sorted(calm_weeks)}")


def _brought(home: Home) -> list[tuple[object, ...]]:
    """How many rows each source has brought in all, and how many of them are no comments."""
    kinds = ("in", "no_answer", "quarantined", "erased", "reshared", "refused")
    sums = ", ".join(f"sum(rows_{kind})" for kind in kinds)
    with duckdb.connect(str(home.published), read_only=True) as connection:
        return connection.execute(f"select source_code, {sums} from {_COVERAGE} group by all order by all").fetchall()


# A process that is not forked from a warm one imports for so long before it begins.
_START_SECONDS = 4.0
