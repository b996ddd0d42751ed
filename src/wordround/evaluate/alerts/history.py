"""A trust's own weeks, replayed: their order is drawn anew, so that no change is left in them but what is put there.

Blocks of neighbouring weeks are drawn, the same ones for all services, so that what is common to them, and what is
alike from one week to the next, stays. Weeks in which the rule found an episode are left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from wordround.errors import SeriesUnusable
from wordround.evaluate.agreement import Figures
from wordround.evaluate.alerts.bench import Bench, Cell
from wordround.evaluate.alerts.cells import CHANGES, RULE
from wordround.evaluate.alerts.scoring import Episodes, Rate, delay, false_rate
from wordround.evaluate.alerts.watching import watch
from wordround.evaluate.alerts.worlds import (
    CHANGED_SERVICES,
    FIRST_ONSET,
    LAST_ONSET,
    TRUST_SERVICES,
    WEEKS,
    Chance,
    World,
)
from wordround.published.database import published_file
from wordround.spc.baseline import Rule
from wordround.spc.checks import COUNTS, check_counts
from wordround.spc.log_odds import Flags, Numbers, logit, share_of, usual_share
from wordround.spc.series import read_series

BLOCK_WEEKS = 4
# The first baseline and the weeks that decisions stay away from.
LEAST_WEEKS = Rule().baseline_weeks + Rule().gap_weeks

_WEEKS = """
select
    service_weeks.service_id,
    service_weeks.week_date,
    service_weeks.negative_count,
    service_weeks.comment_count - service_weeks.without_sentiment_count as comment_count
from marts.fct_service_weeks as service_weeks
inner join marts.dim_weeks as weeks on service_weeks.week_date = weeks.week_date
where weeks.is_complete
order by service_weeks.service_id, service_weeks.week_date
"""


class Replayed(Figures):
    """A trust's own weeks: their size, the episodes in them as they are, and the cells of their replays."""

    services: int
    weeks: int
    comments_a_week: float
    as_they_are: Rate
    cells: list[Cell]


@dataclass(frozen=True)
class History:
    """Negative comments x of n, (services, weeks) from the first to the last week of any service; 0 of 0: none."""

    x: Numbers
    n: Numbers

    @property
    def world(self) -> World:
        """All of it, as one trust."""
        series, weeks = self.n.shape
        nothing = np.zeros((series, weeks), dtype=bool)
        return World(self.x, self.n, np.zeros(series, dtype=np.int64), np.full(series, weeks), nothing)


def replayed(bench: Bench, history: History) -> Replayed:
    """Score the rule on replays of a history: nothing put in, and changes of the odds as in the other worlds."""
    services, weeks = history.n.shape
    size = float(np.median(history.n.sum(axis=1) / np.maximum((history.n > 0).sum(axis=1), 1)))
    return Replayed(
        services=services, weeks=weeks, comments_a_week=size,
        as_they_are=false_rate(Episodes.of(watch(history.world)), history.world.trust),
        cells=list(_cells(bench, history, round(size))),
    )  # fmt: skip


def _cells(bench: Bench, history: History, n: int) -> Iterator[Cell]:
    trusts = max(1, bench.series // len(history.n))
    quiet = replay(history, bench.chance("history"), trusts)
    about = {"part": "history", "world": "replayed", "n": n, "way": RULE}
    yield Cell(**about, false=false_rate(Episodes.of(watch(quiet)), quiet.trust))
    for change, (before, after) in CHANGES.items():
        odds = float(np.exp(logit(after) - logit(before)))
        changed = replay(history, bench.chance("history", change), trusts, odds)
        yield Cell(**about, change=change, found=delay(Episodes.of(watch(changed)), changed.onset, after > before))


def read_history(path: Path) -> History:
    """Read the weeks of a home, of a published warehouse (.duckdb), or of a table with facet, date and counts.

    Services with fewer than `LEAST_WEEKS` weeks of comments are left out. Raises NothingPublished,
    PublicationUnusable, FileUnreadable, UnexpectedColumns, SeriesUnusable.
    """
    if path.is_dir() or path.suffix == ".duckdb":
        table = _of_warehouse(path / "published" / "wordround.duckdb" if path.is_dir() else path)
    else:
        table = _of_table(path)
    x, n = (table.pivot(index="week", columns="service", values=name).sort_index() for name in ("x", "n"))
    whole = x.index.to_series().diff().dropna()
    if len(whole) and (whole % 7 != 0).any():
        raise SeriesUnusable(f"{path.name}: its dates are not whole weeks apart. Give one row a week, by its Monday.")
    every = range(int(x.index.min()), int(x.index.max()) + 1, 7) if len(x) else range(0)
    counts = [each.reindex(every).fillna(0.0).to_numpy(dtype=float).T for each in (x, n)]
    enough = (counts[1] > 0).sum(axis=1) >= LEAST_WEEKS
    if not enough.any():
        raise SeriesUnusable(
            f"{path.name}: no service has comments in {LEAST_WEEKS} weeks or more, so there is nothing to replay."
        )
    return History(counts[0][enough], counts[1][enough])


def _of_warehouse(path: Path) -> pd.DataFrame:
    with published_file(path) as connection:
        rows = connection.execute(_WEEKS).fetchall()
    return _table((service, day.toordinal(), x, n) for service, day, x, n in rows)


def _of_table(path: Path) -> pd.DataFrame:
    series = read_series(path, "date", COUNTS, needs_facet=True)
    check_counts(path.name, series)
    return _table(
        (each.facet, day.toordinal(), x, n)
        for each in series
        for day, x, n in zip(each.dates, *(np.nan_to_num(each.values[name]) for name in COUNTS), strict=True)
    )


def _table(rows: Iterable[tuple[str, int, float, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["service", "week", "x", "n"])


def replay(history: History, chance: Chance, trusts: int, odds: float | None = None) -> World:
    """Return so many replays. odds: what the odds of a negative comment are multiplied by, in one service of ten."""
    usual = _without_episodes(history)
    parts = [_drawn(usual, chance) for _ in range(trusts)]
    x, n = (np.concatenate([part[place] for part in parts]) for place in (0, 1))
    services = len(usual.n)
    onset = np.full((trusts, services), WEEKS)
    if odds is not None:
        changed = max(1, services * CHANGED_SERVICES // TRUST_SERVICES)
        for replayed in range(trusts):
            those = chance.choice(services, changed, replace=False)
            onset[replayed, those] = chance.integers(FIRST_ONSET, LAST_ONSET, changed, endpoint=True)
        x = _changed(x, n, onset.ravel(), odds, chance)
    return World(x, n, np.repeat(np.arange(trusts), services), onset.ravel(), np.zeros(n.shape, dtype=bool))


def _without_episodes(history: History) -> History:
    decisions = watch(history.world)
    x, n = history.x.copy(), history.n.copy()
    for episode in decisions.episodes:
        those = np.s_[episode.series, episode.since : n.shape[1] if episode.closed is None else episode.closed + 1]
        x[those], n[those] = 0, 0
    return History(x, n)


def _drawn(history: History, chance: Chance) -> tuple[Numbers, Numbers]:
    last = history.n.shape[1] - BLOCK_WEEKS
    begins = chance.integers(0, last, -(-WEEKS // BLOCK_WEEKS), endpoint=True)
    weeks = (begins[:, None] + np.arange(BLOCK_WEEKS)).ravel()[:WEEKS]
    return history.x[:, weeks], history.n[:, weeks]


def _changed(x: Numbers, n: Numbers, onset: Numbers, odds: float, chance: Chance) -> Numbers:
    """Turn comments over, each by the same chance, so that the odds of a negative one are so many times what they were.

    The share that changes is that of the series before; a comment is turned to negative, or (odds below 1) from it.
    """
    is_after: Flags = np.arange(x.shape[1]) >= onset[:, None]
    before = usual_share(np.where(is_after, 0, x).sum(axis=1), np.where(is_after, 0, n).sum(axis=1))[:, None]
    after = share_of(logit(before) + np.log(odds))
    if odds >= 1:
        turned = x + chance.binomial((n - x).astype(np.int64), np.clip((after - before) / (1 - before), 0, 1))
    else:
        turned = chance.binomial(x.astype(np.int64), np.clip(after / before, 0, 1)).astype(float)
    changed: Numbers = np.where(is_after, turned, x)
    return changed
