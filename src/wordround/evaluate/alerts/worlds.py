"""Worlds of which the truth is known: weekly counts of services in which nothing changes, or in which a few change.

Services stand in trusts of 20, because the rule expects of a service what the rest of its trust does. The same chance
gives the same world. A world without a change is wrong to alert on, whatever else happens in it.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.special import betaincinv, ndtr

from wordround.spc.log_odds import Flags, Numbers, Places, logit, share_of

# 24 of a baseline, and two years that are watched.
WEEKS = 128
YEAR = 52
TRUST_SERVICES = 20
# A few services change, each in its own week: what the others do is then no change of the trust.
CHANGED_SERVICES = 3
FIRST_ONSET, LAST_ONSET = 36, 72
# The weeks of a year with a bank holiday, counted from New Year, and what is left of their comments.
HOLIDAYS = (0, 15, 16, 18, 21, 34, 51)
HOLIDAY_VOLUME = 1 / 3
# A second source brings half as many comments again, with three times the odds of a negative one: half of them where a
# quarter was.
SECOND_SOURCE = 0.5
SECOND_SOURCE_ODDS = 3.0
# So many of the services get it, one after another, within these weeks.
SWITCHED_ON_AT, SWITCHED_ON = 0.5, (48, 72)
# A month's file of the main source comes late about three times in two years.
LATE_WEEKS, LATE_SHARE = 4, 1 / 8
# Volume: the standard deviation of a service's weeks, as a share of their mean, beyond chance.
VOLUME_SPREAD = 0.2

Chance = np.random.Generator


@dataclass(frozen=True)
class Kind:
    """What happens in a world beside a change of a service.

    rho: how alike the comments of one week are; phi: how alike neighbouring weeks are; season: log-odds by which a
    yearly wave rises and falls; growth: by how much comments multiply in a year; recall and false_alarms: what the
    classifier calls negative of the negative comments, and of the others.
    """

    rho: float = 0.02
    phi: float = 0.0
    season: float = 0.0
    season_of: Literal["trust", "service"] = "trust"
    has_holidays: bool = False
    growth: float = 1.0
    second_source: Literal["none", "always", "switched on"] = "none"
    is_late: bool = False
    knows_late: bool = False
    tells_sources: bool = False
    recall: float = 1.0
    false_alarms: float = 0.0


@dataclass(frozen=True)
class World:
    """Counts, and the truth about them. Arrays of (series, weeks), but for one value a series in `trust` and `onset`.

    onset: the first week of a change, or the number of weeks where nothing changes. by_source: x and n as (sources,
    series, weeks), where the sources are told.
    """

    x: Numbers
    n: Numbers
    trust: Places
    onset: Places
    paused: Flags
    by_source: tuple[Numbers, Numbers] | None = None

    def changed(self) -> "World":
        """Only the series in which something changes, for ways that look at nothing else."""
        return self._part(np.s_[self.onset < self.n.shape[1], :])

    def until(self, week: int) -> "World":
        """The weeks up to this one, itself included."""
        return self._part(np.s_[:, : week + 1])

    def _part(self, those: tuple[Any, Any]) -> "World":
        sources = None if self.by_source is None else tuple(each[:, those[0], those[1]] for each in self.by_source)
        x, n, paused = (each[those] for each in (self.x, self.n, self.paused))
        onset, trust = self.onset[those[0]], self.trust[those[0]]
        return World(x, n, trust, onset, paused, None if sources is None else (sources[0], sources[1]))


@dataclass(frozen=True)
class Level:
    """So many comments a week, such a share of them, and what becomes of it where something changes."""

    n: float
    share: float = 0.25
    changed: float | None = None

    @property
    def log_odds(self) -> float:
        """By how much the log-odds move."""
        return 0.0 if self.changed is None else float(logit(self.changed) - logit(self.share))


def simulate(kind: Kind, level: Level, chance: Chance, trusts: int, weeks: int = WEEKS) -> World:
    """Return the world of so many trusts of `TRUST_SERVICES` services."""
    series = trusts * TRUST_SERVICES
    trust = np.repeat(np.arange(trusts), TRUST_SERVICES)
    week = np.arange(weeks)
    onset = _onset(level, chance, trusts, weeks)
    log_odds = logit(level.share) + _season(kind, chance, trust, week)
    log_odds = log_odds + np.where(week >= onset[:, None], level.log_odds, 0.0)
    volume = np.broadcast_to(level.n * _volume(kind, week), (series, weeks))
    late = _late(kind, chance, series, weeks)
    parts = [_counts(kind, chance, np.where(late, 0.0, volume), log_odds)]
    if kind.second_source != "none":
        is_there = week >= _begin(kind, chance, series, weeks)[:, None]
        second = np.where(is_there, SECOND_SOURCE * volume, 0.0)
        parts.append(_counts(kind, chance, second, log_odds + np.log(SECOND_SOURCE_ODDS)))
    x, n = (np.stack([part[place] for part in parts]) for place in (0, 1))
    paused = late if kind.knows_late else np.zeros((series, weeks), dtype=bool)
    return World(x.sum(axis=0), n.sum(axis=0), trust, onset, paused, (x, n) if kind.tells_sources else None)


def simulate_voices(
    level: Level, chance: Chance, trusts: int, fades_to: float | None = None, *, has_holidays: bool = True
) -> World:
    """Return a world of volumes: x are a service's comments of all n of its trust.

    Holidays are everybody's; from week to week a service's volume varies by `VOLUME_SPREAD` beside. fades_to: what is
    left of the comments of those that change.
    """
    week = np.arange(WEEKS)
    onset = _onset(Level(level.n, changed=level.share) if fades_to is not None else level, chance, trusts, WEEKS)
    own = chance.gamma(1 / VOLUME_SPREAD**2, VOLUME_SPREAD**2, (len(onset), WEEKS))
    left = np.where(week >= onset[:, None], 1.0 if fades_to is None else fades_to, 1.0)
    x = chance.poisson(level.n * _volume(Kind(has_holidays=has_holidays), week) * own * left).astype(float)
    trust = np.repeat(np.arange(trusts), TRUST_SERVICES)
    total = x.reshape(trusts, TRUST_SERVICES, WEEKS).sum(axis=1)[trust]
    return World(x, total, trust, onset, np.zeros(x.shape, dtype=bool))


def _onset(level: Level, chance: Chance, trusts: int, weeks: int) -> Places:
    onset = np.full((trusts, TRUST_SERVICES), weeks)
    if level.changed is not None:
        size = (trusts, CHANGED_SERVICES)
        onset[:, :CHANGED_SERVICES] = chance.integers(FIRST_ONSET, LAST_ONSET, size, endpoint=True)
    return onset.ravel()


def _begin(kind: Kind, chance: Chance, series: int, weeks: int) -> Places:
    """The first week of the second source at each service; beyond all weeks where it never comes."""
    if kind.second_source == "always":
        return np.zeros(series, dtype=np.int64)
    begin: Places = chance.integers(*SWITCHED_ON, series, endpoint=True)
    return np.where(chance.random(series) < SWITCHED_ON_AT, begin, weeks)


def _season(kind: Kind, chance: Chance, trust: Places, week: Places) -> Numbers:
    """A wave with the period of a year; it begins anywhere."""
    groups = trust if kind.season_of == "trust" else np.arange(len(trust))
    begin = chance.uniform(0, 2 * np.pi, groups[-1] + 1)[groups]
    wave: Numbers = kind.season * np.sin(2 * np.pi * week / YEAR + begin[:, None])
    return wave


def _volume(kind: Kind, week: Places) -> Numbers:
    volume: Numbers = kind.growth ** (week / YEAR)
    return np.where(np.isin(week % YEAR, HOLIDAYS), HOLIDAY_VOLUME, 1.0) * volume if kind.has_holidays else volume


def _late(kind: Kind, chance: Chance, series: int, weeks: int) -> Flags:
    """The weeks of which the file of the main source has not arrived; the baseline of everybody is whole."""
    months = -(-weeks // LATE_WEEKS)
    late = np.repeat(chance.random((series, months)) < (LATE_SHARE if kind.is_late else 0), LATE_WEEKS, axis=1)
    late = late[:, :weeks]
    late[:, :FIRST_ONSET] = False
    return late


def _counts(kind: Kind, chance: Chance, volume: Numbers, log_odds: Numbers) -> tuple[Numbers, Numbers]:
    n = chance.poisson(volume)
    negative = chance.binomial(n, weekly_shares(share_of(log_odds), kind.rho, kind.phi, chance))
    if kind.recall < 1 or kind.false_alarms > 0:
        negative = chance.binomial(negative, kind.recall) + chance.binomial(n - negative, kind.false_alarms)
    return negative.astype(float), n.astype(float)


def weekly_shares(mean: Numbers, rho: float, phi: float, chance: Chance) -> Numbers:
    """Return a share for each week: of a beta distribution, so that comments of one week are alike by rho.

    Neighbouring weeks correlate by phi: a normal AR(1), of which the beta distribution takes the ranks.
    """
    if rho == 0:
        return mean
    a, b = (part * (1 - rho) / rho for part in (mean, 1 - mean))
    if phi == 0:
        drawn: Numbers = chance.beta(a, b)
        return drawn
    noise = chance.standard_normal(mean.shape)
    for week in range(1, mean.shape[1]):
        noise[:, week] = phi * noise[:, week - 1] + np.sqrt(1 - phi**2) * noise[:, week]
    ranked: Numbers = betaincinv(a, b, ndtr(noise))
    return ranked
