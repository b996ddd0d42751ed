"""The rule that decides, on a whole board: every service, each of its themes, each trust, and each theme over a trust.

Pure: tables of counts in, a row for each series and week out. dbt calls it within the build
(dbt/models/intermediate/int_decisions_made.py), so that what is published holds the decisions of that same build. The
rule itself is `spc.deciding`; nothing of a later week is used for an earlier one, so that a build from the start gives
the same episodes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import md5

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wordround.spc import thresholds
from wordround.spc.baseline import Rule
from wordround.spc.deciding import SIDES, Decisions, decide
from wordround.spc.log_odds import Flags, Numbers, Places

SCHEMA = pa.schema(
    [
        ("series_id", pa.string()), ("series_code", pa.string()), ("trust_code", pa.string()),
        ("service_id", pa.string()), ("theme_code", pa.string()), ("week_date", pa.date32()),
        ("comment_count", pa.int32()), ("negative_count", pa.int32()), ("usual_share", pa.float64()),
        ("expected_share", pa.float64()),
        ("baseline_comment_count", pa.int32()), ("baseline_week_count", pa.int32()),
        ("not_monitored_reason", pa.string()), ("monitored_series_count", pa.int32()),
        ("mean_week_comments", pa.float64()), ("weeks_to_find", pa.int32()),
        *(
            (f"{side}_{name}", kind)
            for side in SIDES
            for name, kind in (
                ("threshold", pa.float64()), ("alert_threshold", pa.float64()), ("evidence", pa.float64()),
                ("is_open", pa.bool_()), ("since_week_date", pa.date32()),
                ("opening_negative_count", pa.int32()), ("opening_comment_count", pa.int32()),
            )
        ),
    ]
)  # fmt: skip

_RULE = Rule(judges_bounds=False)
# A total starts anew where at least so many of its services do.
_MOST_SERVICES = 0.5


@dataclass(frozen=True)
class Counts:
    """What is decided on.

    comments: service_id, week_date, source_code, comment_count, negative_count; a row where there are any.
    themes: service_id, theme_code, week_date, source_code, negative_count, likewise. weeks: service_id, trust_code,
    week_date, a row for every week of a service. theme_codes: those that are watched. rebases: service_id, rebase_date.
    """

    comments: pa.Table
    themes: pa.Table
    weeks: pa.Table
    theme_codes: tuple[str, ...]
    rebases: pa.Table


def decisions(counts: Counts, false_alerts_per_year: float) -> pa.Table:
    """Return what is decided, a row for each series and week from its first on, as SCHEMA says.

    The figures of an opening stand in the row of the week in which an episode opens: `*_since_week_date`, and the
    comments from then on. `*_evidence` goes on while an episode is open. An alert asks for evidence that follows from
    the series that are monitored in that week, `*_alert_threshold`, so that the whole board has one budget.
    """
    if not counts.weeks.num_rows:
        return SCHEMA.empty_table()
    board = _Board(counts)
    decided = [(each, each.decided()) for each in board.groups()]
    monitored = sum((~np.isnan(made.expected_share)).sum(axis=0) for _, made in decided)
    alert = np.array([thresholds.alert_threshold(int(each), false_alerts_per_year) for each in monitored])
    return pa.concat_tables([_rows(board, group, made, monitored, alert) for group, made in decided])


def series_id(series_code: str, *names: str | None) -> str:
    """Return the id of a series: the same in every build."""
    return md5("|".join([series_code, *(name or "" for name in names)]).encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class _Group:
    """Series of one kind: x and n by (sources, series, weeks)."""

    series_code: str
    names: list[tuple[str, str | None, str | None]]  # trust, service, theme
    x: Numbers
    n: Numbers
    first: Places
    rebase: Flags
    peers: Places | None
    watch: tuple[float, float]
    # The trust of each series, where trusts have many; the totals of all trusts tell together how alike comments are.
    boards: Places | int = 0

    def decided(self) -> Decisions:
        """Apply the rule."""
        return decide(
            self.x.sum(axis=0), self.n.sum(axis=0), by_source=(self.x, self.n), first_week=self.first,
            rebase=self.rebase, peers=self.peers, h_concern=self.watch[0], h_improvement=self.watch[1],
            odds_ratio=None, is_total=self.peers is None, rho=None, boards=self.boards, rule=_RULE,
        )  # fmt: skip


class _Board:
    """The counts as arrays."""

    def __init__(self, counts: Counts) -> None:
        trust_of = dict(zip(*(counts.weeks[name].to_pylist() for name in ("service_id", "trust_code")), strict=True))
        weeks = counts.weeks["week_date"].to_pylist()
        self.first_day, self.count = min(weeks), (max(weeks) - min(weeks)).days // 7 + 1
        self.services, self.themes = sorted(trust_of), list(counts.theme_codes)
        self.trusts = sorted(set(trust_of.values()))
        self.trust = np.array([self.trusts.index(trust_of[each]) for each in self.services])
        service = _places(counts.weeks["service_id"], self.services)
        self.first = np.full(len(self.services), self.count)
        np.minimum.at(self.first, service, self._weeks(counts.weeks["week_date"]))
        sources = sorted(set(counts.comments["source_code"].to_pylist())) or [""]
        shape = (len(sources), len(self.services), self.count)
        self.x, self.n = np.zeros(shape), np.zeros(shape)
        where = self._where(counts.comments, sources)
        np.add.at(self.x, where, counts.comments["negative_count"].to_numpy())
        np.add.at(self.n, where, counts.comments["comment_count"].to_numpy())
        self.theme_x = np.zeros((len(sources), len(self.services), len(self.themes), self.count))
        source, service, week = self._where(counts.themes, sources)
        theme = _places(counts.themes["theme_code"], self.themes)
        np.add.at(self.theme_x, (source, service, theme, week), counts.themes["negative_count"].to_numpy())
        self.rebase = np.zeros(shape[1:], dtype=bool)
        self._mark_rebases(counts.rebases)

    def day(self, week: int) -> np.datetime64:
        """Return the Monday of a week."""
        return np.datetime64(self.first_day) + np.timedelta64(7 * week, "D")

    def groups(self) -> Iterator[_Group]:
        """Yield the series of each kind."""
        names = [self.trusts[each] for each in self.trust]
        usual, less = (thresholds.WATCH,) * 2, (thresholds.WATCH_THEME_CONCERN, thresholds.WATCH_THEME_IMPROVEMENT)
        yield _Group(
            "service", [(trust, service, None) for trust, service in zip(names, self.services, strict=True)],
            self.x, self.n, self.first, self.rebase, self.trust, usual, self.trust,
        )  # fmt: skip
        many = len(self.themes)
        if many:
            yield _Group(
                "service_theme",
                [(trust, one, theme) for trust, one in zip(names, self.services, strict=True) for theme in self.themes],
                self.theme_x.reshape(len(self.x), -1, self.count), np.repeat(self.n, many, axis=1),
                np.repeat(self.first, many), np.repeat(self.rebase, many, axis=0),
                np.repeat(self.trust, many) * many + np.tile(np.arange(many), len(self.services)), less,
                np.repeat(self.trust, many),
            )  # fmt: skip
        n = self._of_trusts(self.n)
        first = np.array([self.first[self.trust == each].min() for each in range(len(self.trusts))])
        rebase = np.array([self._is_rebased(self.trust == each) for each in range(len(self.trusts))])
        yield _Group(
            "trust",
            [(each, None, None) for each in self.trusts],
            self._of_trusts(self.x),
            n,
            first,
            rebase,
            None,
            usual,
        )
        if many:
            yield _Group(
                "trust_theme", [(trust, None, theme) for trust in self.trusts for theme in self.themes],
                self._of_trusts(self.theme_x).reshape(len(self.x), -1, self.count), np.repeat(n, many, axis=1),
                np.repeat(first, many), np.repeat(rebase, many, axis=0), None, less,
            )  # fmt: skip

    def _of_trusts(self, counts: Numbers) -> Numbers:
        return np.stack([counts[:, self.trust == each].sum(axis=1) for each in range(len(self.trusts))], axis=1)

    def _is_rebased(self, services: Flags) -> Flags:
        there = self.first[services][:, None] <= np.arange(self.count)
        rebased: Flags = self.rebase[services].sum(axis=0) >= np.maximum(1, _MOST_SERVICES * there.sum(axis=0))
        return rebased

    def _mark_rebases(self, rebases: pa.Table) -> None:
        known = {service: place for place, service in enumerate(self.services)}
        for service, day in zip(*(rebases[name].to_pylist() for name in ("service_id", "rebase_date")), strict=True):
            week, rest = divmod((day - self.first_day).days, 7)
            place = known.get(service)
            # A date that is no week of the service is named beside its chart.
            if place is not None and rest == 0 and self.first[place] <= week < self.count:
                self.rebase[place, week] = True

    def _weeks(self, days: pa.ChunkedArray) -> Places:
        weeks: Places = (days.to_numpy() - np.datetime64(self.first_day)).astype("timedelta64[D]").astype(np.int64) // 7
        return weeks

    def _where(self, table: pa.Table, sources: list[str]) -> tuple[Places, Places, Places]:
        return (
            _places(table["source_code"], sources),
            _places(table["service_id"], self.services),
            self._weeks(table["week_date"]),
        )


def _places(names: pa.ChunkedArray, known: list[str]) -> Places:
    """Return where each name stands among those that are known; they are sorted or few."""
    if not len(names):
        return np.zeros(0, dtype=np.int64)
    found = pc.index_in(names, value_set=pa.array(known))
    if found.null_count:
        raise ValueError(f"{found.null_count} rows name a service, theme or source that is not on the board")
    places: Places = found.to_numpy().astype(np.int64)
    return places


def _rows(board: _Board, group: _Group, decided: Decisions, monitored: Places, alert: Numbers) -> pa.Table:
    """One row for each series and week from its first on."""
    series, week = np.nonzero(np.arange(board.count) >= group.first[:, None])
    days = np.array([board.day(each) for each in range(board.count)])
    # A service is the same one under another trust.
    ids = pa.array([series_id(group.series_code, *(names[1:] if names[1] else names)) for names in group.names])
    names = [pa.array([each[part] for each in group.names], pa.string()) for part in range(3)]
    share = decided.expected_share[series, week]
    usual = decided.comments_a_week()[series, week]
    columns: dict[str, object] = {
        "series_id": ids.take(pa.array(series)),
        "series_code": pa.array([group.series_code]).take(pa.array(np.zeros(len(series), dtype=np.int64))),
        **{name: each.take(pa.array(series)) for name, each in zip(_NAMES, names, strict=True)},
        "week_date": days[week],
        "comment_count": decided.n[series, week],
        "negative_count": decided.x[series, week],
        "usual_share": pa.array(decided.usual_share[series, week], mask=np.isnan(share)),
        "expected_share": pa.array(share, mask=np.isnan(share)),
        "baseline_comment_count": decided.baseline_comments[series, week],
        "baseline_week_count": np.maximum(decided.weeks_known[series, week], 0),
        "not_monitored_reason": [
            decided.not_monitored_reason(one, when) if np.isnan(each) else None
            for one, when, each in zip(series.tolist(), week.tolist(), share.tolist(), strict=True)
        ],
        "monitored_series_count": monitored[week],
        "mean_week_comments": usual,
        "weeks_to_find": pa.array(thresholds.weeks_to_find(usual), mask=np.isnan(share)),
    }
    for side, watch in zip(SIDES, group.watch, strict=True):
        columns |= {
            f"{side}_threshold": np.full(len(series), watch),
            # As much more as is asked of it to stand on the page.
            f"{side}_alert_threshold": alert[week] + watch - group.watch[0],
            f"{side}_evidence": decided.strength[side][series, week],
            f"{side}_is_open": decided.is_open[side][series, week],
        }
        opened = {(each.series, each.opened): each for each in decided.episodes if each.side == side}
        here = [opened.get(place) for place in zip(series.tolist(), week.tolist(), strict=True)]
        columns |= {
            f"{side}_since_week_date": [None if each is None else _date(days[each.since]) for each in here],
            f"{side}_opening_negative_count": [None if each is None else int(each.x) for each in here],
            f"{side}_opening_comment_count": [None if each is None else int(each.n) for each in here],
        }
    arrays = [pa.array(columns[each.name]).cast(each.type) for each in SCHEMA]
    return pa.table(arrays, schema=SCHEMA)


_NAMES = ("trust_code", "service_id", "theme_code")


def _date(day: np.datetime64) -> date:
    found: date = day.astype("datetime64[D]").item()
    return found
