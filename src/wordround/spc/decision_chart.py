"""The rule that decides, on the series of a file: what it says of each week, and the episodes."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from wordround.errors import SeriesUnusable
from wordround.spc import dispersion
from wordround.spc.baseline import Rule
from wordround.spc.checks import COUNTS
from wordround.spc.deciding import SIDES, Decisions, Episode, decide
from wordround.spc.log_odds import Numbers, Places
from wordround.spc.options import DecisionOptions
from wordround.spc.series import Series

Row = dict[str, Any]
COLUMNS = (*COUNTS, "offset", "paused", "rebase")
_MOST_WEEKS = 5_200


def decisions(name: str, series: list[Series], options: DecisionOptions) -> tuple[list[Row], list[Row]]:
    """Return a row a point and the episodes; weeks in them are counted from the first of their series, which is 0.

    Weekly series have weeks without comments where dates are missing. In any other rhythm each row counts as a week.
    """
    places = [_places(name, each) for each in series]
    length = max(int(each[-1]) for each in places) + 1
    # All end together: what follows the last week of a series would be weeks without comments.
    first = np.array([length - 1 - each[-1] for each in places])
    table = {column: np.zeros((len(series), length)) for column in COLUMNS}
    for number, each in enumerate(series):
        for column in COLUMNS:
            table[column][number, first[number] + places[number]] = np.nan_to_num(each.values[column])
    rho, phi = _dispersion(table, first, options)
    decided = decide(
        table["numerator"], table["denominator"], offset=table["offset"], paused=table["paused"] == 1,
        rebase=table["rebase"] == 1, first_week=first, sides=options.sides, h_concern=options.h_concern,
        h_improvement=options.h_improvement, odds_ratio=options.odds_ratio, rho=rho, phi=phi,
        rule=Rule(**{key: getattr(options, key) for key in Rule.__dataclass_fields__ if hasattr(options, key)}),
    )  # fmt: skip
    rows = [
        _row(each, place, int(first[number] + week), number, decided)
        for number, each in enumerate(series)
        for place, week in enumerate(places[number])
    ]
    episodes = [
        _episode(episode, series[episode.series], places[episode.series], int(first[episode.series]))
        for episode in decided.episodes
    ]
    return rows, episodes


def _places(name: str, series: Series) -> Places:
    """The week of each point, from 0; where dates are not whole weeks apart, its place among the points."""
    days = np.array([(day - series.dates[0]).days for day in series.dates], dtype=np.int64)
    weeks = days // 7
    if weeks[-1] > _MOST_WEEKS:
        raise SeriesUnusable(
            f"{name}: row {series.rows[-1]}, column date: {series.dates[-1]} lies more than a hundred years after "
            f"{series.dates[0]}. Look at the dates."
        )
    return weeks if not (days % 7).any() else np.arange(len(days), dtype=np.int64)


def _dispersion(table: dict[str, Numbers], first: Places, options: DecisionOptions) -> tuple[Any, Any]:
    """rho and phi as given, else by what all series show in the weeks of their first baseline."""
    place = np.arange(table["paused"].shape[1]) - first[:, None]
    used = (place >= 0) & (place < options.baseline_weeks) & (table["paused"] == 0)
    rho, phi = dispersion.estimate(table["numerator"], table["denominator"], used)
    return (rho if options.rho is None else options.rho), (phi if options.phi is None else options.phi)


def _row(series: Series, place: int, week: int, number: int, decided: Decisions) -> Row:
    x, n = (series.values[name][place] for name in COUNTS)
    share = decided.expected_share[number, week]
    row: Row = {
        "facet": series.facet, "date": series.dates[place],
        "numerator": None if np.isnan(x) else float(x), "denominator": None if np.isnan(n) else float(n),
        "expected_share": None if np.isnan(share) else float(share),
    }  # fmt: skip
    row |= {f"evidence_{side}": float(decided.evidence[side][number, week]) for side in SIDES}
    row |= {f"is_open_{side}": bool(decided.is_open[side][number, week]) for side in SIDES}
    row |= {name: bool(series.values[name][place] == 1) for name in ("paused", "rebase")}
    return row | {"not_monitored_reason": decided.not_monitored_reason(number, week)}


def _episode(episode: Episode, series: Series, places: Places, first: int) -> Row:
    def when(week: int | None) -> tuple[int | None, date | None]:
        if week is None:
            return None, None
        own = week - first
        stands = np.flatnonzero(places == own)
        return own, series.dates[stands[0]] if len(stands) else series.dates[0] + timedelta(weeks=own)

    weeks = {name: when(getattr(episode, name)) for name in ("opened", "since", "closed", "rebase_proposed")}
    return {
        "facet": series.facet, "side": episode.side, "opened": weeks["opened"][0], "since": weeks["since"][0],
        "llr": episode.llr, "x": episode.x, "n": episode.n, "p0": episode.p0, "baseline_n": episode.baseline_n,
        "closed": weeks["closed"][0],
        **{f"{name}_date": day for name, (_, day) in weeks.items()},
    }  # fmt: skip
