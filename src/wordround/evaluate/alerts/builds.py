"""The cells of what a build knows in its week: rho and phi, and comments that have not all arrived."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from wordround.evaluate.agreement import Share
from wordround.evaluate.alerts.bench import USUAL, Bench, Cell
from wordround.evaluate.alerts.cells import CHANGES, LARGE_CHANGE, MIDDLE, SMALL
from wordround.evaluate.alerts.rebuilding import ARRIVALS, Arriving, Issued, arriving, rebuild
from wordround.evaluate.alerts.scoring import Episodes, delay, false_rate
from wordround.evaluate.alerts.watching import first_alike, watch
from wordround.evaluate.alerts.worlds import Level, World
from wordround.spc.deciding import Decisions

# A build a week takes a hundred times as long as one.
BUILT_ON = 5
# A week is judged when all of it has arrived.
WHOLE_AFTER = len(ARRIVALS) - 1

Decided = Callable[[int], Decisions]


def estimates(bench: Bench) -> Iterator[Cell]:
    """rho and phi that are known, that are estimated once, and that are estimated again every week, as builds do."""
    for name, n in ((USUAL, SMALL), (USUAL, MIDDLE), ("neighbouring weeks alike, .6", MIDDLE)):
        worlds = bench.world(name, Level(n)), bench.world(name, Level(n, *CHANGES[LARGE_CHANGE]))
        known = bench.kinds[name].rho, bench.kinds[name].phi
        ways: dict[str, list[tuple[ArrayLike, ArrayLike] | None]] = {
            "known": [known, known],
            "estimated once": [first_alike(world) for world in worlds],
            "estimated every week": [None, None],
        }
        for way, given in ways.items():
            decided = [watch(world, rho_and_phi=each) for world, each in zip(worlds, given, strict=True)]
            yield _cell("estimates", name, n, way, [Episodes.of(each) for each in decided], worlds)


def arrivals(bench: Bench) -> Iterator[Cell]:
    """Comments that come in over four weeks: all alike, or negative ones later; judged at once, or when whole."""
    ways = {
        "all alike, judged at once": (False, False),
        "negative ones later, judged at once": (True, False),
        "negative ones later, judged when whole": (True, True),
    }
    changes = Level(MIDDLE, *CHANGES[LARGE_CHANGE])
    worlds = bench.world(USUAL, Level(MIDDLE), BUILT_ON), bench.world(USUAL, changes, BUILT_ON)
    whole = [Episodes.of(watch(world, rho_and_phi=first_alike(world))) for world in worlds]
    yield _cell("arrivals", USUAL, MIDDLE, "all in their week", whole, worlds)
    for way, (negative_late, waits) in ways.items():
        issued: list[Issued] = []
        for world in worlds:
            arrived = arriving(world, bench.chance("arrivals", negative_late, len(issued)), negative_late)
            issued.append(rebuild(_as_known(world, arrived, waits), world.n.shape[1]))
        yield _cell("arrivals", USUAL, MIDDLE, way, [each.episodes for each in issued], worlds, issued[0])


def _cell(
    part: str,
    name: str,
    n: int,
    way: str,
    episodes: list[Episodes],
    worlds: tuple[World, World],
    issued: Issued | None = None,
) -> Cell:
    of_quiet, of_changed = episodes
    withdrawn = Share.of(issued.withdrawn, len(of_quiet.series)) if issued else None
    false, found = false_rate(of_quiet, worlds[0].trust), delay(of_changed, worlds[1].onset, True)
    return Cell(
        part=part, world=name, n=n, way=way, change=LARGE_CHANGE, false=false, found=found, withdrawn=withdrawn
    )  # fmt: skip


def _as_known(world: World, arrived: Arriving, waits: bool) -> Decided:
    """Decide on what has arrived. rho and phi are those of the first baselines: they move little, and cost a lot."""
    given = first_alike(world)

    def decided(week: int) -> Decisions:
        x, n = arrived.known(week)
        is_partial = np.arange(week + 1) > week - WHOLE_AFTER
        known = World(x, n, world.trust, world.onset, np.broadcast_to(is_partial & waits, n.shape))
        return watch(known, rho_and_phi=given)

    return decided
