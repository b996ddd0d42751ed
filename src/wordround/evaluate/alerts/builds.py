"""The cells in which all is decided anew every week: rho and phi as known then, and comments that come late."""

from collections.abc import Callable, Iterator

import numpy as np

from wordround.evaluate.agreement import Share
from wordround.evaluate.alerts.bench import USUAL, Bench, Cell
from wordround.evaluate.alerts.cells import CHANGES, LARGE_CHANGE, MIDDLE, SMALL
from wordround.evaluate.alerts.rebuilding import ARRIVALS, Issued, arriving, rebuild
from wordround.evaluate.alerts.scoring import Episodes, delay, false_rate
from wordround.evaluate.alerts.watching import alike, watch
from wordround.evaluate.alerts.worlds import Level, World
from wordround.spc.deciding import SIDES, Decisions
from wordround.spc.log_odds import Flags

# A build a week takes a hundred times as long as one.
BUILT_ON = 5
# A week is judged when all of it has arrived.
WHOLE_AFTER = len(ARRIVALS) - 1

Decided = Callable[[int], Decisions]


def estimates(bench: Bench) -> Iterator[Cell]:
    """rho and phi that are known, that are estimated once, and that are estimated again every week."""
    phi = {name: kind.phi for name, kind in bench.kinds.items()}
    rho = {name: kind.rho for name, kind in bench.kinds.items()}
    for name, n in ((USUAL, SMALL), (USUAL, MIDDLE), ("neighbouring weeks alike, .6", MIDDLE)):
        quiet, changed = _worlds(bench, name, n)
        known = rho[name], phi[name]
        for way, given in (("true", known), ("estimated once", None)):
            episodes = [Episodes.of(watch(world, rho_and_phi=given)) for world in (quiet, changed)]
            yield _cell("estimates", name, n, way, episodes, (quiet, changed))
        issued = [rebuild(_estimated_weekly(world), world.n.shape[1]) for world in (quiet, changed)]
        weekly = [each.episodes for each in issued]
        yield _cell("estimates", name, n, "estimated every week", weekly, (quiet, changed), issued[0])


def arrivals(bench: Bench) -> Iterator[Cell]:
    """Comments that come in over four weeks: all alike, or negative ones later; judged at once, or when whole."""
    ways = {
        "all alike, judged at once": (False, False),
        "negative ones later, judged at once": (True, False),
        "negative ones later, judged when whole": (True, True),
    }
    worlds = _worlds(bench, USUAL, MIDDLE)
    for way, (negative_late, waits) in ways.items():
        issued: list[Issued] = []
        for world in worlds:
            arrived = arriving(world, bench.chance("arrivals", negative_late, len(issued)), negative_late)
            issued.append(rebuild(_as_known(world, arrived.known, waits), world.n.shape[1]))
        yield _cell("arrivals", USUAL, MIDDLE, way, [each.episodes for each in issued], worlds, issued[0])


def _worlds(bench: Bench, name: str, n: int) -> tuple[World, World]:
    return bench.world(name, Level(n), BUILT_ON), bench.world(name, Level(n, *CHANGES[LARGE_CHANGE]), BUILT_ON)


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


def _estimated_weekly(world: World) -> Decided:
    """rho and phi of all weeks up to this one that no episode of the last build takes out."""
    out: Flags = np.zeros(world.n.shape, dtype=bool)

    def decided(week: int) -> Decisions:
        known = world.until(week)
        # The week itself is judged with what was known before it.
        used = ~out[:, : week + 1] & (np.arange(week + 1) < week)
        decisions = watch(known, rho_and_phi=alike(known.x, known.n, used, known.trust))
        out[:, : week + 1] = np.logical_or(*(decisions.is_open[side] for side in SIDES))
        return decisions

    return decided


def _as_known(world: World, known: Callable[[int], tuple[np.ndarray, np.ndarray]], waits: bool) -> Decided:
    def decided(week: int) -> Decisions:
        x, n = known(week)
        is_partial = np.arange(week + 1) > week - WHOLE_AFTER
        return watch(World(x, n, world.trust, world.onset, np.broadcast_to(is_partial & waits, n.shape)))

    return decided
