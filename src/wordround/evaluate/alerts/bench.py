"""What is measured with: worlds by name, from a seed and of a size, and the cell that holds what came of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from wordround.evaluate.agreement import Figures, Share
from wordround.evaluate.alerts import worlds
from wordround.evaluate.alerts.scoring import Delay, Rate
from wordround.evaluate.alerts.worlds import TRUST_SERVICES, Chance, Kind, Level, World

# Of the number of series in which nothing changes: the trusts with three services that change.
CHANGED_TRUSTS = 1 / 12

USUAL = "overdispersed"
CLASSIFIER = "a classifier with the errors of ours"
KINDS: dict[str, Kind] = {
    "binomial": Kind(rho=0.0),
    USUAL: Kind(),
    "neighbouring weeks alike, .3": Kind(phi=0.3),
    "neighbouring weeks alike, .6": Kind(phi=0.6),
    "a season of the trust": Kind(season=0.3),
    "a season of each service": Kind(season=0.3, season_of="service"),
    "bank holidays": Kind(has_holidays=True),
    "comments double each year": Kind(growth=2.0),
    "a source switched on": Kind(second_source="switched on", tells_sources=True),
    "a source switched on, sources not told apart": Kind(second_source="switched on"),
    "late files, known": Kind(second_source="always", is_late=True, knows_late=True),
    "late files, not known": Kind(second_source="always", is_late=True),
    "late files, not known, sources told apart": Kind(second_source="always", is_late=True, tells_sources=True),
}


class Cell(Figures):
    """One kind of world, one number of comments a week and one way of deciding, and what came of it.

    false: episodes a series-year that was watched, both sides, where nothing changes; found: the changes of this kind.
    watched: series that this way watches at all. withdrawn: issued episodes that the last build says nothing of.
    """

    part: str
    world: str
    n: int
    way: str
    change: str = ""
    false: Rate | None = None
    found: Delay | None = None
    watched: Share | None = None
    withdrawn: Share | None = None


@dataclass(frozen=True)
class Bench:
    """How much is simulated, from which seed."""

    series: int
    seed: int
    kinds: Mapping[str, Kind]

    def chance(self, *names: object) -> Chance:
        """The chance of one world: its own, so that it is the same whatever else is measured."""
        return np.random.default_rng([self.seed, crc32("|".join(map(str, names)).encode())])

    def trusts(self, level: Level) -> int:
        """So many trusts: with a change there are more, because few of their services have one."""
        return max(1, self.series // TRUST_SERVICES if level.changed is None else round(self.series * CHANGED_TRUSTS))

    def world(self, name: str, level: Level, fewer: int = 1) -> World:
        """The world of this name and level, of one of `fewer` parts of the usual number of trusts."""
        chance = self.chance(name, level.n, level.share, level.changed)
        return worlds.simulate(self.kinds[name], level, chance, max(1, self.trusts(level) // fewer))
