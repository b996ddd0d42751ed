"""Exactly once: whatever is asked, in whichever order, however often and wherever it stops, the same rows are there."""

import random
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fixtures.chains import of_home
from tests.fixtures.social import SECRETS, asking_bluesky
from wordround.collect import queries as querying
from wordround.demo.standins.bluesky import Bluesky
from wordround.demo.standins.world import Post, posts
from wordround.errors import RowsDoNotReconcile
from wordround.land import manifests
from wordround.warehouse import load

TODAY = datetime.now(UTC).date()
FIRST = TODAY - timedelta(days=6)
NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
# Whatever time it is, each day has posts of its own, the first one too.
EVERY = timedelta(seconds=(NOW - datetime.combine(FIRST, time(), UTC)) // timedelta(seconds=141))
# What depends on when a run was and not on what it found.
OF_A_RUN = "batch_id, logical_date, collected_at, loaded_at, updated_at, identifiers_removed"


def world() -> list[Post]:
    """A week of posts: quotes, replies, opt-outs, some of one moment, some that surface a day late."""
    made = posts(140, until=NOW, every=EVERY)
    made[3] = made[3].but(text="#FernvaleNHS", quote_of=made[9].id)
    made[4] = made[4].but(reply_to=made[5].id)
    made[7] = made[7].but(is_opted_out=True)
    made[20] = made[20].but(posted_at=made[21].posted_at)
    return made


def stored(home) -> list[tuple]:
    with duckdb.connect(str(home.warehouse_file), read_only=True) as connection:
        return connection.execute(f"select * exclude ({OF_A_RUN}) from raw.comments order by comment_id").fetchall()


@pytest.fixture
def standin():
    with Bluesky(world()) as standin:
        standin.short_every, standin.is_unsorted, standin.repeats = 3, True, True
        yield standin


@pytest.fixture
def trust(standin, settings_with, monkeypatch):
    return asking_bluesky(standin, settings_with, monkeypatch, FIRST)


def run(home, day: date = TODAY, days=None) -> querying.AnswersCollected:
    return querying.collect(home, "bluesky", day, SECRETS, days)


class Stopped(Exception):
    """The machine stops here."""


def test_daily_runs_give_the_rows_of_one_back_fill(trust, tmp_path):
    daily, whole = (of_home(trust, tmp_path / name) for name in ("daily", "whole"))
    for home in (daily, whole):
        (home.home / "keys").mkdir(parents=True)
        (home.home / "keys" / "pseudonym.key").write_text("ab" * 32)
        (home.home / "keys" / "pseudonym.key").chmod(0o600)
    for number in range(7):
        run(daily, FIRST + timedelta(days=number))
        assert load.load(daily).rows.rows_in > 0
    run(whole)
    load.load(whole)
    assert stored(daily) == stored(whole)
    assert len(stored(whole)) == 139


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_any_order_any_overlap_any_crash_and_any_number_of_runs_give_the_same_rows(seed, trust, standin, tmp_path):
    chance = random.Random(seed)
    home = of_home(trust, tmp_path / f"{seed}-{chance.random()}")
    (home.home / "keys").mkdir(parents=True)
    key = home.home / "keys" / "pseudonym.key"
    key.write_text("ab" * 32)
    key.chmod(0o600)
    for _ in range(chance.randrange(3, 7)):
        _one_step(home, standin, chance)
    standin.faults.clear()
    run(home)
    load.load(home)
    assert stored(home) == expected(trust, tmp_path)
    assert load.load(home).batches == ()


def _one_step(home, standin, chance: random.Random) -> None:
    """One run of some days, which may stop anywhere."""
    first = FIRST + timedelta(days=chance.randrange(7))
    days = (first, min(TODAY, first + timedelta(days=chance.randrange(4)))) if chance.random() < 0.6 else None
    standin.short_every, standin.is_unsorted = chance.randrange(4), chance.random() < 0.5
    if chance.random() < 0.4:
        how = chance.choice(["half", "status", "cut"])
        standin.misbehave(how, times=chance.randrange(1, 9), after=chance.randrange(3), on="searchPosts")
    with pytest.MonkeyPatch.context() as patch, suppress(Stopped):
        patch.setattr("wordround.connectors.asking.fetching.time.sleep", lambda _: None)
        patch.setattr("wordround.connectors.asking.fetching._FIRST_PAUSE", 0.0)
        if chance.random() < 0.5:
            target = chance.choice(
                ["wordround.land.batch.sync", "wordround.land.batch.write_manifest", "wordround.land.batch.vault.seal"]
            )
            patch.setattr(target, _stop)
        run(home, first, days)
    if chance.random() < 0.6:
        with pytest.MonkeyPatch.context() as patch, suppress(Stopped):
            if chance.random() < 0.4:
                patch.setattr(load, chance.choice(["_record", "_record_queries"]), _stop)
            load.load(home)


def _stop(*_, **__):
    raise Stopped


_expected: dict[Path, list[tuple]] = {}


def expected(trust, tmp_path) -> list[tuple]:
    """The rows of one undisturbed run."""
    if tmp_path not in _expected:
        home = of_home(trust, tmp_path / "undisturbed")
        (home.home / "keys").mkdir(parents=True)
        key = home.home / "keys" / "pseudonym.key"
        key.write_text("ab" * 32)
        key.chmod(0o600)
        run(home)
        load.load(home)
        _expected[tmp_path] = stored(home)
    return _expected[tmp_path]


def test_every_row_of_a_run_is_accounted_for(trust):
    outcome = run(trust)
    rows = load.load(trust).rows
    assert rows.reconciles
    assert rows.rows_in == outcome.queries["tag"].rows
    assert (rows.refused, rows.reshared) == (1, 1)
    assert rows.loaded == 138
    assert rows.unchanged > 0, "rows that were shown twice"


def test_rows_that_do_not_add_up_are_not_loaded(trust, monkeypatch):
    run(trust)
    (manifest,) = manifests.landed(trust, "bluesky")
    one_more = manifest.rows.model_copy(update={"rows_in": manifest.rows.rows_in + 1})
    manifests.write_manifest(trust, manifest.model_copy(update={"rows": one_more}))
    with pytest.raises(RowsDoNotReconcile):
        load.load(trust)


def test_an_edit_changes_its_row_and_an_older_capture_that_is_loaded_later_does_not_take_it_back(trust, standin):
    run(trust)
    standin.posts[100] = standin.posts[100].but(text="Edited: they did call back #FernvaleNHS")
    # Landed under an earlier day, it is loaded before the capture that it corrects.
    run(trust, FIRST, days=(FIRST, TODAY))
    load.load(trust)
    texts = [row for row in stored(trust) if any("they did call back" in str(cell) for cell in row)]
    assert len(texts) == 1
    assert len(stored(trust)) == 139


def test_counts_that_have_moved_are_brought_up_to_date_and_the_row_counts_as_unchanged(trust, standin):
    run(trust)
    load.load(trust)
    standin.posts[0] = standin.posts[0].but(likes=4_321)
    run(trust)
    rows = load.load(trust).rows
    assert (rows.updated, rows.loaded) == (0, 0)
    with duckdb.connect(str(trust.warehouse_file), read_only=True) as connection:
        assert connection.execute("select count(*) from raw.comments where likes = 4321").fetchone() == (1,)


def test_a_query_that_failed_halfway_keeps_what_it_gave_and_asks_for_the_rest_next_time(trust, standin, monkeypatch):
    monkeypatch.setattr("wordround.connectors.asking.fetching.time.sleep", lambda _: None)
    standin.misbehave("status", times=99, after=1, on="searchPosts", status=503)
    outcome = run(trust)
    (window,) = outcome.queries["tag"].windows
    assert (window.error, window.is_closed) == ("SourceDown", False)
    assert outcome.refused[0].startswith("SourceDown: query 'tag'")
    kept = load.load(trust).rows.loaded
    assert 0 < kept < 138
    standin.faults.clear()
    outcome = run(trust)
    assert {window.error for window in outcome.queries["tag"].windows} == {None}
    load.load(trust)
    assert len(stored(trust)) == 139


def test_a_late_edit_that_looks_like_a_forged_date_does_not_move_its_post(trust, standin):
    run(trust)
    load.load(trust)
    when = standin.posts[100].posted_at
    standin.posts[100] = standin.posts[100].but(
        text="Edited a week later: nobody rang #FernvaleNHS", received_at=when + timedelta(days=3)
    )
    run(trust, days=(FIRST, TODAY))
    assert load.load(trust).rows.updated == 1
    with duckdb.connect(str(trust.warehouse_file), read_only=True) as connection:
        found = connection.execute("select posted_at, is_date_corrected from raw.comments where text like 'Edited a%'")
        assert found.fetchall() == [(when, False)]


def test_what_a_day_has_cost_is_known_to_its_next_run_however_the_last_one_ended(trust, standin, monkeypatch):
    from wordround.connectors.asking.contract import Price
    from wordround.connectors.bluesky.connector import Source

    monkeypatch.setattr(Source, "price", Price("dollars", per_request=1.0))
    block = trust.sources.bluesky.model_copy(update={"budget": 3.0})
    dear = trust.model_copy(update={"sources": trust.sources.model_copy(update={"bluesky": block})})
    with monkeypatch.context() as patch, suppress(Stopped):
        patch.setattr("wordround.land.batch.sync", _stop)
        run(dear)
    asked = len(standin.calls)
    assert asked == 3
    assert run(dear).notes[0].startswith("BudgetSpent")
    assert len(standin.calls) == asked


def test_captures_of_one_post_give_the_same_row_in_every_order(trust, standin, tmp_path):
    from itertools import permutations

    post = standin.posts[50]
    captures = [post.but(likes=0), post.but(text="Edited #FernvaleNHS", likes=7), post.but(likes=3)]
    days = [FIRST + timedelta(days=number) for number in range(3)]
    found = []
    for number, order in enumerate(permutations(range(3))):
        home = of_home(trust, tmp_path / f"order-{number}")
        (home.home / "keys").mkdir(parents=True)
        key = home.home / "keys" / "pseudonym.key"
        key.write_text("ab" * 32)
        key.chmod(0o600)
        # Loaded by the day that they stand for, whenever they were collected.
        for capture, place in zip(captures, order, strict=True):
            standin.posts[:] = [capture]
            run(home, days[place], days=(FIRST, TODAY))
        load.load(home)
        found.append(stored(home))
    assert all(rows == found[0] for rows in found)
    assert len(found[0]) == 1
