"""A back-fill without Airflow: each day as its daily run would have it, the last one included."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.fixtures.feeding import stored
from tests.fixtures.fft_files import row, write_csv
from tests.fixtures.social import asking_bluesky
from wordround import pipeline
from wordround.demo.standins.bluesky import Bluesky
from wordround.demo.standins.world import posts
from wordround.errors import SettingsInvalid
from wordround.land.manifests import landed
from wordround.settings import Settings

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
LAST = NOW.date() - timedelta(days=2)
FIRST = LAST - timedelta(days=3)


@pytest.fixture
def unpublished(monkeypatch: pytest.MonkeyPatch) -> None:
    """Building takes the most of a minute, and is the same as of every chain."""
    monkeypatch.setattr(pipeline, "_build_and_publish", lambda *_: {"published": "not here"})


def test_every_day_is_collected_the_last_included_and_answered_once(
    settings_with, monkeypatch: pytest.MonkeyPatch, unpublished: None
) -> None:
    with Bluesky(posts(300, until=NOW, every=timedelta(hours=1))) as standin:
        trust = asking_bluesky(standin, settings_with, monkeypatch, FIRST)
        outcome = pipeline.backfill(trust, FIRST, LAST, "bluesky")
        asked = len(standin.asked("searchPosts"))
        pipeline.backfill(trust, FIRST, LAST, "bluesky")
    days = [FIRST + timedelta(days=number) for number in range(4)]
    assert list(outcome["days"]) == [day.isoformat() for day in days]
    assert outcome["refused"] == [] and outcome["published"] == "not here"
    assert sorted({one.logical_date for one in landed(trust, "bluesky")}) == days
    counts = dict(stored(trust, "posted_date, count(*) over (partition by posted_date)"))
    assert set(counts) == set(days) and min(counts.values()) >= 23, "each day whole, and no other"
    assert len(standin.asked("searchPosts")) - asked <= asked / 4, "what was answered is hardly asked again"


def test_a_source_that_refuses_is_named_once_and_the_others_go_on(settings_with, unpublished: None) -> None:
    trust = settings_with(
        added='[sources.bluesky]\nenabled = true\n[[sources.bluesky.queries]]\nid = "q"\nhashtags=["A"]'
    )
    write_csv(trust.home / "inbox" / "fft" / "week.csv", [row(1), row(2)])
    outcome = pipeline.backfill(trust, FIRST, LAST)
    assert [refusal.partition(":")[0] for refusal in outcome["refused"]] == ["SettingsInvalid"]
    assert [list(accounts) for accounts in outcome["days"].values()] == [["fft"]] * 4
    assert [one.logical_date for one in landed(trust)] == [FIRST]


def test_a_source_that_is_not_in_the_settings_is_refused_by_name(settings: Settings) -> None:
    with pytest.raises(SettingsInvalid, match=r"\[sources.youtube\]"):
        pipeline.backfill(settings, FIRST, LAST, "youtube")
