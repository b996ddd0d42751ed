"""Kills: every step of a day is ended by `kill -9` at random moments, and then done as the runbook says."""

from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from tests.chaos.reading import differences
from tests.chaos.worlds import Home, Undisturbed, World

# How many times as long as usual a step is that is killed less often, and how much less.
_LONG, _LESS_OFTEN = 4, 6


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
    """Go through a day; each step is killed so often, each time it is begun again, at moments that chance gives.

    Those that take most of a day (they build from the start) are killed less often, so that there is time for all.
    """
    usual = median(world.seconds.values())
    for name in world.steps:
        seconds = world.seconds[name]
        for _ in range(max(1, often // _LESS_OFTEN) if seconds > usual * _LONG else often):
            step = world.start(home, name)
            if not step.wait(world.chance.uniform(0, seconds)):
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


def published_otherwise(world: World, home: Home, name: str) -> list[str]:
    """Say in which tables what a step has published differs from what it publishes undisturbed."""
    if name not in world.expected:
        return []
    differing = differences(world.expected[name], world.published_by(home, name))
    return [f"after {name}, other than undisturbed: {differing}"] if differing else []
