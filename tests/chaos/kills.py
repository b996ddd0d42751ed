"""Kills: every step of a day is ended by `kill -9`, and then done as the runbook says.

At random moments, and just after a commit: what belongs together and is written by two of them comes apart there, in
a time so short that chance seldom finds it.
"""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.chaos.reading import differences
from tests.chaos.steps import Step
from tests.chaos.worlds import Home, Undisturbed, World

# How many times as long as usual a step is that is killed less often, and how much less.
_LONG, _LESS_OFTEN = 4, 6
# A log to which nothing was added for so long is written: its commit is done.
_COMMITTED_SECONDS = 0.001
# After so many commits of a step it is killed at most.
_COMMITS = 3


@dataclass
class Round:
    """What happened in one round; `faults`: what did not hold; `kills`: how many by step."""

    kind: str
    engine: str
    place: str = ""
    said: str = ""
    reads: int = 0
    faults: list[str] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)


def kill_steps(world: World, home: Home, found: Round, often: int) -> None:
    """Go through a day; each step is killed so often, each time it is begun again, at moments that chance gives."""

    def moment(step: Step, seconds: float, _: int) -> bool:
        return not step.wait(world.chance.uniform(0, seconds))

    _kill(world, home, found, often, moment)


def kill_at_commits(world: World, home: Home, found: Round, often: int) -> None:
    """Go through a day; each step is killed so often, each time it is begun again, just after it has committed.

    After one commit, after two and after three in turn: what it does first may be to do the same again. One that does
    not commit into a file (of a lake whose catalogue is in Postgres) is done at once.
    """

    def committed(step: Step, _: float, attempt: int) -> bool:
        return _commits(step, 1 + attempt % _COMMITS)

    _kill(world, home, found, often, committed)


def _kill(world: World, home: Home, found: Round, often: int, is_time: Callable[[Step, float, int], bool]) -> None:
    """Kill each step when it is time, and then do it. Those that take most of a day (they build from the start) are
    killed less often, so that there is time for all.

    is_time: waits for the moment, given how many seconds the step usually takes and how many times it was begun; False
    where the step has ended before.
    """
    usual = median(world.seconds.values())
    for name in world.steps:
        seconds = world.seconds[name]
        for attempt in range(max(1, often // _LESS_OFTEN) if seconds > usual * _LONG else often):
            step = world.start(home, name)
            if is_time(step, seconds, attempt):
                step.kill()
            ended = step.ended()
            if ended.was_killed:
                found.kills[name] += 1
                continue
            # What is done already takes less long.
            seconds = min(seconds, ended.seconds)
            if ended.code:
                found.faults.append(f"{name}, after a kill, ends with {ended.code}: {ended.last}")
        try:
            world.finish(home, name)
        except Undisturbed as error:
            found.faults.append(str(error))
            return
        found.faults += published_otherwise(world, home, name)
    found.place, found.said = f"{found.kills.total()} moments of {len(found.kills)} steps", "killed"


def _commits(step: Step, count: int) -> bool:
    """Wait until a step has committed so often to databases in files; return False where it has ended before."""
    sizes, grown_at = _log_sizes(step.home), None
    while not step.wait(0):
        now, found = time.monotonic(), _log_sizes(step.home)
        if any(size > sizes.get(path, 0) for path, size in found.items()):
            grown_at = now
        elif grown_at is not None and now - grown_at > _COMMITTED_SECONDS:
            grown_at, count = None, count - 1
            if not count:
                return True
        sizes = found
    return False


def _log_sizes(folder: Path) -> dict[Path, int]:
    """How long the logs are into which the databases of a home write before a commit is done."""
    found = {}
    for path in (*folder.glob("*.wal"), *folder.glob("lake/*.wal")):
        with suppress(FileNotFoundError):
            found[path] = path.stat().st_size
    return found


def published_otherwise(world: World, home: Home, name: str) -> list[str]:
    """Say in which tables what a step has published differs from what it publishes undisturbed."""
    if name not in world.expected:
        return []
    differing = differences(world.expected[name], world.published_by(home, name))
    return [f"after {name}, other than undisturbed: {differing}"] if differing else []
