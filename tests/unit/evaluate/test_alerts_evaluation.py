"""What alerts are scored by, what they are compared with, and that the page says what is measured."""

import os
import re
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from tests.fixtures.published import publish
from wordround.cli import app
from wordround.evaluate.alerts import builds, cells, rivals
from wordround.evaluate.alerts.bench import CLASSIFIER, KINDS, USUAL, Bench
from wordround.evaluate.alerts.promise import SEED, SERIES, Aim, AlertsEvaluation
from wordround.evaluate.alerts.scoring import Episodes, Rate, delay, false_rate
from wordround.evaluate.alerts.watching import told, watch
from wordround.evaluate.alerts.worlds import WEEKS, Kind, Level, World
from wordround.evaluate.evaluation import render_page
from wordround.settings import PROJECT

PAGE = PROJECT / "docs" / "models" / "alerts.md"


def episodes(*each: tuple[int, bool, int, int], series: int = 6, weeks: int = 104, unwatched: int = 0) -> Episodes:
    table = np.array(each, dtype=np.int64).reshape(-1, 4)
    watched = np.ones((series, weeks), dtype=bool)
    watched[series - unwatched :] = False
    return Episodes(table[:, 0], table[:, 1].astype(bool), table[:, 2], table[:, 3], watched)


def world(share: np.ndarray, n: int = 40) -> World:
    """One trust of exact shares: (series, weeks)."""
    counts = np.full(share.shape, float(n))
    series, weeks = share.shape
    nothing = np.zeros(share.shape, dtype=bool)
    return World(np.rint(share * n), counts, np.zeros(series, dtype=np.int64), np.full(series, weeks), nothing)


# ---------- scoring


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0, 3.6889), (1, 0.0253, 5.5716), (10, 4.7954, 18.3904), (100, 81.364, 121.627)]
)
def test_poisson_intervals_are_those_of_published_tables(count: int, low: float, high: float) -> None:
    # Garwood, Biometrika 28 (1936)
    rate = Rate.of(count, 2.0)
    assert (rate.rate, rate.low, rate.high) == pytest.approx((count / 2, low / 2, high / 2), abs=1e-3)


def test_nothing_that_was_watched_has_no_rate() -> None:
    assert Rate.of(0, 0.0).rate is None


def test_false_episodes_are_those_of_both_sides_a_year_that_was_watched() -> None:
    given = episodes((0, True, 30, 40), (0, False, 50, 60), (3, True, 9, 104), unwatched=2)
    found = false_rate(given, np.arange(6))
    assert (found.count, found.span, found.rate) == (3, 4 * 104 / 52, 3 / 8)


def test_episodes_in_company_say_less() -> None:
    alone = episodes(*((series, True, 30, 40) for series in range(6)))
    together = episodes(*((0, True, 20 + 5 * place, 22 + 5 * place) for place in range(6)))
    apart, company = (false_rate(each, np.arange(6)) for each in (alone, together))
    assert apart.rate == company.rate and apart.dispersion == 1
    assert company.dispersion == pytest.approx(6)
    assert (company.low, company.high) == pytest.approx((0.0253 * 6 / 12, 5.5716 * 6 / 12), abs=1e-3)


def test_a_change_found_in_its_first_week_took_one_and_the_other_side_finds_nothing() -> None:
    onset = np.array([40, 40, 40, 40, 104, 104])
    found = delay(episodes((0, True, 40, 50), (1, True, 47, 50), (2, True, 48, 50), (3, False, 41, 50)), onset, True)
    assert (found.within.count, found.within.all) == (2, 4)
    assert found.median_weeks == (8 + 9) / 2
    assert delay(episodes((3, False, 41, 50)), onset, False).within.count == 1
    assert delay(episodes((2, True, 48, 50)), onset, True, weeks=13).within.count == 1


def test_the_first_episode_after_the_change_counts_and_none_before_it() -> None:
    onset = np.array([40, 40, 104, 104, 104, 104])
    found = delay(episodes((0, True, 60, 70), (0, True, 42, 50), (1, True, 30, 40), (1, True, 45, 50)), onset, True)
    assert found.median_weeks == (3 + 6) / 2
    assert found.were_open == 0  # the early one was over when the change came


def test_what_was_open_already_or_is_not_watched_is_left_out_and_counted() -> None:
    onset = np.array([40, 40, 104, 104, 104, 40])
    found = delay(episodes((0, True, 30, 41), (1, False, 30, 60), (1, True, 44, 60), unwatched=1), onset, True)
    assert (found.were_open, found.not_watched, found.within.all) == (1, 1, 1)
    assert found.median_weeks == 5


def test_what_is_found_after_a_year_is_not_found_and_of_half_unfound_there_is_no_median() -> None:
    onset = np.array([40, 40, 104, 104, 104, 104])
    assert delay(episodes((0, True, 91, 104), (1, True, 41, 50)), onset, True).median_weeks == (52 + 2) / 2
    late = delay(episodes((0, True, 92, 104), (1, True, 41, 50)), onset, True)
    assert late.median_weeks is None and late.within.count == 1


# ---------- the rule and its rivals


def changing(at: int, to: float = 0.6, weeks: int = WEEKS) -> World:
    week = np.arange(weeks)
    usual = np.where(week % 2 == 0, 0.225, 0.275)
    return world(np.stack([np.where(week >= at, to, usual), *[usual] * 9]))


def test_the_rule_finds_a_change_that_was_put_in_once_and_nothing_beside_it() -> None:
    found = Episodes.of(watch(changing(60)))
    assert (found.series.tolist(), found.is_concern.tolist()) == ([0], [True])
    assert 60 <= found.opened[0] <= 62 and found.closed[0] == WEEKS
    assert found.watched.sum(axis=1).tolist() == [WEEKS - 24] * 10


def test_an_alert_is_told_in_the_week_in_which_its_evidence_is_enough_and_not_before_or_else_never() -> None:
    decisions = watch(changing(60, to=0.45), rho_and_phi=(0.02, 0.0))
    (opened,) = (each.opened for each in decisions.episodes)
    strength = decisions.strength["concern"][0]
    late = int((strength >= 12).argmax())
    assert opened < late < WEEKS - 1
    found = told(decisions, {"concern": 12.0, "improvement": 1e6})
    assert (found.series.tolist(), found.is_concern.tolist(), found.opened.tolist()) == ([0], [True], [late])
    rising = np.where(np.arange(WEEKS) < late + 3, 1e6, 12.0)
    assert told(decisions, {"concern": rising, "improvement": 1e6}).opened.tolist() == [late + 3]
    assert len(told(decisions, {"concern": 1e6, "improvement": 0.0}).series) == 0


@pytest.mark.parametrize("way", rivals.RIVALS)
def test_every_rival_finds_a_large_change_in_its_first_weeks_and_nothing_before_it(way: str) -> None:
    found = rivals.RIVALS[way](changing(60, to=0.9))
    of_change = found.series == 0
    assert found.opened[of_change & found.is_concern].min() in (60, 61)
    assert not (of_change & (found.opened < 60)).any()
    fallen = rivals.RIVALS[way](changing(60, to=0.0))
    assert not fallen.is_concern[fallen.series == 0].any()
    assert fallen.opened[fallen.series == 0].min() in (60, 61)


def test_signals_are_one_episode_until_four_weeks_are_quiet() -> None:
    signals = np.zeros((1, 60), dtype=bool)
    signals[0, [30, 34, 39]] = True
    found = rivals.episodes_of(signals, np.zeros_like(signals), np.ones_like(signals))
    assert (found.opened.tolist(), found.closed.tolist()) == ([30, 39], [38, 43])


def test_an_xmr_signal_is_what_completes_a_rule_outside_the_baseline_of_a_chart_that_is_drawn() -> None:
    week = np.arange(60)
    usual = np.where(week % 2 == 0, 0.2, 0.3)
    run = np.where((week >= 40) & (week < 50), 0.275, usual)  # above the mean, within the limits
    found = rivals.xmr(world(np.stack([run, run[::-1]]), n=1000))
    # The seventh point of the run (it began in week 39) opens it; in hindsight all of it is marked.
    assert (found.series[0], found.is_concern[0], found.opened[0]) == (0, True, 45)
    assert not (found.opened < 24).any()
    few = rivals.xmr(world(run[None], n=14))
    assert not few.watched.any() and len(few.series) == 0
    gaps = world(run[None], n=1000)
    gaps.n[0, 45], gaps.x[0, 45] = 4, 1
    broken = rivals.xmr(gaps)
    assert not broken.watched[0, 45] and len(broken.series) == 0
    rare = world(np.where(week % 5 == 0, 0.02, 0.0)[None], n=100)
    assert not rivals.xmr(rare).watched.any()


def test_a_p_chart_has_the_limits_of_its_first_weeks_and_p_prime_the_rule_of_seven() -> None:
    week = np.arange(60)
    share = np.where(week == 50, 0.475, 0.25)
    limit = 0.25 + 3 * np.sqrt(0.25 * 0.75 / 40)
    assert 0.45 < limit < 0.475
    assert rivals.p_chart(world(share[None])).opened.tolist() == [50]
    assert rivals.p_chart(world(np.where(week == 50, 0.45, 0.25)[None])).opened.tolist() == []
    wave = np.where(week % 2 == 0, 0.2, 0.3)
    run = np.where((week >= 40) & (week < 47), 0.3, wave)
    assert rivals.p_chart(world(run[None])).opened.tolist() == []
    assert rivals.p_prime_chart(world(run[None])).opened.tolist() == [45]  # the week before was above as well


def test_a_cusum_without_guards_takes_every_comment_in_full() -> None:
    # 18 of 40 after 10 of 40: 18 ln(.4 / .25) + 22 ln(.6 / .75) = 3.55 a week, less what the half comment takes.
    lasting = changing(60, to=0.45)
    assert rivals.plain_cusum(lasting).opened.tolist() == [61]
    assert Episodes.of(watch(lasting, rho_and_phi=(0.15, 0.5))).opened[0] > 61


def test_paused_weeks_say_nothing_to_anybody() -> None:
    given = changing(60, to=0.9)
    given.paused[:, 60:] = True
    for way in (rivals.xmr, rivals.p_chart, rivals.p_prime_chart, rivals.plain_cusum):
        found = way(given)
        assert len(found.series) == 0 and not found.watched[:, 60:].any()
    assert watch(given).episodes == []


# ---------- promises


@pytest.mark.parametrize(
    ("measured", "bounds", "at_most", "verdict", "missed_by"),
    [
        (0.29, (0.28, 0.31), True, "kept", 0),
        (0.31, (0.29, 0.33), True, "missed, within chance", 0.01),
        (0.35, (0.33, 0.37), True, "missed", 0.05),
        (0.84, (0.82, 0.86), False, "missed, within chance", 0.54),
        (4.0, (None, None), True, "missed", 3.7),
        (None, (None, None), True, "missed", float("inf")),
    ],
)
def test_a_promise_is_kept_or_missed_by_so_much(measured, bounds, at_most, verdict, missed_by) -> None:
    asked = 0.3 if at_most else 1.38
    if not at_most:
        bounds = (0.82, 1.4)
    aim = Aim.of("aim", asked, measured, bounds, at_most)
    assert aim.verdict == verdict
    assert aim.missed_by == pytest.approx(missed_by)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    publish(home)
    return home


@pytest.fixture(scope="module")
def written(home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[AlertsEvaluation, str]:
    """What the verb prints and the page that it writes, of the fewest series and a trust's own weeks."""
    page = tmp_path_factory.mktemp("page") / "alerts.md"
    asked = ["evaluate", "alerts", "--series", "20", "--history", str(home), "--write", str(page), "--json"]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 0, result.output
    return AlertsEvaluation.model_validate_json(result.stdout), page.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def measured(written: tuple[AlertsEvaluation, str]) -> AlertsEvaluation:
    return written[0]


def test_the_same_seed_gives_the_same_figures_and_figures_the_page(written: tuple[AlertsEvaluation, str]) -> None:
    measured, page = written
    assert page == render_page(measured)
    errors = Kind(recall=measured.recall, false_alarms=measured.false_alarms)
    bench = Bench(20, measured.seed, KINDS | {CLASSIFIER: errors})
    for part in (cells.levels, cells.rare, cells.rise, cells.measures):  # the others take longer
        again = list(part(bench))
        names = dict.fromkeys(of.part for of in again)
        assert again and again == [of for name in names for of in measured.of_part(name)], names
    assert next(builds.arrivals(bench)) == measured.of_part("arrivals")[0]
    assert list(cells.board_cells(bench)) == measured.boards


def test_no_history_leaves_that_part_out_and_says_so(measured: AlertsEvaluation) -> None:
    page = render_page(measured.model_copy(update={"history": None}))
    assert "`--history` was not given" in page
    assert "`--history` was not given" not in render_page(measured)


def test_another_seed_gives_other_worlds() -> None:
    one, other = (list(cells.measures(Bench(20, seed, KINDS))) for seed in (1, 2))
    assert one != other
    assert one == list(cells.measures(Bench(20, 1, KINDS)))


def test_a_history_is_scored_and_said_to_be_so(measured: AlertsEvaluation) -> None:
    own = measured.history
    assert own is not None and (own.services, own.weeks) == (8, 59)
    assert own.as_they_are.count >= 2  # one service worsens, one improves
    quiet, *changes = own.cells
    assert quiet.false is not None and quiet.false.span > 0
    assert [of.change for of in changes] == list(cells.CHANGES)
    assert all(of.found.within.all for of in changes)
    assert "8 services, 59 weeks" in render_page(measured)


def test_people_see_every_promise_with_its_verdict(measured: AlertsEvaluation) -> None:
    console = Console(width=200, record=True, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    console.print(measured.as_table())
    shown = console.export_text()
    assert len(measured.aims) == 10
    assert all(aim.name in shown for aim in measured.aims)


class TestPage:
    def test_the_page_is_the_one_that_this_code_writes(self, measured: AlertsEvaluation) -> None:
        """The figures take minutes: all but them is compared, and the next test measures some of them anew."""
        written, made = (_frame(text) for text in (PAGE.read_text(encoding="utf-8"), _without_history(measured)))
        assert written == made, "run `wordround evaluate alerts --write docs/models/alerts.md`"

    def test_figures_of_the_page_are_those_that_are_measured(self) -> None:
        page = PAGE.read_text(encoding="utf-8")
        assert f"(seed {SEED}, {SERIES:,} series in each world" in page
        bench = Bench(SERIES, SEED, KINDS)
        for n in (15, 40):
            quiet = bench.world(USUAL, Level(n))
            rate = false_rate(Episodes.of(watch(quiet)), quiet.trust)
            shown = f"{rate.rate:.2f} ({rate.low:.2f} to {rate.high:.2f})"
            assert f"| {n} | service (4.5 / 4.5) | {shown} |" in page


def _without_history(evaluation: AlertsEvaluation) -> str:
    return render_page(evaluation.model_copy(update={"history": None, "series": SERIES}))


def _frame(page: str) -> list[str]:
    """The lines of a page without their figures and what comes and goes with them."""
    before, _, after = page.partition("Not kept, beyond chance:")
    _, _, after = after.partition("What the worlds are:")
    verdicts = r"\*\*missed[^|]*\*\*, by [\w.]+|\bkept(?= \|)|\(draws [^)]*\)|\bover 52\b|\bto\b"
    return [" ".join(re.findall(r"[^\W\d]+", re.sub(verdicts, "", line))) for line in (before + after).splitlines()]
