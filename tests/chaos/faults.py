"""Faults other than kills: of the disk, of files, of a source, of the catalogue's server, and of two at once.

Each happens while a day is done in a home of its own. What stops is named, with what to do; then that is done, and the
day again, and what is published is what an undisturbed day publishes.
"""

import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.kills import Round, published_otherwise
from tests.chaos.reading import OUTCOMES, differences
from tests.chaos.steps import Ended
from tests.chaos.worlds import Home, World

# What may be said where two do the same at once.
_BUSY = ("WarehouseBusy", "AlreadyCollected", "RecordsBusy", "BackupRefused")
_RESTARTED = ("load", "understand", "gate_loaded", "build", "gate_publishable", "publish", "decisions", "erase")
_DAY = "day"


def stopped(found: Round, ended: Ended, *names: str) -> None:
    """Note how a step has ended that a fault happened to; one that stops must name the fault, and show no traceback.

    names: of errors or of files; one of them has to be said.
    """
    found.said = f"{found.said}; {ended.last}" if found.said else ended.last
    if "Traceback" in ended.said:
        found.faults.append(f"{found.place}: a traceback in place of a message: {ended.last}")
    elif ended.code and names and not any(name in ended.said for name in names):
        found.faults.append(f"{found.place}: the message names none of {names}: {ended.last}")


def in_the_end(world: World, home: Home, found: Round, without: frozenset[str] = frozenset()) -> None:
    """Do the day again, to which nothing happens, and compare what it publishes."""
    home.must(_DAY)
    if differing := differences(world.expected["publish"], home.published, without):
        found.faults.append(f"other than undisturbed: {differing}")
    left = [path.relative_to(home.path).parts[0] for path in home.path.rglob(".draft-*") if path.is_file()]
    if left:
        found.faults.append(f"drafts are left in {sorted(set(left))}")


@contextmanager
def small_disk(world: World, name: str, megabytes: float) -> Iterator[Path | None]:
    """A disk of so many megabytes in memory; None where this account may mount none."""
    place = Path(tempfile.mkdtemp(prefix=f"wr-{name}-"))
    size = f"size={int(megabytes * 1024)}k"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "wordround", place], capture_output=True, check=False)
    try:
        yield None if mounted.returncode else place
    finally:
        if not mounted.returncode:
            subprocess.run(["umount", "--lazy", place], check=True)
        shutil.rmtree(place, ignore_errors=True)


def megabytes_of(folder: Path) -> float:
    """How much room a folder takes."""
    return sum(path.lstat().st_blocks for path in folder.rglob("*")) * 512 / 2**20


def disk_full(world: World, home: Home, found: Round) -> None:
    """The disk fills up at some time of the day; later there is room."""
    used = megabytes_of(home.path)
    with small_disk(world, "full", used * 4 + 200) as disk:
        if disk is None:
            largest = max(path.stat().st_size for path in home.path.rglob("*") if path.is_file())
            limit = int(largest * world.chance.uniform(0.01, 1.1))
            found.place = f"no file beyond {limit / 1e6:.1f} MB (no disk may be mounted here)"
            stopped(found, home.step(_DAY, limit=limit).ended(), "StorageFailed", "LakeFailed")
            in_the_end(world, home, found)
            return
        there = world.home("home", like=home, below=disk)
        room = world.chance.uniform(0, used)
        found.place = f"{room:.1f} MB left"
        with reading(world, there, found):
            ballast = disk / "ballast"
            with ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, max(1, int((free(disk) - room) * 2**20)))
            stopped(found, there.step(_DAY).ended(), "StorageFailed", "LakeFailed")
            ballast.unlink()
            in_the_end(world, there, found)


def free(disk: Path) -> float:
    """How many megabytes are free."""
    return shutil.disk_usage(disk).free / 2**20


def read_only(world: World, home: Home, found: Round) -> None:
    """The disk turns read-only between two steps; later it may be written again."""
    with small_disk(world, "read-only", megabytes_of(home.path) * 4 + 200) as disk:
        if disk is None:
            found.place, found.said = "nowhere", "no disk may be mounted here"
            return
        there = world.home("home", like=home, below=disk)
        steps = [name for name in world.steps if name not in ("backup", "restore")]
        at = world.chance.randrange(len(steps))
        found.place = f"at {steps[at]}"
        with reading(world, there, found):
            for name in steps[:at]:
                world.start(there, name).ended()
            subprocess.run(["mount", "-o", "remount,ro", disk], check=True, capture_output=True)
            stopped(found, world.start(there, steps[at]).ended(), "StorageFailed", "LakeFailed", "RecordsFailed")
            subprocess.run(["mount", "-o", "remount,rw", disk], check=True, capture_output=True)
            for name in steps[at:]:
                world.finish(there, name)
                found.faults += published_otherwise(world, there, name)


@contextmanager
def reading(world: World, home: Home, found: Round) -> Iterator[None]:
    """Read what is published all the while, and note what the reader met."""
    if not world.publishes:
        yield
        return
    reader = world.reading(home)
    with reader:
        yield
    found.reads += reader.reads
    found.faults += reader.faults


def damaged(pattern: str, harm: Callable[[random.Random, Path], None], names: tuple[str, ...]) -> "Fault":
    """A landed file is damaged before it is loaded; it is named, and brought back as from a backup."""

    def happens(world: World, home: Home, found: Round) -> None:
        with reading(world, home, found):
            for name in ("collect", "conversation"):
                world.start(home, name).ended()
            forget_warehouse(world, home)
            path = world.chance.choice(sorted(home.path.glob(pattern)))
            kept = path.read_bytes()
            found.place = f"{path.suffix} of {len(kept):,} bytes"
            harm(world.chance, path)
            stopped(found, home.step("load").ended(), path.name, *names)
            path.write_bytes(kept)
            in_the_end(world, home, found, OUTCOMES)

    return happens


def forget_warehouse(world: World, home: Home) -> None:
    """Move the warehouse away, as the runbook says of one that is damaged: it is made again from what was landed."""
    for path in (home.path / "warehouse.duckdb", home.path / "warehouse.duckdb.wal"):
        path.unlink(missing_ok=True)
    shutil.rmtree(home.path / "lake", ignore_errors=True)
    if "WORDROUND_CATALOGUE_URL" in home.environment and world.server:
        home.environment = {**home.environment, "WORDROUND_CATALOGUE_URL": world.server.new_database()}


def damaged_warehouse(world: World, home: Home, found: Round) -> None:
    """The warehouse's file is cut short, or a file or the catalogue of the lake is damaged; it is made again."""
    with reading(world, home, found):
        found.place = harm_warehouse(world, home)
        stopped(found, home.step(_DAY).ended(), "WarehouseDamaged", "LakeFailed")
        forget_warehouse(world, home)
        in_the_end(world, home, found, OUTCOMES)


def harm_warehouse(world: World, home: Home) -> str:
    """Damage the warehouse somewhere, and say where."""
    if world.engine == "duckdb":
        torn(world.chance, home.path / "warehouse.duckdb")
        return "the file"
    what = world.chance.choice(("a file", "all files", "the catalogue"))
    files = sorted((home.path / "lake").rglob("*.parquet"))
    if what == "a file":
        flipped(world.chance, max(files, key=lambda path: path.stat().st_size))
    elif what == "all files":
        for path in files:
            path.unlink()
    elif "WORDROUND_CATALOGUE_URL" in home.environment:
        import psycopg

        with psycopg.connect(home.environment["WORDROUND_CATALOGUE_URL"], autocommit=True) as connection:
            connection.execute("drop table ducklake_data_file")
    else:
        torn(world.chance, home.path / "lake" / "catalogue.duckdb")
    return f"{what} of the lake"


def lost_key(world: World, home: Home, found: Round) -> None:
    """A file of the keys is gone, and brought back from the backup of the keys."""
    with reading(world, home, found):
        path = world.chance.choice(sorted(path for path in (home.path / "keys").iterdir() if path.is_file()))
        kept = path.read_bytes()
        found.place = path.name
        path.unlink()
        stopped(found, home.step(_DAY).ended(), "key", "RotationUnfinished")
        path.write_bytes(kept)
        in_the_end(world, home, found, OUTCOMES)


def all_lost(world: World, home: Home, found: Round) -> None:
    """The home, the catalogue and the records are lost; all comes back from the backup and the drop folder."""
    home.must("backup", str(home.backups))
    backup = world.argument(home, "restore")
    again = world.home("restored", is_new=True)
    shutil.copytree(home.path / "inbox", again.path / "inbox")
    found.place, found.said = "restored", again.must("restore", backup).last
    with reading(world, again, found):
        in_the_end(world, again, found, OUTCOMES)


def two_at_once(world: World, home: Home, found: Round) -> None:
    """Two begin each step at once."""
    found.place = "every step"
    with reading(world, home, found):
        for name in (name for name in world.steps if name != "restore"):
            one = world.start(home, name)
            time.sleep(world.chance.uniform(0, world.seconds[name] / 2))
            for each in (world.start(home, name), one):
                ended = each.ended()
                if ended.code:
                    found.place = name
                    stopped(found, ended, *_BUSY)
            world.finish(home, name)
            found.faults += published_otherwise(world, home, name)


def restarted(world: World, home: Home, found: Round) -> None:
    """The server of the catalogue and the records goes down in the middle of a step, and comes back."""
    if world.server is None or "WORDROUND_CATALOGUE_URL" not in home.environment:
        found.place, found.said = "nowhere", "there is no server"
        return
    with reading(world, home, found):
        for name in world.steps:
            if name in _RESTARTED:
                found.place = name
                step = world.start(home, name)
                step.wait(world.chance.uniform(0, world.seconds[name]))
                world.server.stop()
                time.sleep(world.chance.uniform(0, 2))
                world.server.start()
                stopped(found, step.ended(), "LakeFailed", "RecordsUnreachable", "RecordsFailed")
            world.finish(home, name)
            found.faults += published_otherwise(world, home, name)
    found.place = ", ".join(_RESTARTED)


def torn(chance: random.Random, path: Path) -> None:
    """Cut a file short."""
    with path.open("r+b") as file:
        file.truncate(chance.randrange(path.stat().st_size))


def flipped(chance: random.Random, path: Path) -> None:
    """Write other bytes at some places of a file."""
    with path.open("r+b") as file:
        for _ in range(40):
            file.seek(chance.randrange(path.stat().st_size))
            file.write(bytes([chance.randrange(256)]))


Fault = Callable[[World, Home, Round], None]
