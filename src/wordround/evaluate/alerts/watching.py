"""The rule that decides, applied to a world as a build applies it: all services of a trust together.

What is looked for, rho and phi follow from the baselines as they are known in each week (alerts/deciding.py).
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from wordround.evaluate.alerts.scoring import Episodes
from wordround.evaluate.alerts.worlds import World
from wordround.spc import dispersion, thresholds
from wordround.spc.baseline import Rule
from wordround.spc.deciding import Decisions, Side, decide
from wordround.spc.log_odds import Numbers

# As builds have it.
RULE = Rule(judges_bounds=False)
BASELINE = RULE.baseline_weeks


def watch(
    world: World,
    h: tuple[float, float] = (thresholds.WATCH, thresholds.WATCH),
    rho_and_phi: tuple[ArrayLike, ArrayLike] | None = None,
    has_peers: bool = True,
) -> Decisions:
    """Decide on a world. h: the thresholds of concern and improvement.

    rho_and_phi: without them, what its trust says of each series every week. has_peers: whether what the rest of the
    trust does is expected of a service; not where x is its part of the trust's comments.
    """
    rho, phi = rho_and_phi or (None, 0.0)
    return decide(
        world.x, world.n, peers=world.trust if has_peers else None, by_source=world.by_source, paused=world.paused,
        h_concern=h[0], h_improvement=h[1], odds_ratio=None, rho=rho, phi=phi, boards=world.trust, rule=RULE,
    )  # fmt: skip


def first_alike(world: World) -> tuple[Numbers, Numbers]:
    """Return rho and phi of each series, estimated over its trust in the weeks of the first baseline."""
    used = ~world.paused & (np.arange(world.n.shape[1]) < BASELINE)
    return dispersion.estimate(world.x, world.n, used, world.trust)


def told(decisions: Decisions, h: Mapping[Side, ArrayLike]) -> Episodes:
    """Return the alerts: episodes whose evidence reaches `h` while they are open, from the week in which it does.

    h: one for all series and weeks, or of (series, weeks).
    """
    on_page = Episodes.of(decisions)
    opened = np.full(len(on_page.series), -1)
    limits = {side: np.broadcast_to(np.asarray(limit), decisions.n.shape) for side, limit in h.items()}
    for place, episode in enumerate(decisions.episodes):
        weeks = np.s_[episode.series, episode.opened : on_page.closed[place]]
        reached = decisions.strength[episode.side][weeks] >= limits[episode.side][weeks]
        if reached.any():
            opened[place] = episode.opened + int(reached.argmax())
    return replace(on_page, opened=opened).only(opened >= 0)
