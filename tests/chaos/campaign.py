"""A campaign of faults: `make chaos`, or `python -m tests.chaos.campaign [--seed 1] [--minutes 20]`, from the clone.

Each round takes a copy of a home that has a published history and a new file, does the daily work in processes of its
own, and lets one fault happen. Then the work is done again without one. What must hold in every round: the published
file could be read at every moment, whole, before or after; a fault that stops the work is named; at last no answer is
lost or doubled, and every published table is what an undisturbed run has made of the same files. A seed gives the same
rounds again, as far as the machine's own times allow.
"""

import argparse
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from bench.compare_publications import compare
from tests.fixtures.fft_files import form, write_csv

PROJECT = Path(__file__).resolve().parents[2]
WORDROUND = Path(sys.executable).with_name("wordround")
# They tell when something was made, or of which run.
MADE_WHEN = frozenset(
    {"loaded_at", "updated_at", "collected_at", "published_at", "build_id", "batch_id", "first_loaded_at", "issued_at",
     "last_loaded_at", "made_current_at", "opened_at", "scored_at"}
)  # fmt: skip
OUTCOMES = frozenset({"rows_loaded", "rows_updated", "rows_unchanged"})
SERVICES = ("Kestrel Ward", "Heron Ward")
PRAISE = ("Kind nurses", "Everybody was lovely", "Good food and a clean ward", "The doctor explained it all")
BLAME = ("The wait was far too long", "Nobody told us anything", "Parking was a nightmare", "Rude at the desk")


@dataclass
class Round:
    """What happened in one round; `faults`: what did not hold."""

    kind: str
    place: str
    said: str = ""
    reads: int = 0
    faults: list[str] = field(default_factory=list)


class Campaign:
    """A world to let faults happen in: a history, a new file, and what an undisturbed run makes of both."""

    def __init__(self, folder: Path, seed: int, weeks: int = 20, rows_a_week: int = 15) -> None:
        self.folder, self.chance = folder, random.Random(seed)
        self.base, self.reference = folder / "base", folder / "reference"
        first = date.today() - timedelta(weeks=weeks + 2)
        old = self._rows(0, weeks * rows_a_week, first, weeks)
        # The newest: it corrects some answers of the history and repeats others.
        new = [*self._rows(5000, 3 * rows_a_week, first + timedelta(weeks=weeks), 2), *old[-20:]]
        new[-1] = [*new[-1][:5], "Corrected: kind nurses", *new[-1][6:]]
        write_csv(self.base / "inbox" / "fft" / "history.csv", old)
        self._must(self.base, "run")
        write_csv(self.base / "inbox" / "fft" / "new.csv", new)
        shutil.copytree(self.base, self.reference, symlinks=True)
        begun = time.monotonic()
        self._must(self.reference, "run")
        self.seconds = time.monotonic() - begun

    def _rows(self, begin: int, count: int, first: date, weeks: int) -> list[list[str]]:
        chance = self.chance
        return [
            form(
                begin + number, date=(first + timedelta(days=7 * weeks * number // count)).isoformat(),
                good=f"{chance.choice(PRAISE)}, {number}", better=f"{chance.choice(BLAME)}, {number}",
                score=str(chance.randint(1, 5)), service=chance.choice(SERVICES),
            )
            for number in range(count)
        ]  # fmt: skip

    def round(self, kind: str) -> Round:
        """Let one fault of a kind happen in a copy of the home; mend what a person would mend; look at what is left."""
        home = self.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.base, home, symlinks=True)
        found = Round(kind, "")
        with self._read_throughout(home, found):
            FAULTS[kind](self, home, found)
        again = self._wordround(home, "run")
        if again.returncode:
            found.faults.append(f"the run after it ends with {again.returncode}: {_last(again)}")
            return found
        published = home / "published" / "wordround.duckdb"
        before = self.reference / "published" / "wordround.duckdb"
        # What was loaded in another order was new, changed or known at another time: the sums alone are the same.
        without = MADE_WHEN | (OUTCOMES if kind in ("torn manifest", "corrupt Parquet") else frozenset())
        differing = {name: how for name, _, how in compare(before, published, without) if how}
        if differing:
            found.faults.append(f"other than undisturbed: {differing}")
        left = [path.relative_to(home) for path in home.rglob(".draft-*") if path.is_file()]
        if left:
            found.faults.append(f"drafts are left: {left}")
        return found

    def _wordround(self, home: Path, *command: str, limit: int = 0) -> "subprocess.CompletedProcess[str]":
        with self.started(home, *command, limit=limit) as process:
            out, err = process.communicate()
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def started(self, home: Path, *command: str, limit: int = 0) -> "subprocess.Popen[str]":
        """Start a verb in a group of its own; limit: no file may grow beyond so many bytes, as on a full disk."""
        return subprocess.Popen(
            [WORDROUND, *command],
            cwd=PROJECT,
            env=os.environ | {"WORDROUND_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=(lambda: _limit_files(limit)) if limit else None,
        )

    def _must(self, home: Path, *command: str) -> None:
        done = self._wordround(home, *command)
        if done.returncode:
            sys.exit(f"wordround {' '.join(command)}, with no fault: {_last(done)}")

    def _read_throughout(self, home: Path, found: Round) -> "Reading":
        published = Path("published") / "wordround.duckdb"
        allowed = [what_is_published(each / published) for each in (self.base, self.reference)]
        return Reading(home / published, found, allowed)


def what_is_published(path: Path) -> tuple[object, ...]:
    """How many comments of each day a reader finds, and how many weeks of services, as one fingerprint."""
    with duckdb.connect(str(path), read_only=True) as connection:
        comments = "select count(*), sum(hash(comment_id, comment_text, posted_date)::hugeint) from marts.fct_comments"
        weeks = "select count(*), sum(comment_count) from marts.fct_service_weeks"
        return (*(connection.execute(comments).fetchone() or ()), *(connection.execute(weeks).fetchone() or ()))


class Reading:
    """A reader of the published file who never stops."""

    def __init__(self, path: Path, found: Round, allowed: Sequence[tuple[object, ...]]) -> None:
        self._path, self._found, self._allowed, self._over = path, found, allowed, threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if not self._found.reads:
            self._found.faults.append("nobody could read what was published")

    def _read(self) -> None:
        try:
            while not self._over.is_set():
                self._look()
                time.sleep(0.05)
        finally:
            if not self._over.is_set():
                self._found.faults.append("the reader ended by itself")

    def _look(self) -> None:
        try:
            found = what_is_published(self._path)
        except (duckdb.Error, OSError) as error:
            self._found.faults.append(f"a reader met {type(error).__name__}")
            return
        self._found.reads += 1
        if found not in self._allowed:
            self._found.faults.append(f"a reader met {found}, which is neither before nor after")


def _killed(campaign: Campaign, home: Path, found: Round) -> None:
    """The power goes at any moment of the work."""
    moment = campaign.chance.uniform(0, campaign.seconds)
    found.place = f"after {moment:.1f} s"
    with campaign.started(home, "run") as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(moment)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    found.said = "ended before" if process.returncode == 0 else "killed"


def _killed_often(campaign: Campaign, home: Path, found: Round) -> None:
    """Whoever begins again is cut off again."""
    for _ in range(3):
        _killed(campaign, home, found)


def _full(campaign: Campaign, home: Path, found: Round) -> None:
    """No file may grow any more, from a size on that most of them are below."""
    largest = max(path.stat().st_size for path in home.rglob("*") if path.is_file())
    limit = int(largest * campaign.chance.uniform(0.01, 1.1))
    found.place = f"files of {limit / 1e6:.1f} MB"
    done = campaign._wordround(home, "run", limit=limit)
    found.said = _last(done) if done.returncode else "enough room"
    if "Traceback" in done.stderr:
        found.faults.append("a disk that is full shows a traceback")


def _together(campaign: Campaign, home: Path, found: Round) -> None:
    """Two people begin the same work at once."""
    later = campaign.chance.uniform(0, campaign.seconds / 2)
    found.place = f"{later:.1f} s apart"
    with campaign.started(home, "run") as one:
        time.sleep(later)
        with campaign.started(home, "run") as other:
            ends = [(process.communicate(), process.returncode) for process in (one, other)]
    found.said = ", ".join(str(code) for _, code in ends)
    found.faults += [f"one of two ends with {code}: {err.strip()[-300:]}" for (_, err), code in ends if code]


def _damaged(pattern: str, harm: Callable[[random.Random, Path], None], name: str) -> Callable[..., None]:
    def happens(campaign: Campaign, home: Path, found: Round) -> None:
        # Landed and not yet loaded, so that the work comes upon it.
        campaign._must(home, "ingest", "fft") if "landing" in pattern else None
        if "landing" in pattern:
            (home / "warehouse.duckdb").unlink()
        path = campaign.chance.choice(sorted(home.glob(pattern)))
        kept = path.read_bytes()
        found.place = f"{name} of {len(kept):,} bytes"
        harm(campaign.chance, path)
        done = campaign._wordround(home, "run")
        found.said = _last(done)
        if "Traceback" in done.stderr:
            found.faults.append(f"{name}: a traceback in place of a message")
        if done.returncode and path.name not in done.stderr.replace("\n", "") and "key" not in name:
            found.faults.append(f"{name}: the message does not name it")
        if not done.returncode and path.exists() and path.read_bytes() != kept and "warehouse" in pattern:
            found.faults.append(f"{name}: nobody noticed")
        # What the message asks for: the file as the backup has it.
        path.write_bytes(kept)

    return happens


def _torn(chance: random.Random, path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(chance.randrange(path.stat().st_size))


def _flipped(chance: random.Random, path: Path) -> None:
    with path.open("r+b") as file:
        for _ in range(40):
            file.seek(chance.randrange(path.stat().st_size))
            file.write(bytes([chance.randrange(256)]))


def _gone(_: random.Random, path: Path) -> None:
    path.unlink()


FAULTS: dict[str, Callable[[Campaign, Path, Round], None]] = {
    "killed": _killed,
    "killed three times": _killed_often,
    "disk full": _full,
    "two at once": _together,
    "torn manifest": _damaged("landing/*/*/*.json", _torn, "a manifest"),
    "corrupt Parquet": _damaged("landing/*/*/*.parquet", _flipped, "a batch"),
    "damaged warehouse": _damaged("warehouse.duckdb", _torn, "the warehouse"),
    "lost key": _damaged("keys/*", _gone, "a key"),
}
# Half of the rounds are killed: there are more moments than there are files.
_WEIGHTS = {"killed": 8, "disk full": 3, "two at once": 2}


def _limit_files(limit: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def _last(done: "subprocess.CompletedProcess[str]") -> str:
    lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return " / ".join(lines[-2:])[:300] if lines else f"exit code {done.returncode}"


def rounds(seed: int) -> Iterator[str]:
    """Yield kinds of faults without end: each once, then by weight."""
    chance = random.Random(seed)
    yield from FAULTS
    while True:
        yield chance.choices(list(FAULTS), [_WEIGHTS.get(kind, 1) for kind in FAULTS])[0]


def main() -> int:
    """Go on for so many minutes, print what happened, and end with 1 where something did not hold."""
    reader = argparse.ArgumentParser(description="Let faults happen, and look at what is left.")
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--minutes", type=float, default=20)
    reader.add_argument("--kind", choices=FAULTS, help="faults of one kind alone")
    asked = reader.parse_args()
    out = Console(width=None if sys.stdout.isatty() else 140)
    until, done = time.monotonic() + 60 * asked.minutes, []
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder), asked.seed)
        for kind in rounds(asked.seed):
            if time.monotonic() > until:
                break
            found = campaign.round(asked.kind or kind)
            done.append(found)
            state = "; ".join(found.faults) or "held"
            out.print(
                f"{len(done):4} {found.kind}, {found.place}: {found.said} — {state}", markup=False, highlight=False
            )
    table = Table(title=f"seed {asked.seed}", title_justify="left")
    for heading in ("fault", "rounds", "held", "reads meanwhile"):
        table.add_column(heading)
    for kind, count in Counter(found.kind for found in done).items():
        of_kind = [found for found in done if found.kind == kind]
        held = sum(not found.faults for found in of_kind)
        table.add_row(kind, str(count), str(held), f"{sum(found.reads for found in of_kind):,}")
    out.print(table)
    return int(any(found.faults for found in done))


if __name__ == "__main__":
    sys.exit(main())
