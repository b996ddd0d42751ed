"""The rule that decides, applied to a world as a build applies it: all services of a trust together."""

import numpy as np
from numpy.typing import ArrayLike

from wordround.evaluate.alerts.worlds import World
from wordround.spc import dispersion, thresholds
from wordround.spc.baseline import Rule
from wordround.spc.deciding import Decisions, decide
from wordround.spc.log_odds import Flags, Numbers, Places, usual_share

BASELINE = Rule().baseline_weeks


def watch(
    world: World,
    h: tuple[float, float] = (thresholds.WATCH, thresholds.WATCH),
    rho_and_phi: tuple[ArrayLike, ArrayLike] | None = None,
    has_peers: bool = True,
) -> Decisions:
    """Decide on a world. h: the thresholds of concern and improvement.

    rho_and_phi: without them, what each trust's first baselines say. has_peers: whether what the rest of the trust
    does is expected of a service; not where x is its part of the trust's comments.
    """
    rho, phi = rho_and_phi or first_alike(world)
    return decide(
        world.x, world.n, peers=world.trust if has_peers else None, by_source=world.by_source, paused=world.paused,
        h_concern=h[0], h_improvement=h[1], odds_ratio=odds_ratios(world.x, world.n), rho=rho, phi=phi,
    )  # fmt: skip


def first_alike(world: World) -> tuple[Numbers, Numbers]:
    """Return rho and phi of each series, estimated over its trust in the weeks of the first baseline."""
    used = ~world.paused & (np.arange(world.n.shape[1]) < BASELINE)
    return alike(world.x, world.n, used, world.trust)


def alike(x: Numbers, n: Numbers, used: Flags, groups: Places) -> tuple[Numbers, Numbers]:
    """Return rho and phi of each series, estimated over the series of its group. groups: in order, a number each."""
    rho, phi = np.empty(len(n)), np.empty(len(n))
    for group in np.unique(groups):
        those = groups == group
        rho[those], phi[those] = dispersion.estimate(x[those], n[those], used[those])
    return rho, phi


def odds_ratios(x: Numbers, n: Numbers, is_total: ArrayLike = False) -> Numbers:
    """Return the change that is looked for in each series, by what its first baseline says of it."""
    x, n = x[:, :BASELINE], n[:, :BASELINE]
    share, mean = usual_share(x.sum(axis=1), n.sum(axis=1)), n.mean(axis=1)
    totals = np.broadcast_to(np.asarray(is_total, dtype=bool), share.shape)
    return np.array([thresholds.odds_ratio(*each) for each in zip(share, mean, totals, strict=True)])
