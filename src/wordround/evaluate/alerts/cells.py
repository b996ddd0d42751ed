"""The cells that are decided in one go: the rule at its thresholds, in each kind of world, and beside its rivals."""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from wordround.evaluate.agreement import Figures, Share
from wordround.evaluate.alerts import boards
from wordround.evaluate.alerts.bench import USUAL, Bench, Cell
from wordround.evaluate.alerts.between import CHARTS, between
from wordround.evaluate.alerts.rivals import RIVALS
from wordround.evaluate.alerts.scoring import YEAR_WEEKS, Episodes, Rate, company, delay, false_rate
from wordround.evaluate.alerts.voices import fading
from wordround.evaluate.alerts.watching import BASELINE, told, watch
from wordround.evaluate.alerts.worlds import WEEKS, Level, World, simulate_voices
from wordround.settings import Alerts
from wordround.spc import thresholds
from wordround.spc.deciding import SIDES

RULE, THEME = "rule", "theme"
# Comments a week. Where a table has one or two: a service of the middle, and a small one.
VOLUMES = (5, 15, 40, 120)
SMALL, MIDDLE = 15, 40
CHANGES = {"25 to 45 %": (0.25, 0.45), "25 to 35 %": (0.25, 0.35), "45 to 25 %": (0.45, 0.25)}
LARGE_CHANGE = "25 to 45 %"
RARE = {"0.5 to 2 %": (0.005, 0.02)}
RARE_WEEKS = 13
# A theme that one comment in ten names.
RISE_N, RISE_SHARE = 30, 0.1
# Of the forms of the Friends and Family Test the share that says poor or very poor; there are more of them.
SCORES = {"6 to 12 %": (0.06, 0.12), "6 to 9 %": (0.06, 0.09)}
FADES = {"half are left": 0.5, "three quarters are left": 0.75}
# Of a voice: nothing changes, and what the rule of voices is to find.
VOICE_FADES = {"a third is left": 1 / 3, "half are left": 0.5}
VOICE_VOLUMES = (5, 15, 40)
# XmR charts are drawn in SQL: rivals are judged on a part of the series.
RIVALS_ON = 2
SIZES = (boards.Size(20, 12), boards.Size(40, 32))
# False alerts a year that a board accepts, unless its settings say otherwise.
BUDGET = float(Alerts.model_fields["false_alerts_per_year"].default)
# Boards of one size: one of so many series.
SERIES_A_BOARD = 200


class BoardCell(Figures):
    """False episodes of boards of one size, in which nothing changes.

    tier: all that stands on the page; those that are alerts; those of them that a digest tells for themselves.
    """

    services: int
    themes: int
    monitored: int
    tier: Literal["page", "alert", "told"]
    h: float
    a_year: Rate
    a_week: Rate


def ways() -> dict[str, tuple[float, float]]:
    """The thresholds of concern and improvement: on the page of a service, told of it on two boards; of its theme."""
    budgets = {f"told, board of {size.services} × {size.themes}": size.series for size in SIZES}
    alerts = {name: thresholds.alert_threshold(series, BUDGET) for name, series in budgets.items()}
    return (
        {RULE: (thresholds.WATCH, thresholds.WATCH)}
        | {name: (h, h) for name, h in alerts.items()}
        | {THEME: (thresholds.WATCH_THEME_CONCERN, thresholds.WATCH_THEME_IMPROVEMENT)}
    )


def levels(bench: Bench) -> Iterator[Cell]:
    """The rule by comments a week and threshold, in the usual world."""
    for n in VOLUMES:
        quiet = bench.world(USUAL, Level(n))
        for way, episodes in _by_way(quiet):
            yield Cell(part="levels", world=USUAL, n=n, way=way, false=false_rate(episodes, quiet.trust))
        for change, shares in CHANGES.items():
            changed = bench.world(USUAL, Level(n, *shares))
            for way, episodes in _by_way(changed):
                yield _found("levels", USUAL, n, way, change, episodes, changed)


def _by_way(world: World) -> Iterator[tuple[str, Episodes]]:
    service = watch(world)
    for way, h in ways().items():
        if way == RULE:
            yield way, Episodes.of(service)
        elif way == THEME:
            yield way, Episodes.of(watch(world, h))
        else:
            yield way, told(service, dict(zip(SIDES, h, strict=True)))


def kinds(bench: Bench) -> Iterator[Cell]:
    """The rule in each kind of world but the usual one."""
    for name in bench.kinds:
        if name == USUAL:
            continue
        for n in VOLUMES:
            quiet = bench.world(name, Level(n))
            false = false_rate(Episodes.of(watch(quiet)), quiet.trust)
            yield Cell(part="kinds", world=name, n=n, way=RULE, false=false)
        for n in (SMALL, MIDDLE):
            changed = bench.world(name, Level(n, *CHANGES[LARGE_CHANGE]))
            yield _found("kinds", name, n, RULE, LARGE_CHANGE, Episodes.of(watch(changed)), changed)


def rivals(bench: Bench) -> Iterator[Cell]:
    """What others would have said: in each kind of world at one volume, in the usual one at all, and of changes."""
    for name in bench.kinds:
        for n in VOLUMES if name == USUAL else (MIDDLE,):
            quiet = bench.world(name, Level(n), RIVALS_ON)
            for way, rival in RIVALS.items():
                yield _of_rival("rivals", name, n, way, rival(quiet), quiet)
    for n in VOLUMES:
        for change, shares in CHANGES.items():
            changed = bench.world(USUAL, Level(n, *shares)).changed()
            for way, rival in RIVALS.items():
                yield _found("rivals", USUAL, n, way, change, rival(changed), changed)


def rare(bench: Bench) -> Iterator[Cell]:
    """A rare theme: the rule (which looks for a threefold there) at both thresholds, and its rivals."""
    (change, shares), n = next(iter(RARE.items())), MIDDLE
    for name in ("binomial", USUAL):
        quiet, changed = bench.world(name, Level(n, shares[0])), bench.world(name, Level(n, *shares))
        for way, h in ((RULE, ways()[RULE]), (THEME, ways()[THEME])):
            false = false_rate(Episodes.of(watch(quiet, h)), quiet.trust)
            found = delay(Episodes.of(watch(changed, h)), changed.onset, True, RARE_WEEKS)
            yield Cell(part="rare", world=name, n=n, way=way, change=change, false=false, found=found)
        quiet, changed = bench.world(name, Level(n, shares[0]), RIVALS_ON), changed.changed()
        for way, rival in RIVALS.items():
            found = delay(rival(changed), changed.onset, True, RARE_WEEKS)
            yield _of_rival("rare", name, n, way, rival(quiet), quiet).model_copy(
                update={"change": change, "found": found}
            )


def rare_between(bench: Bench) -> Iterator[Cell]:
    """A rare theme again: what charts of comments, and of days, between two of them say."""
    (change, shares), n = next(iter(RARE.items())), MIDDLE
    for name in ("binomial", USUAL):
        quiet, changed = (
            bench.world(name, Level(n, shares[0]), RIVALS_ON),
            bench.world(name, Level(n, *shares)).changed(),
        )
        for chart in CHARTS:
            of_quiet = between(quiet, chart, bench.chance("between", chart, name, "quiet"))
            of_changed = between(changed, chart, bench.chance("between", chart, name, "changed"))
            found = delay(of_changed, changed.onset, True, RARE_WEEKS)
            yield _of_rival("rare between", name, n, chart, of_quiet, quiet).model_copy(
                update={"change": change, "found": found}
            )


def rise(bench: Bench) -> Iterator[Cell]:
    """A theme that rises in all services of a trust: its total, and the first of its services."""
    count = max(1, round(bench.series / 20))
    board = boards.simulate_rise(bench.chance("rise"), count, RISE_N, RISE_SHARE)
    episodes = boards.watch(board, BUDGET).on_page
    change = f"odds × {boards.RISE_ODDS}"
    onset = np.where(board.level == boards.THEME_TOTAL, boards.RISE_WEEK, WEEKS)
    yield Cell(part="rise", world="total", n=RISE_N, way=RULE, change=change, found=delay(episodes, onset, True))
    # One of 20 is often open by chance: that says nothing of the rise.
    is_cell = board.level[episodes.series] == boards.SERVICE_THEME
    first = Episodes(
        board.board[episodes.series][is_cell], episodes.is_concern[is_cell], episodes.opened[is_cell],
        episodes.opened[is_cell], np.ones((count, WEEKS), dtype=bool),
    )  # fmt: skip
    found = delay(first, np.full(count, boards.RISE_WEEK), True)
    yield Cell(part="rise", world="first of 20 services", n=RISE_N, way=RULE, change=change, found=found)


def measures(bench: Bench) -> Iterator[Cell]:
    """Other measures than negative comments: scores of forms, and how many comments there are at all."""
    for n in (MIDDLE, 3 * MIDDLE):
        before = next(iter(SCORES.values()))[0]
        quiet = bench.world(USUAL, Level(n, before))
        false = false_rate(Episodes.of(watch(quiet)), quiet.trust)
        for change, shares in SCORES.items():
            changed = bench.world(USUAL, Level(n, *shares))
            found = delay(Episodes.of(watch(changed)), changed.onset, True)
            yield Cell(part="score", world=USUAL, n=n, way=RULE, change=change, false=false, found=found)
    for n in (SMALL, MIDDLE):
        level = Level(n)
        quiet = simulate_voices(level, bench.chance("voices", n), bench.trusts(level))
        false = false_rate(Episodes.of(watch(quiet, has_peers=False)), quiet.trust)
        for change, left in FADES.items():
            trusts = bench.trusts(Level(n, changed=left))
            changed = simulate_voices(level, bench.chance("voices", n, left), trusts, left)
            found = delay(Episodes.of(watch(changed, has_peers=False)), changed.onset, False)
            yield Cell(part="volume", world=USUAL, n=n, way=RULE, change=change, false=false, found=found)


def voices(bench: Bench) -> Iterator[Cell]:
    """The rule of voices that fade: at a steady volume, with bank holidays, and where comments stay away."""
    for name, has_holidays in (("steady", False), ("bank holidays", True)):
        for n in VOICE_VOLUMES:
            level = Level(n)
            quiet = simulate_voices(
                level, bench.chance("fading", name, n), bench.trusts(level), has_holidays=has_holidays
            )
            false = false_rate(fading(quiet), quiet.trust)
            for change, left in VOICE_FADES.items():
                trusts = bench.trusts(Level(n, changed=left))
                chance = bench.chance("fading", name, n, left)
                changed = simulate_voices(level, chance, trusts, left, has_holidays=has_holidays).changed()
                found = delay(fading(changed), changed.onset, False)
                yield Cell(part="voice", world=name, n=n, way=RULE, change=change, false=false, found=found)


def board_cells(bench: Bench) -> Iterator[BoardCell]:
    """Boards of two sizes: what stands on the page, and what is told under a budget."""
    for size in SIZES:
        count = max(1, bench.series // SERIES_A_BOARD)
        board = boards.simulate(size, bench.chance("board", *size), count)
        weeks = count * (WEEKS - BASELINE)
        watched = boards.watch(board, BUDGET)
        tiers: dict[Literal["page", "alert", "told"], Episodes] = {
            "page": watched.on_page, "alert": watched.alerts, "told": watched.told,
        }  # fmt: skip
        for tier, episodes in tiers.items():
            found = board.board[episodes.series]
            in_company = company(np.bincount(found, minlength=count))
            yield BoardCell(
                services=size.services, themes=size.themes, monitored=watched.monitored, tier=tier,
                h=thresholds.WATCH if tier == "page" else watched.h,
                a_year=Rate.of(len(found), weeks / YEAR_WEEKS, in_company),
                a_week=Rate.of(len(found), weeks, in_company),
            )  # fmt: skip


def _found(part: str, name: str, n: int, way: str, change: str, episodes: Episodes, world: World) -> Cell:
    before, after = CHANGES[change]
    found = delay(episodes, world.onset, after > before)
    return Cell(part=part, world=name, n=n, way=way, change=change, found=found)


def _of_rival(part: str, name: str, n: int, way: str, episodes: Episodes, world: World) -> Cell:
    watched = Share.of(int(episodes.watched.any(axis=1).sum()), len(world.n))
    return Cell(part=part, world=name, n=n, way=way, false=false_rate(episodes, world.trust), watched=watched)
