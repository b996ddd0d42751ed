"""A campaign of faults: `make chaos`, or `python -m tests.chaos.campaign [--seed 1] [--minutes 20] [--engine both]`.

Each round takes a copy of a home that has a published history and something new, does a day's work in processes of its
own, and lets faults happen (kills.py, faults.py, lies.py, clocks.py). What must hold in every round: the published file
can be read at every moment, and is one of those that are to be published, never an earlier one again; what stops the
work is named, with what to do; at last no answer is lost or doubled, and every published table is what an undisturbed
day has made of the same files. A seed gives the same rounds again, as far as the machine's own times allow.

What was done is added to `.cache/chaos.jsonl`, a line a round, so that runs of several seeds add up.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.chaos import clocks, faults, lies
from tests.chaos.kills import Round, kill_at_commits, kill_steps
from tests.chaos.steps import IN_ORDER
from tests.chaos.worlds import PROJECT, Home, Undisturbed, World, posts
from tests.fixtures import postgres

ENGINES = ("duckdb", "ducklake")
RESULTS = PROJECT / ".cache" / "chaos.jsonl"


def killed(kill: Callable[[World, Home, Round, int], None]) -> Callable[..., None]:
    """Every step is killed, again and again."""

    def happens(world: World, home: Home, found: Round, often: int) -> None:
        with faults.reading(world, home, found):
            kill(world, home, found, often)
            counted = home.must("count").said
        if counted != world.counted:
            found.faults.append(f"rows are lost or doubled: {counted} in place of {world.counted}")

    return happens


FAULTS: dict[str, Callable[..., None]] = {
    "disk full": faults.disk_full,
    "disk read-only": faults.read_only,
    "clock jumps": clocks.clock_jumps,
    "lying source": lies.lying_source,
    "corrupt Parquet": faults.damaged("landing/*/*/*.parquet", faults.flipped, ("FileUnreadable",)),
    "torn manifest": faults.damaged("landing/*/*/*.json", faults.torn, ("ManifestDamaged",)),
    "damaged warehouse": faults.damaged_warehouse,
    "lost key": faults.lost_key,
    "server restarted": faults.restarted,
    "two at once": faults.two_at_once,
    "all lost": faults.all_lost,
    "killed at a commit": killed(kill_at_commits),
    "killed": killed(kill_steps),
}
# There are more moments than there are files.
_WEIGHTS = {"killed": 6, "disk full": 2, "clock jumps": 2, "lying source": 2, "damaged warehouse": 2}


def rounds(seed: int) -> Iterator[str]:
    """Yield kinds of faults without end: each once, then by weight."""
    chance = random.Random(seed)
    yield from FAULTS
    while True:
        yield chance.choices(list(FAULTS), [_WEIGHTS.get(kind, 1) for kind in FAULTS])[0]


def let_happen(world: World, kind: str, **how: int) -> Round:
    """Let one kind of fault happen in a copy of the home, and look at what is left. how: of the kind."""
    found = Round(kind, world.engine)
    try:
        FAULTS[kind](world, world.home("home"), found, **how)
    except Undisturbed as error:
        found.faults.append(str(error))
    return found


def record(seed: int, found: Round, seconds: float) -> None:
    """Add a round to the results of all runs."""
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "seed": seed, "engine": found.engine, "kind": found.kind,
        "place": found.place, "seconds": round(seconds), "reads": found.reads, "kills": found.kills,
        "held": not found.faults,
    }  # fmt: skip
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def show(out: Console) -> None:
    """Show what all runs together have done: kills of each step, rounds and how many held, by engine."""
    lines = [json.loads(line) for line in RESULTS.read_text(encoding="utf-8").splitlines()]
    engines, seeds = (sorted({line[name] for line in lines}) for name in ("engine", "seed"))
    kills = {engine: Counter[str]() for engine in engines}
    rounds_of, held = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for line in lines:
        kills[line["engine"]].update(line["kills"])
        rounds_of[line["kind"], line["engine"]] += 1
        held[line["kind"], line["engine"]] += line["held"]
    of_steps = Table("killed with -9 in", *engines, title=f"all runs, seeds {seeds}", title_justify="left")
    for name in IN_ORDER:
        of_steps.add_row(name, *(str(kills[engine][name]) for engine in engines))
    of_steps.add_row("together", *(str(kills[engine].total()) for engine in engines))
    of_kinds = Table("fault", *(f"{engine}: held of rounds" for engine in engines))
    for kind in FAULTS:
        of_kinds.add_row(kind, *(f"{held[kind, engine]} of {rounds_of[kind, engine]}" for engine in engines))
    out.print(of_steps, of_kinds, f"{sum(line['reads'] for line in lines):,} reads of what was published")


def main() -> int:
    """Go on for so many minutes, print what happened, and end with 1 where something did not hold."""
    reader = argparse.ArgumentParser(description="Let faults happen, and look at what is left.")
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--minutes", type=float, default=20)
    reader.add_argument("--kind", choices=FAULTS, help="faults of one kind alone")
    reader.add_argument("--engine", choices=(*ENGINES, "both"), default="both")
    reader.add_argument("--kills", type=int, default=12, help="of a step in a round; long steps have a sixth")
    asked = reader.parse_args()
    out = Console(width=None if sys.stdout.isatty() else 160)
    begun, how = time.monotonic(), {kind: {"often": asked.kills} for kind in FAULTS if "killed" in kind}
    until, done = begun + 60 * asked.minutes, list[Round]()
    engines = ENGINES if asked.engine == "both" else (asked.engine,)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        standin = stack.enter_context(lies.Liar(posts()))
        programs = postgres.programs() if "ducklake" in engines else None
        server = stack.enter_context(postgres.running(programs)) if programs else None
        if "ducklake" in engines and server is None:
            out.print(f"The catalogue of the lake is a file: {postgres.NOT_THERE}")
        worlds = []
        for engine in engines:
            worlds.append(World(folder / engine, asked.seed, engine, standin, server))
            out.print(f"{time.monotonic() - begun:5.0f} s {engine}: an undisturbed day is done", highlight=False)
        for kind, world in ((kind, world) for kind in rounds(asked.seed) for world in worlds):
            if (started := time.monotonic()) > until:
                break
            done.append(found := let_happen(world, asked.kind or kind, **how.get(asked.kind or kind, {})))
            record(asked.seed, found, time.monotonic() - started)
            says = f"{found.engine}, {found.kind}, {found.place}: {found.said} — {'; '.join(found.faults) or 'held'}"
            out.print(f"{time.monotonic() - begun:5.0f} s {says}", markup=False, highlight=False)
    if done:
        show(out)
    return int(any(found.faults for found in done))


if __name__ == "__main__":
    sys.exit(main())
