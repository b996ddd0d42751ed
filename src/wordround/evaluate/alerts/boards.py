"""Whole boards: services, their themes, and totals over services, watched together under one budget of false alerts."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from wordround.evaluate.alerts.scoring import Episodes
from wordround.evaluate.alerts.watching import RULE, told
from wordround.evaluate.alerts.worlds import WEEKS, Chance, weekly_shares
from wordround.spc import thresholds
from wordround.spc.deciding import Decisions, Side, decide
from wordround.spc.log_odds import Flags, Numbers, Places, logit, share_of

RHO = 0.02
NEGATIVE_SHARE = 0.25
# Comments a week of the smallest and the largest service, and of the negative comments the share that names the
# commonest and the rarest theme; those between at equal steps of their logarithms.
SMALLEST, LARGEST = 8.0, 100.0
COMMONEST, RAREST = 0.5, 0.02

SERVICE, SERVICE_THEME, THEME_TOTAL, TRUST_TOTAL = range(4)
# Where a theme rises in all services of a trust.
RISE_WEEK = 60
RISE_ODDS = 1.5


class Size(NamedTuple):
    """Services and themes."""

    services: int
    themes: int

    @property
    def series(self) -> int:
        """All that is watched of such a board."""
        return (self.services + 1) * (self.themes + 1)


@dataclass(frozen=True)
class Board:
    """Boards of one size: counts of (series, weeks); what each series is, its board, and the group of its peers.

    whole: the series of which each is a part (a theme's service, a total theme's trust), or -1.
    """

    x: Numbers
    n: Numbers
    level: Places
    board: Places
    peers: Places
    whole: Places


def simulate(size: Size, chance: Chance, boards: int, weeks: int = WEEKS) -> Board:
    """Return boards in which nothing changes. A service's themes are of its negative comments, so they move with it."""
    steps = np.linspace(0, 1, size.services)
    mean = SMALLEST * (LARGEST / SMALLEST) ** steps
    n = chance.poisson(mean[:, None], (boards, size.services, weeks))
    x = chance.binomial(n, _alike(NEGATIVE_SHARE, n.shape, chance))
    named = COMMONEST * (RAREST / COMMONEST) ** np.linspace(0, 1, size.themes)
    shape = (boards, size.services, size.themes, weeks)
    themes = chance.binomial(x[:, :, None], _alike(named[:, None], shape, chance))
    return _stacked(x, n, themes)


def simulate_rise(chance: Chance, boards: int, n: float, share: float) -> Board:
    """Return boards of 20 services and one theme of such a share, whose odds rise in all of them at `RISE_WEEK`."""
    after = share_of(logit(share) + np.log(RISE_ODDS))
    level = np.where(np.arange(WEEKS) >= RISE_WEEK, after, share)
    counts = chance.poisson(n, (boards, 20, WEEKS))
    themes = chance.binomial(counts, _alike(level, counts.shape, chance))
    x = np.maximum(chance.binomial(counts, NEGATIVE_SHARE), themes)
    return _stacked(x, counts, themes[:, :, None])


def _alike(mean: float | Numbers, shape: tuple[int, ...], chance: Chance) -> Numbers:
    return weekly_shares(np.broadcast_to(mean, shape), RHO, 0.0, chance)


def _stacked(x: Places, n: Places, themes: Places) -> Board:
    """Put each board's series below one another: services, their themes, totals of themes, the total of all."""
    boards, services, count, weeks = themes.shape
    total = n.sum(axis=1, keepdims=True)
    parts = [
        (x, n),
        (themes.reshape(boards, -1, weeks), np.repeat(n, count, axis=1)),
        (themes.sum(axis=1), np.repeat(total, count, axis=1)),
        (x.sum(axis=1, keepdims=True), total),
    ]
    level = np.repeat([SERVICE, SERVICE_THEME, THEME_TOTAL, TRUST_TOTAL], [services, services * count, count, 1])
    # Services are one group, so is each theme over services; a total has no peers, and is a group of its own.
    group = np.concatenate(
        [np.zeros(services), np.tile(np.arange(1, count + 1), services), np.arange(count + 1) + count + 1]
    ).astype(np.int64)
    stacked = [np.concatenate([part[place] for part in parts], axis=1).astype(float) for place in (0, 1)]
    x_all, n_all = (each.reshape(-1, weeks) for each in stacked)
    number = np.repeat(np.arange(boards), len(level))
    peers = np.tile(group, boards) + number * (group.max() + 1)
    service_of_theme, trust = np.repeat(np.arange(services), count), len(level) - 1
    of = np.concatenate([np.full(services, -1), service_of_theme, np.full(count, trust), np.full(1, -1)])
    whole = np.tile(of, boards)
    return Board(
        x_all, n_all, np.tile(level, boards), number, peers, np.where(whole < 0, -1, whole + number * len(level))
    )


@dataclass(frozen=True)
class Watched:
    """What stands on the pages of boards, what is told of them, and what is asked in the last week of a board.

    alerts: all that have evidence enough; told: those that are no part of another episode when they have it.
    """

    on_page: Episodes
    alerts: Episodes
    told: Episodes
    monitored: int
    h: float


def watch(board: Board, budget: float) -> Watched:
    """Decide on boards as a build does: each kind of series for itself, and alerts under one budget a year."""
    parts = [_decided(board, level) for level in range(len(_WATCH))]
    watched = np.zeros(board.n.shape, dtype=bool)
    for those, decided in parts:
        watched[those] = ~np.isnan(decided.expected_share)
    monitored = np.stack([np.bincount(board.board, week) for week in watched.T.astype(float)], axis=1)
    asked = {count: thresholds.alert_threshold(int(count), budget) for count in np.unique(monitored)}
    alert = np.vectorize(asked.__getitem__)(monitored)
    on_page, alerts = [], []
    for (those, decided), h in zip(parts, _WATCH, strict=True):
        limit = alert[board.board[those]]
        # As much more as is asked of the side to stand on the page.
        asks: dict[Side, ArrayLike] = {"concern": limit, "improvement": limit + h[1] - h[0]}
        on_page.append(_moved(Episodes.of(decided), those))
        alerts.append(_moved(told(decided, asks), those))
    page, enough = _joined(on_page, watched), _joined(alerts, watched)
    told_alone = _alone(board, page, enough, _since(parts))
    return Watched(page, enough, told_alone, int(monitored[0, -1]), float(alert[0, -1]))


_SERVICE_WATCH = thresholds.WATCH, thresholds.WATCH
_THEME_WATCH = thresholds.WATCH_THEME_CONCERN, thresholds.WATCH_THEME_IMPROVEMENT
# By level.
_WATCH = (_SERVICE_WATCH, _THEME_WATCH, _THEME_WATCH, _SERVICE_WATCH)


def _decided(board: Board, level: int) -> tuple[Places, Decisions]:
    those = np.flatnonzero(board.level == level)
    is_total = level >= THEME_TOTAL
    return those, decide(
        board.x[those], board.n[those], peers=None if is_total else board.peers[those], boards=board.board[those],
        h_concern=_WATCH[level][0], h_improvement=_WATCH[level][1], odds_ratio=None, is_total=is_total, rho=None,
        rule=RULE,
    )  # fmt: skip


Key = tuple[int, bool, int]


def _since(parts: list[tuple[Places, Decisions]]) -> dict[Key, int]:
    """The first week that counted, of each episode by its series, side and end."""
    return {
        (int(those[each.series]), each.side == "concern", decided.n.shape[1] if each.closed is None else each.closed):
        each.since for those, decided in parts for each in decided.episodes
    }  # fmt: skip


def _alone(board: Board, on_page: Episodes, alerts: Episodes, since: dict[Key, int]) -> Episodes:
    """Leave out what is a part of an episode that is known by then (marts/int_alerts_grouped.sql)."""
    wholes: dict[tuple[int, bool], list[tuple[int, int, int]]] = {}
    for series, side, opened, closed in on_page.rows():
        if board.level[series] in (SERVICE, TRUST_TOTAL):
            wholes.setdefault((series, side), []).append((since[series, side, closed], opened, closed))
    alone = np.array(
        [
            not any(
                begun <= closed and since[series, side, closed] <= ended and known <= opened
                for begun, known, ended in wholes.get((int(board.whole[series]), side), ())
            )
            for series, side, opened, closed in alerts.rows()
        ],
        dtype=bool,
    )
    return alerts.only(alone)


def _moved(episodes: Episodes, those: Places) -> Episodes:
    return replace(episodes, series=those[episodes.series])


def _joined(parts: list[Episodes], watched: Flags) -> Episodes:
    series, is_concern, opened, closed = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("series", "is_concern", "opened", "closed")
    )
    return Episodes(series, is_concern, opened, closed, watched)
