"""Conversations in the warehouse: what dbt reads before a build is what is declared then, and no more."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wordround.conversations import declaring
from wordround.settings import Settings
from wordround.warehouse import conversations
from wordround.warehouse.engine import connect

BLOCK = """
[[conversations]]
name = "maternity_hour"
tags = ["FernvaleMaternity", "MatHour"]
hosts = ["fernvale_perinatal"]
begins = 2026-07-09T20:00:00
ends = 2026-07-09T21:00:00

[[conversations]]
name = "backwards"
tags = ["NightHour"]
begins = 2026-07-09T21:00:00
ends = 2026-07-09T20:00:00
"""


def rows(settings: Settings) -> list[tuple[object, ...]]:
    with connect(settings) as connection:
        return connection.execute(
            "select conversation_id, label, tags, hosts, begins_at at time zone 'UTC', baseline_days, sources, "
            "declared_in from ops.conversations order by begins_at"
        ).fetchall()


def declare(settings: Settings) -> None:
    hour = {"begins": datetime(2026, 11, 12, 20, tzinfo=UTC), "ends": datetime(2026, 11, 12, 21, tzinfo=UTC)}
    declaring.declare(settings, "tweet_well", "KL", tags=["TweetWell"], sources=["bluesky"], baseline_days=7, **hour)


def test_what_is_declared_is_there_and_what_was_withdrawn_is_gone(settings_with: Callable[..., Settings]) -> None:
    settings = settings_with(added=BLOCK)
    declare(settings)
    conversations.bring_in_line(settings)
    begins = datetime(2026, 7, 9, 19)
    of_settings = (
        "maternity_hour", "Maternity hour", ["fernvalematernity", "mathour"], ["fernvale_perinatal"], begins, 14, [],
        "settings",
    )  # fmt: skip
    begins = datetime(2026, 11, 12, 20)
    of_people = ("tweet_well", "Tweet well", ["tweetwell"], [], begins, 7, ["bluesky"], "records")
    assert rows(settings) == [of_settings, of_people]
    declaring.withdraw(settings, "tweet_well", "KL")
    conversations.bring_in_line(settings)
    assert rows(settings) == [of_settings]


def test_where_the_records_cannot_be_read_those_of_the_last_build_stay(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    declare(settings)
    conversations.bring_in_line(settings)
    Path(settings.records / "records.sqlite").write_bytes(b"no database")
    conversations.bring_in_line(settings)
    assert [row[0] for row in rows(settings)] == ["tweet_well"]
    assert "RecordsDamaged" in caplog.text
