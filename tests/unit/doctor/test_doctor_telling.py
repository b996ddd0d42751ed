"""The doctor looks at who is told of alerts: names, addresses without showing one, and digests that did not go out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from wordround.doctor import examine
from wordround.records import deliveries
from wordround.records.deliveries import Delivery
from wordround.settings import PROJECT, Settings, load_settings

SUBSCRIPTIONS = """
[[alerts.subscriptions]]
name = "ward"
services = ["{service}", "no_such_ward"]
themes = ["no_such_theme"]
channel = "teams"

[[alerts.subscriptions]]
name = "team"
channel = "chat"
"""


def found() -> dict[str, dict[str, str]]:
    return {each["subject"]: each for each in examine()["findings"] if each["area"] == "alerts"}


@pytest.fixture
def subscribed(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    from wordround.registers.services import named_services

    config = tmp_path / "wordround.toml"
    written = SUBSCRIPTIONS.format(service=named_services()[0].service_id)
    config.write_text((PROJECT / "wordround.toml").read_text() + written)
    monkeypatch.setenv("WORDROUND_CONFIG", str(config))
    return load_settings()


def test_without_subscriptions_there_is_nothing_to_say(settings: Settings) -> None:
    assert found() == {}


def test_what_is_called_otherwise_and_a_channel_without_a_usable_address_are_named(
    subscribed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORDROUND_CHANNELS", "teams=json://chat.example.org/zqx-token")
    ward, teams, chat = (found()[name] for name in ("ward", "channel teams", "channel chat"))
    assert ward["state"] == "attention" and "no_such_ward, no_such_theme" in ward["says"]
    assert teams["state"] == "missing" and "unencrypted" in teams["says"]
    assert (chat["state"], chat["says"]) == ("missing", "has no address")
    monkeypatch.setenv("WORDROUND_CHANNELS", "teams=jsons://a.example/zqx-token chat=zqx-token")
    assert found()["channel teams"]["state"] == "ok"
    assert "zqx" not in str(examine())


def test_a_file_of_channels_that_others_may_read_is_said(
    subscribed: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "channels"
    file.write_text("teams=jsons://a.example/zqx\nchat=jsons://b.example/zqx\n")
    monkeypatch.setenv("WORDROUND_CHANNELS_FILE", str(file))
    file.chmod(0o644)
    assert found()["WORDROUND_CHANNELS_FILE"]["state"] == "missing"
    file.chmod(0o600)
    assert "WORDROUND_CHANNELS_FILE" not in found() and found()["channel chat"]["state"] == "ok"


def test_a_digest_that_did_not_go_out_is_said_until_one_does(subscribed: Settings) -> None:
    def step(event: deliveries.Event, reason: str | None = None) -> None:
        at = datetime(2026, 11, 29, 7, tzinfo=UTC)
        deliveries.log(subscribed, [Delivery(at, "team", "webhook", event, "k", ("n",), reason)])

    step("begun")
    assert "its process ended" in found()["team (webhook)"]["says"]
    step("failed", "it answered 500")
    assert "the digest of 29 November 2026 did not go out: it answered 500" in found()["team (webhook)"]["says"]
    step("sent")
    assert "team (webhook)" not in found()
