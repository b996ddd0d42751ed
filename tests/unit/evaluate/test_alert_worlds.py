"""The worlds that alerts are measured on: what is said of them is so, and what is put in is what is scored."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.fixtures.published import publish
from wordround.errors import NothingPublished, PublicationUnusable, SeriesUnusable, UnexpectedColumns
from wordround.evaluate.alerts import boards, rebuilding, worlds
from wordround.evaluate.alerts.history import History, read_history, replay
from wordround.evaluate.alerts.watching import watch
from wordround.evaluate.alerts.worlds import Kind, Level, simulate, simulate_voices, weekly_shares
from wordround.spc import thresholds

TRUSTS = 20
MANY = 10_000  # comments a week, so that chance hides nothing


def chance(seed: int = 3) -> np.random.Generator:
    return np.random.default_rng(seed)


def log_odds(share: np.ndarray) -> np.ndarray:
    return np.log(share / (1 - share))


def test_the_same_chance_gives_the_same_world_and_another_another() -> None:
    one, same, other = (simulate(Kind(), Level(15), chance(seed), TRUSTS) for seed in (1, 1, 2))
    assert np.array_equal(one.x, same.x) and np.array_equal(one.n, same.n)
    assert not np.array_equal(one.x, other.x)


@pytest.mark.parametrize("phi", [0.0, 0.6])
@pytest.mark.parametrize("mean", [0.25, 0.02])
def test_weekly_shares_have_the_mean_the_spread_and_the_memory_that_are_asked_for(mean: float, phi: float) -> None:
    shares = weekly_shares(np.full((4000, 60), mean), 0.02, phi, chance())
    assert shares.mean() == pytest.approx(mean, rel=0.02)
    assert shares.var() == pytest.approx(0.02 * mean * (1 - mean), rel=0.05)
    around = shares - mean
    together = (around[:, 1:] * around[:, :-1]).mean() / shares.var()
    assert together == pytest.approx(phi, abs=0.06)


def test_a_change_comes_to_three_services_of_a_trust_in_its_week_and_stays() -> None:
    world = simulate(Kind(rho=0), Level(MANY, 0.25, 0.45), chance(), TRUSTS)
    share = world.x / world.n
    changes = world.onset < worlds.WEEKS
    assert np.bincount(world.trust[changes]).tolist() == [3] * TRUSTS
    week = np.arange(worlds.WEEKS)
    assert share[week >= world.onset[:, None]] == pytest.approx(0.45, abs=0.03)
    assert share[week < world.onset[:, None]] == pytest.approx(0.25, abs=0.03)
    assert set(world.onset[changes]) <= set(range(worlds.FIRST_ONSET, worlds.LAST_ONSET + 1))
    alone = world.changed()
    assert len(alone.n) == 3 * TRUSTS and (alone.onset < worlds.WEEKS).all()
    assert np.array_equal(alone.x, world.x[changes])


def test_a_season_is_of_the_whole_trust_or_of_each_service() -> None:
    def alike(kind: Kind) -> float:
        world = simulate(kind, Level(MANY), chance(), TRUSTS)
        moved = log_odds(world.x / world.n) - log_odds(np.array(0.25))
        assert np.abs(moved[:, :104]).max() == pytest.approx(kind.season, abs=0.15)
        one_trust = moved[world.trust == 0]
        return float(np.corrcoef(one_trust)[0, 1:].mean())

    assert alike(Kind(rho=0, season=0.5)) > 0.95
    assert abs(alike(Kind(rho=0, season=0.5, season_of="service"))) < 0.5


def test_holidays_take_comments_and_growth_brings_them() -> None:
    level = Level(MANY)
    holidays = simulate(Kind(has_holidays=True), level, chance(), TRUSTS).n.mean(axis=0)
    is_holiday = np.isin(np.arange(worlds.WEEKS) % 52, worlds.HOLIDAYS)
    assert holidays[is_holiday] == pytest.approx(MANY / 3, rel=0.02)
    assert holidays[~is_holiday] == pytest.approx(MANY, rel=0.02)
    grown = simulate(Kind(growth=2.0), level, chance(), TRUSTS).n.mean(axis=0)
    assert grown[[0, 52, 104]] == pytest.approx([MANY, 2 * MANY, 4 * MANY], rel=0.02)


def test_a_second_source_begins_at_each_service_in_its_week_at_another_level_and_adds_up() -> None:
    kind = Kind(rho=0, second_source="switched on", tells_sources=True)
    world = simulate(kind, Level(MANY), chance(), TRUSTS)
    assert world.by_source is not None
    x, n = world.by_source
    assert np.array_equal(x.sum(axis=0), world.x) and np.array_equal(n.sum(axis=0), world.n)
    gets_it = n[1].any(axis=1)
    assert gets_it.mean() == pytest.approx(worlds.SWITCHED_ON_AT, abs=0.08)
    begins = np.where(gets_it, (n[1] > 0).argmax(axis=1), worlds.WEEKS)
    assert (begins.min(), begins[gets_it].max()) == worlds.SWITCHED_ON
    after = np.arange(worlds.WEEKS) >= begins[:, None]
    assert not n[1][~after].any()
    assert n[1][after].mean() == pytest.approx(MANY / 2, rel=0.02)
    odds = [x[place][after].sum() / (n[place] - x[place])[after].sum() for place in (0, 1)]
    assert odds[1] / odds[0] == pytest.approx(3, rel=0.02)
    assert simulate(replace(kind, tells_sources=False), Level(MANY), chance(), TRUSTS).by_source is None


def test_late_files_take_months_of_the_main_source_and_are_paused_where_they_are_known() -> None:
    kind = Kind(second_source="always", is_late=True, knows_late=True)
    known = simulate(kind, Level(MANY), chance(), TRUSTS)
    unknown = simulate(replace(kind, knows_late=False), Level(MANY), chance(), TRUSTS)
    is_low = known.n < 0.75 * MANY
    assert np.array_equal(known.paused, is_low)
    assert not unknown.paused.any() and np.array_equal(unknown.n, known.n)
    assert not is_low[:, : worlds.FIRST_ONSET].any()
    assert is_low[:, worlds.FIRST_ONSET :].mean() == pytest.approx(1 / 8, abs=0.02)
    months = is_low.reshape(len(is_low), -1, worlds.LATE_WEEKS)
    assert np.array_equal(months.any(axis=2), months.all(axis=2))
    # What is left of them is the source of the other level: that is what makes them look like a change.
    assert (unknown.x / unknown.n)[is_low].mean() > (unknown.x / unknown.n)[~is_low].mean() + 0.05


def test_a_classifier_shows_another_share() -> None:
    world = simulate(Kind(rho=0, recall=0.9, false_alarms=0.1), Level(MANY, 0.4), chance(), TRUSTS)
    assert world.x.sum() / world.n.sum() == pytest.approx(0.4 * 0.9 + 0.6 * 0.1, abs=0.002)


def test_voices_are_of_all_comments_of_their_trust_and_fade() -> None:
    world = simulate_voices(Level(MANY), chance(), TRUSTS, fades_to=0.5)
    for trust in (0, TRUSTS - 1):
        those = world.trust == trust
        assert np.array_equal(world.n[those], np.broadcast_to(world.x[those].sum(axis=0), (20, worlds.WEEKS)))
    after = np.arange(worlds.WEEKS) >= world.onset[:, None]
    normal = ~np.isin(np.arange(worlds.WEEKS) % 52, worlds.HOLIDAYS)
    assert world.x[after & normal].mean() == pytest.approx(MANY / 2, rel=0.03)
    assert world.x[~after & normal].mean() == pytest.approx(MANY, rel=0.03)
    assert world.x[0, normal].std() / world.x[0, normal].mean() > 0.1


# ---------- boards


def test_a_board_has_its_services_themes_and_totals_and_they_add_up() -> None:
    size = boards.Size(4, 3)
    board = boards.simulate(size, chance(), 2, weeks=40)
    assert board.n.shape == (2 * size.series, 40)
    one = board.board == 1
    x, n, level, peers = board.x[one], board.n[one], board.level[one], board.peers[one]
    themes = x[level == boards.SERVICE_THEME].reshape(4, 3, 40)
    assert np.array_equal(themes.sum(axis=0), x[level == boards.THEME_TOTAL])
    assert np.array_equal(x[level == boards.SERVICE].sum(axis=0), x[level == boards.TRUST_TOTAL][0])
    assert np.array_equal(n[level == boards.SERVICE].sum(axis=0), n[level == boards.TRUST_TOTAL][0])
    assert (themes <= x[level == boards.SERVICE][:, None]).all()
    groups = [sorted(np.flatnonzero(peers == group).tolist()) for group in np.unique(peers)]
    assert groups == [[0, 1, 2, 3], [4, 7, 10, 13], [5, 8, 11, 14], [6, 9, 12, 15], [16], [17], [18], [19]]
    assert set(board.peers[board.board == 0]).isdisjoint(peers)


def test_a_budget_tells_what_stands_on_the_page_once_its_evidence_is_enough_for_all_that_is_monitored() -> None:
    size = boards.Size(20, 12)
    board = boards.simulate(size, chance(), 3)
    usual, strict = (boards.watch(board, budget) for budget in (26.0, 2.6))
    assert usual.monitored == size.series
    assert usual.h == pytest.approx(thresholds.alert_threshold(size.series, 26.0))
    alerts, less = len(usual.alerts.series), len(strict.alerts.series)
    assert len(usual.on_page.series) == len(strict.on_page.series) > alerts > less > 0
    on_page = {(s, c, end): o for s, c, o, end in usual.on_page.rows()}
    assert all(on_page[s, c, end] <= o < end for s, c, o, end in usual.alerts.rows())
    # A theme's improvement is asked for more, on the page and in the digest.
    themes = board.level[usual.alerts.series] == boards.SERVICE_THEME
    assert usual.alerts.is_concern[themes].mean() > 0.6


def test_a_theme_that_moves_with_its_service_is_not_told_for_itself() -> None:
    board = boards.simulate(boards.Size(20, 12), chance(), 1)
    after = np.arange(worlds.WEEKS) >= 60
    service, first_theme, other_theme = 19, 20 + 19 * 12, 20 + 3 * 12
    assert (board.whole[[first_theme, other_theme]] == [service, 3]).all()
    for series in (service, first_theme, other_theme):
        board.x[series, after] = np.minimum(3 * board.x[series, after] + 2, board.n[series, after])
    watched = boards.watch(board, 26.0)
    new = {(s, o) for s, c, o, _ in watched.alerts.rows() if c and 60 <= o < 75}
    alone = {(s, o) for s, c, o, _ in watched.told.rows() if c and 60 <= o < 75}
    assert {service, first_theme, other_theme} <= {series for series, _ in new}
    opened = dict(new)
    page = {s: o for s, c, o, _ in watched.on_page.rows() if c and 60 <= o < 75}
    assert {service, other_theme} <= {series for series, _ in alone}
    assert (first_theme in {series for series, _ in alone}) == (opened[first_theme] < page[service])


# ---------- builds


def test_deciding_every_week_on_what_does_not_change_issues_what_one_decision_finds() -> None:
    world = simulate(Kind(), Level(40, 0.25, 0.45), chance(), 2)
    alike = (0.02, 0.0)
    issued = rebuilding.rebuild(lambda week: watch(world.until(week), rho_and_phi=alike), worlds.WEEKS)
    once = watch(world, rho_and_phi=alike).episodes
    assert once and issued.withdrawn == 0
    assert {(s, c, o) for s, c, o, _ in issued.episodes.rows()} == {
        (each.series, each.side == "concern", each.opened) for each in once
    }


def test_what_a_later_build_no_longer_says_was_issued_and_counts_as_withdrawn() -> None:
    world = simulate(Kind(rho=0), Level(40, 0.25, 0.45), chance(), 1)
    calm = replace(world, x=np.rint(world.n * 0.25))

    def changes_its_mind(week: int):
        return watch((world if week < 100 else calm).until(week), rho_and_phi=(0.02, 0.0))

    issued = rebuilding.rebuild(changes_its_mind, worlds.WEEKS)
    assert len(issued.episodes.series) == issued.withdrawn >= 2
    assert (issued.episodes.closed <= 100).all()


@pytest.mark.parametrize("negative_late", [False, True])
def test_comments_arrive_over_four_weeks_and_then_all_are_there(negative_late: bool) -> None:
    world = simulate(Kind(rho=0), Level(MANY), chance(), 1)
    arriving = rebuilding.arriving(world, chance(), negative_late)
    x, n = arriving.known(60)
    assert x.shape == (20, 61)
    assert np.array_equal(x[:, :58], world.x[:, :58]) and np.array_equal(n[:, :58], world.n[:, :58])
    come = [(n[:, 60 - lag] / world.n[:, 60 - lag]).mean() for lag in (0, 1, 2)]
    shares = np.cumsum(rebuilding.ARRIVALS)[:3]
    late = np.cumsum(rebuilding.SLOW)[:3] if negative_late else shares
    assert come == pytest.approx(0.75 * shares + 0.25 * late, abs=0.01)
    shown = x[:, 60].sum() / n[:, 60].sum()
    assert (shown < 0.22) if negative_late else shown == pytest.approx(0.25, abs=0.01)


# ---------- a trust's own weeks


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    publish(home)
    return home


def test_a_home_and_its_file_give_the_whole_weeks_of_services_that_have_enough(published: Path) -> None:
    history = read_history(published)
    assert history.n.shape == (8, 59)  # the sixtieth week has only begun
    of_file = read_history(published / "published" / "wordround.duckdb")
    assert np.array_equal(of_file.x, history.x) and np.array_equal(of_file.n, history.n)
    assert (history.x <= history.n).all() and history.n.sum(axis=1).min() > 0


def series(path: Path, weeks: int, skipped: tuple[int, ...] = (), step: int = 7) -> Path:
    rows = [
        f"{name},{date(2024, 1, 1) + timedelta(days=step * week)},{1 + week % 3},{10 + week % 5}"
        for name in ("a", "b")
        for week in range(weeks)
        if week not in skipped
    ]
    path.write_text("\n".join(["facet,date,numerator,denominator", *rows]), encoding="utf-8")
    return path


def test_a_table_gives_its_weeks_and_a_missing_one_has_no_comments(tmp_path: Path) -> None:
    history = read_history(series(tmp_path / "weeks.csv", 60, (7,)))
    assert history.n.shape == (2, 60)
    assert history.n[0, :9].tolist() == [10, 11, 12, 13, 14, 10, 11, 0, 13]
    assert history.x[1, :4].tolist() == [1, 2, 3, 1]


@pytest.mark.parametrize(
    ("weeks", "step", "says"),
    [(20, 7, "no service has comments in 32 weeks or more"), (60, 5, "not whole weeks apart")],
)
def test_weeks_that_cannot_be_replayed_are_refused(tmp_path: Path, weeks: int, step: int, says: str) -> None:
    with pytest.raises(SeriesUnusable, match=says):
        read_history(series(tmp_path / "weeks.csv", weeks, step=step))


def test_a_home_without_a_publication_and_a_table_without_counts_are_named(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished):
        read_history(tmp_path)
    home = tmp_path / "home"
    publish(home, "drop table marts.dim_weeks")
    with pytest.raises(PublicationUnusable):
        read_history(home)
    (tmp_path / "no.csv").write_text("date,value\n2024-01-01,3\n", encoding="utf-8")
    with pytest.raises(UnexpectedColumns, match="numerator"):
        read_history(tmp_path / "no.csv")


def own_weeks() -> History:
    world = simulate(Kind(), Level(60), chance(), 1, weeks=80)
    return History(world.x, world.n)


def test_a_replay_draws_whole_weeks_of_all_services_in_blocks() -> None:
    history = own_weeks()
    world = replay(history, chance(), 3)
    assert world.n.shape == (60, worlds.WEEKS) and (world.onset == worlds.WEEKS).all()
    first = world.n[:20]
    usual = history.n.copy()
    for episode in watch(history.world).episodes:
        end = 80 if episode.closed is None else episode.closed + 1
        usual[episode.series, episode.since : end] = 0
    weeks = [int(np.flatnonzero((usual == first[:, [week]]).all(axis=0))[0]) for week in range(worlds.WEEKS)]
    blocks = np.reshape(weeks, (-1, 4))
    assert np.array_equal(blocks - blocks[:, :1], np.broadcast_to(np.arange(4), blocks.shape))
    assert len(set(blocks[:, 0].tolist())) > 10


def test_the_weeks_of_an_episode_are_not_replayed() -> None:
    history = own_weeks()
    history.x[0, 50:] = history.n[0, 50:]
    world = replay(history, chance(), 5)
    shares = world.x[::20] / np.maximum(world.n[::20], 1)
    assert shares.max() < 0.7


@pytest.mark.parametrize("odds", [2.5, 0.4])
def test_a_change_put_into_a_replay_multiplies_the_odds_from_its_week_on(odds: float) -> None:
    history = own_weeks()
    world = replay(history, chance(), 40, odds)
    changed = world.changed()
    assert len(changed.n) == 120
    after = np.arange(worlds.WEEKS) >= changed.onset[:, None]
    before_odds, after_odds = (
        changed.x[those].sum() / (changed.n - changed.x)[those].sum() for those in (~after, after)
    )
    assert after_odds / before_odds == pytest.approx(odds, rel=0.05)
    assert (world.x <= world.n).all() and (world.x >= 0).all()
