"""A clock that was ahead for one run and was set right, or that went back: what comes next is not lost for it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, tzinfo
from types import ModuleType

import duckdb
import pytest

from tests.fixtures.chains import feed
from tests.fixtures.fft_files import row
from tests.fixtures.social import SECRETS, asking_bluesky
from wordround import pipeline
from wordround.collect import files, queries
from wordround.collect.locking import source_lock
from wordround.connectors.asking import driver
from wordround.demo.standins.bluesky import Bluesky
from wordround.demo.standins.world import posts
from wordround.erasing.landed import clear_drafts
from wordround.land import batch, manifests
from wordround.settings import Settings
from wordround.warehouse import engine, gate_results, newer_loads, texts

WEEK = timedelta(days=7)
NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)


@contextmanager
def clock(ahead: timedelta, *modules: ModuleType) -> Iterator[None]:
    """Let the clock be ahead for modules that look at it."""

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + ahead

    with pytest.MonkeyPatch.context() as patch:
        for module in modules:
            patch.setattr(module, "datetime", Ahead)
        yield


def stored(settings: Settings) -> list[str]:
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        found = connection.execute("select text from raw.comments where text is not null order by text").fetchall()
    return [text for (text,) in found]


def test_a_correction_holds_that_comes_after_a_run_whose_clock_was_ahead(settings: Settings) -> None:
    with clock(WEEK, manifests, batch):
        feed(settings, [row(1, good="The wait was long", better="")], "first.csv")
    assert feed(settings, [row(1, good="The wait was short", better="")], "second.csv")["updated"] == 1
    assert stored(settings) == ["The wait was short"]
    first, second = manifests.landed(settings)
    assert first.landed_at < second.landed_at


def test_what_is_loaded_later_is_newer_whatever_the_clock_says(settings: Settings) -> None:
    feed(settings, [row(1)], "first.csv")
    with engine.connect(settings) as connection:
        for place in ("raw.comments set updated_at = updated_at", "ops.batches set loaded_at = loaded_at"):
            connection.execute(f"update {place} + interval 7 days")
        gate_results.record(connection, "loaded", (datetime.now(UTC) + WEEK).isoformat(), True, 2, 0)
        connection.execute("insert into understanding.models values ('sentiment', 'old', now() + interval 7 days)")
        last = connection.execute("select max(updated_at) from raw.comments").fetchone()
    assert not newer_loads.since_gate(settings, "loaded")
    feed(settings, [row(2)], "second.csv")
    # The gate looks at what is newer than itself, dbt at what is newer than its last row.
    assert newer_loads.since_gate(settings, "loaded")
    with engine.connect(settings) as connection:
        count = "select count(*) from raw.comments where updated_at > ?"
        assert connection.execute(count, last).fetchone() == (2,)
        texts.make_current(connection, "sentiment", "new")
        assert texts.versions_in_force(connection)["sentiment"] == "new"


def test_what_is_loaded_after_somebody_coded_on_a_machine_whose_clock_is_ahead_is_newer(settings: Settings) -> None:
    feed(settings, [row(1)], "first.csv")
    with engine.connect(settings) as connection:
        code = "select comment_id, null, null, null, now() + interval 3 minutes from raw.comments limit 1"
        connection.execute(f"insert into understanding.human_codes {code}")
    feed(settings, [row(2)], "second.csv")
    with engine.connect(settings) as connection:
        newest = "select max(updated_at) > (select max(coded_at) from understanding.human_codes) from raw.comments"
        assert connection.execute(newest).fetchone() == (True,)


def test_days_that_a_clock_ahead_took_for_answered_are_asked_for_again(
    settings_with: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = posts(3, until=NOW, every=timedelta(hours=1))
    with Bluesky(made) as standin:
        settings = asking_bluesky(standin, settings_with, monkeypatch, NOW.date() - timedelta(days=3))
        with clock(WEEK, queries, driver):
            queries.collect(settings, "bluesky", NOW.date() + WEEK, SECRETS)
        # Written after that run, and long enough before the next that nothing is asked again only for being fresh.
        standin.posts.append(made[0].but(id="late", posted_at=NOW + timedelta(days=3)))
        with clock(WEEK + WEEK, queries, driver):
            queries.collect(settings, "bluesky", NOW.date() + WEEK + WEEK, SECRETS)
    pipeline.load(settings)
    assert len(stored(settings)) == 4


def test_what_another_run_is_writing_stays_however_old_it_looks(settings: Settings) -> None:
    folder = settings.landing / "fft" / "2026-11-21"
    folder.mkdir(parents=True)
    draft = folder / f"{batch.DRAFT}20261121-abc.parquet"
    draft.touch()
    collects, is_over = threading.Event(), threading.Event()

    def run() -> None:
        with source_lock(settings, "fft"):
            collects.set()
            is_over.wait(60)

    other = threading.Thread(target=run)
    other.start()
    collects.wait(60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wordround.erasing.landed.time.time", lambda: (NOW + WEEK).timestamp())
        clear_drafts(settings)
        assert draft.exists()
        is_over.set()
        other.join()
        clear_drafts(settings)
        assert not draft.exists()


def test_rows_of_today_are_set_aside_where_the_clock_is_a_day_behind_and_taken_once_it_is_right(
    settings: Settings,
) -> None:
    today = date.today().isoformat()
    with clock(-timedelta(days=2), files):
        rows = feed(settings, [row(1, date=today)], "today.csv")
    assert rows["quarantined"] == 2
    file = settings.home / "inbox" / "fft" / "today.csv"
    assert pipeline.ingest(settings, "fft", date.today(), file)["rows"]["loaded"] == 2
