"""A campaign of changed files: `make fuzz`, or `python -m tests.fuzz.campaign [--what KIND] [--seed 1] [--minutes 10]`.

Real files of every kind that others make are changed, and read as Wordround reads them (kinds.py), in a child of each
kind. What must hold: whatever is not taken is refused by an error that a user can put right, which tells nothing that
stands in the file; nothing takes more than its time; the child, with all that it starts, stays below its memory. A seed
gives the same files again. Of each fault the smallest file that shows it is kept.
"""

import argparse
import json
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from tests.fuzz.child import FOUND, NOW
from tests.fuzz.every_kind import KINDS, OF_THE_TESTS

PROJECT = Path(__file__).resolve().parents[2]
MEGABYTES = 500
_LOOK_EVERY, _TO_BEGIN, _PATIENCE = 0.05, 300, 6


@dataclass
class Outcome:
    """What came of the files of one kind; `faults`: what did not hold, and how often."""

    kind: str
    files: int = 0
    seconds: float = 0
    most_megabytes: float = 0
    longest: float = 0
    came: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    told: dict[str, str] = field(default_factory=dict)


class Watch:
    """A child that reads files of one kind, and what is seen of it."""

    def __init__(self, outcome: Outcome, seed: int, first: int, seconds: float, folder: Path) -> None:
        self._outcome, self._folder = outcome, folder
        self._slow = (KINDS | OF_THE_TESTS)[outcome.kind].seconds
        arguments = [outcome.kind, str(seed), str(first), str(seconds), str(folder)]
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.child", *arguments],
            cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )  # fmt: skip
        self.number = first
        self._begun, self._used_before = time.monotonic(), 0.0
        self._about = psutil.Process(self._child.pid)
        self._is_reading = self._is_ready = False

    def follow(self) -> Iterator[tuple[str, str]]:
        """Yield (fault, name of the file) as they are found, until the child ends or is ended."""
        assert self._child.stdout is not None
        with selectors.DefaultSelector() as selector, self._child:
            selector.register(self._child.stdout, selectors.EVENT_READ)
            os.set_blocking(self._child.stdout.fileno(), False)
            rest = b""
            while True:
                if selector.select(_LOOK_EVERY):
                    piece = self._child.stdout.read()
                    if piece == b"":
                        break
                    *lines, rest = (rest + (piece or b"")).split(b"\n")
                    for line in lines:
                        yield from self._heard(json.loads(line))
                if fault := self._seen():
                    yield fault, ""
                    with suppress(ProcessLookupError):
                        os.killpg(self._child.pid, 9)
                    return
            code = self._child.wait()
            if code or not self._is_ready:
                yield f"the process {'died' if self._is_reading else 'ended'} with {code}", ""

    def _heard(self, said: dict[str, Any]) -> Iterator[tuple[str, str]]:
        now = time.monotonic()
        if "ready" in said:
            self._is_ready = True
        elif "begins" in said:
            self.number, self._is_reading = said["begins"], True
            self._used_before = self._used()
        elif "seconds" in said:
            # A fault was found, and its file is made smaller.
            self._is_reading = False
        else:
            outcome = self._outcome
            outcome.files += 1
            outcome.came[said["outcome"]] += 1
            outcome.longest = max(outcome.longest, said["took"])
            self._is_reading = False
            if said["fault"]:
                outcome.told.setdefault(said["fault"], said["told"])
                yield said["fault"], said["name"]
        self._begun = now

    def _used(self) -> float:
        """Seconds of a processor that the child, and what it has started, have used."""
        used = 0.0
        for process in [self._about, *_children(self._about)]:
            with suppress(psutil.Error):
                times = process.cpu_times()
                used += times.user + times.system + times.children_user + times.children_system
        return used

    def _seen(self) -> str:
        waited = time.monotonic() - self._begun
        if not self._is_ready:
            return "does not begin" if waited > _TO_BEGIN else ""
        used = 0
        for process in [self._about, *_children(self._about)]:
            with suppress(psutil.Error):
                used += process.memory_full_info().pss
        self._outcome.most_megabytes = max(self._outcome.most_megabytes, used / 2**20)
        if used > MEGABYTES * 2**20:
            return f"more than {MEGABYTES} MB"
        # A busy machine is slow; what only waits is waited for longer.
        is_slow = waited > _PATIENCE * self._slow or self._used() - self._used_before > self._slow
        return f"more than {self._slow:.0f} s" if self._is_reading and is_slow else ""


def _children(about: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return about.children(recursive=True)
    return []


def fuzz(kind: str, seed: int, minutes: float, keep: Path, first: int = 0) -> Outcome:
    """Read changed files of one kind for so many minutes; put the file of each fault into a folder."""
    outcome, until = Outcome(kind), time.monotonic() + 60 * minutes
    begun = time.monotonic()
    while (left := until - time.monotonic()) > 0:
        with tempfile.TemporaryDirectory(dir=_fast()) as folder:
            watch = Watch(outcome, seed, first, left, Path(folder))
            for fault, name in watch.follow():
                outcome.faults[fault] += 1
                if outcome.faults[fault] == 1:
                    shows = Path(folder) / (f"{FOUND}/{name}" if name else NOW)
                    _keep(shows, keep / f"{kind} {len(outcome.faults)}", f"{fault}\nseed {seed}, file {watch.number}")
            first = watch.number + 1
    outcome.seconds = time.monotonic() - begun
    return outcome


def _fast() -> str | None:
    """A folder in memory, where there is one: a file is written for each that is read."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _keep(shows: Path, folder: Path, about: str) -> None:
    """Copy a file, or what lies in a folder, into another one, with what it shows."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in shows.iterdir() if shows.is_dir() else [shows]:
        shutil.copy(path, folder / path.name)
    (folder / "about.txt").write_text(about + "\n", encoding="utf-8")


def main() -> int:
    """Go on for so many minutes with each kind, print what came of it, and end with 1 where something did not hold."""
    reader = argparse.ArgumentParser(description="Change what others made, and look how it is read.")
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--minutes", type=float, default=10)
    reader.add_argument("--what", help="one kind alone, or those whose name holds this")
    reader.add_argument(
        "--keep", type=Path, default=PROJECT / ".cache" / "fuzz", help="a folder for what shows a fault"
    )
    asked = reader.parse_args()
    out = Console(width=None if sys.stdout.isatty() else 150)
    kinds = [name for name in KINDS if asked.what is None or asked.what in name]
    if not kinds:
        sys.exit(f"--what: is none of {', '.join(KINDS)}.")
    done = []
    for kind in kinds:
        found = fuzz(kind, asked.seed, asked.minutes, asked.keep)
        done.append(found)
        for fault, count in found.faults.items():
            told = f"{kind}: {fault} ({count}): {found.told.get(fault, '')[-700:]}".encode(errors="backslashreplace")
            out.print(told.decode(), markup=False, highlight=False)
        out.print(f"{kind}: {found.files:,} files, {dict(found.came.most_common(6))}", markup=False, highlight=False)
    table = Table(title=f"seed {asked.seed}; faults lie in {asked.keep}", title_justify="left")
    for heading in ("what", "files", "a second", "taken", "faults", "most MB", "longest s"):
        table.add_column(heading)
    for one in done:
        taken = f"{one.came['read'] / max(1, one.files):.0%}"
        figures = (f"{one.files:,}", f"{one.files / one.seconds:.0f}", taken, str(len(one.faults)))
        table.add_row(one.kind, *figures, f"{one.most_megabytes:.0f}", f"{one.longest:.1f}")
    out.print(table)
    return int(any(one.faults for one in done))


if __name__ == "__main__":
    sys.exit(main())
