"""Whole boards: services, their themes, and totals over services, watched together under one budget of false alerts."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from wordround.evaluate.alerts.scoring import Episodes
from wordround.evaluate.alerts.watching import BASELINE, alike, odds_ratios
from wordround.evaluate.alerts.worlds import WEEKS, Chance, weekly_shares
from wordround.spc import thresholds
from wordround.spc.baseline import Rule
from wordround.spc.deciding import decide
from wordround.spc.log_odds import Numbers, Places, logit, share_of

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
    """Boards of one size: counts of (series, weeks); what each series is, its board, and the group of its peers."""

    x: Numbers
    n: Numbers
    level: Places
    board: Places
    peers: Places


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
    return Board(x_all, n_all, np.tile(level, boards), number, np.tile(group, boards) + number * (group.max() + 1))


def monitored(board: Board) -> int:
    """Return how many series of one board are really watched: those whose first baseline has comments enough."""
    enough = board.n[:, :BASELINE].sum(axis=1) >= Rule().minimum_baseline_comments
    return int(enough.sum()) // (int(board.board[-1]) + 1)


def _told(count: int, budget: float, on_page: Numbers) -> Numbers:
    return np.array([thresholds.alert_threshold(count, budget, least) for least in on_page])


def watch(board: Board, budget: float | None = None) -> Episodes:
    """Return what stands on the pages of boards ("watch"); with a budget of false alerts a year, what is told."""
    is_theme = board.level == SERVICE_THEME
    on_page = (
        np.where(is_theme, thresholds.WATCH_THEME_CONCERN, thresholds.WATCH),
        np.where(is_theme, thresholds.WATCH_THEME_IMPROVEMENT, thresholds.WATCH),
    )
    h = on_page if budget is None else [_told(monitored(board), budget, side) for side in on_page]
    used = np.broadcast_to(np.arange(board.n.shape[1]) < BASELINE, board.n.shape)
    # A board's services, its themes and its totals differ in how alike their comments are.
    rho, phi = alike(board.x, board.n, used, board.board * 4 + board.level)
    totals = board.level >= THEME_TOTAL
    return Episodes.of(
        decide(
            board.x, board.n, peers=board.peers, h_concern=h[0], h_improvement=h[1],
            odds_ratio=odds_ratios(board.x, board.n, totals), rho=rho, phi=phi,
        )
    )  # fmt: skip
