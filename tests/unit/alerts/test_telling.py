"""Each subscriber is told what concerns him, once; one that cannot be told stops no other, and is told later."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.legible import Search, files_below, legible
from tests.fixtures.mail_server import Inbox, free_port, mail_server
from tests.fixtures.published import settings_for
from tests.fixtures.webhooks import Webhooks, webhook_server
from wordround.alerts import channels, telling
from wordround.alerts.telling import AGAIN, Digest, News
from wordround.errors import SettingsInvalid
from wordround.records import deliveries
from wordround.settings import PROJECT, Environment, Settings, Subscription, load_settings

NOW = datetime.now(UTC)
NEWS = (
    News("k1", NOW, "kestrel", frozenset(), "concern", "alert"),
    News("k2", NOW, "kestrel", frozenset({"waiting", "access_to_care"}), "concern", "watch"),
    News("h1", NOW, "heron", frozenset(), "improvement", "alert"),
    News("t1", NOW, None, frozenset({"waiting", "access_to_care"}), "concern", "alert"),
)


def write(due: Sequence[News]) -> Digest:
    told = " ".join(sorted(one.key for one in due))
    return Digest(f"About {told}", f"plain {told}", f"<p>html {told}</p>", f"brief {told}")


def made(
    home: Path, port: int, *subscriptions: dict[str, Any], everybody: Sequence[str] = (), **channel: Webhooks
) -> Settings:
    settings = settings_for(
        home,
        mail={"host": "127.0.0.1", "port": port} if port else {"host": ""},
        alerts={"recipients": list(everybody), "subscriptions": list(subscriptions)},
    )
    pairs = " ".join(f"{name}={server.address()}" for name, server in channel.items())
    return settings.model_copy(update={"environment": Environment(home=home, channels=pairs or None)})


def by_mail(name: str, **what: Any) -> dict[str, Any]:
    return {"name": name, "recipients": [f"{name}@fernvale.example"], **what}


def sent(inbox: Inbox) -> dict[str, str]:
    return {str(message["To"]): str(message["Subject"]) for message in inbox.messages}


def bodies(server: Webhooks) -> list[str]:
    return [posted.message["message"] for posted in server.posted]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "WAITS", (0.0, 0.0))


@pytest.mark.parametrize(
    ("what", "keys"),
    [
        ({}, "h1 k1 t1"),
        ({"tier": "watch"}, "h1 k1 k2 t1"),
        ({"services": ["kestrel"]}, "k1"),
        ({"services": ["kestrel", "heron"], "direction": "improvement"}, "h1"),
        ({"direction": "concern"}, "k1 t1"),
        ({"themes": ["waiting"]}, "t1"),
        ({"themes": ["access_to_care"], "services": ["kestrel"], "tier": "watch"}, "k2"),
        ({"services": ["merlin"]}, None),
    ],
)
def test_a_subscriber_gets_one_digest_of_what_concerns_him(
    tmp_path: Path, what: dict[str, Any], keys: str | None
) -> None:
    with mail_server() as inbox:
        told = telling.tell(made(tmp_path, inbox.port, by_mail("lead", **what)), NEWS, write)
    assert sent(inbox) == ({"lead@fernvale.example": f"About {keys}"} if keys else {})
    assert told.sent == bool(keys) and told.refused == ()


def test_everybody_each_subscriber_and_each_channel_is_told_for_itself_and_by_webhook_in_brief(tmp_path: Path) -> None:
    with mail_server() as inbox, webhook_server() as teams:
        settings = made(
            tmp_path, inbox.port, by_mail("kestrel-lead", services=["kestrel"], channel="teams"),
            {"name": "board", "channel": "teams", "direction": "improvement"},
            everybody=["quality@fernvale.example"], teams=teams,
        )  # fmt: skip
        assert telling.tell(settings, NEWS, write).sent == 4
        assert telling.tell(settings, NEWS, write).sent == 0
    assert sent(inbox) == {"quality@fernvale.example": "About h1 k1 t1", "kestrel-lead@fernvale.example": "About k1"}
    assert bodies(teams) == ["brief k1", "brief h1"]
    events = [(step.subscriber, step.way, step.event) for step in deliveries.logged(settings)]
    assert events == [
        (name, way, event)
        for name, way in (
            ("recipients", "mail"),
            ("kestrel-lead", "mail"),
            ("kestrel-lead", "webhook"),
            ("board", "webhook"),
        )
        for event in ("begun", "sent")
    ]


def test_who_cannot_be_told_stops_nobody_else_and_alone_is_told_by_the_next_run(tmp_path: Path) -> None:
    refusing = Inbox(refused={"gone@fernvale.example": "550 no such user"})
    with mail_server(refusing) as inbox, webhook_server(404) as teams, webhook_server() as chat:
        settings = made(
            tmp_path, inbox.port, by_mail("gone"), by_mail("lead"),
            {"name": "team", "channel": "teams"}, {"name": "room", "channel": "chat"},
            {"name": "lost", "channel": "none"},
            teams=teams, chat=chat,
        )  # fmt: skip
        told = telling.tell(settings, NEWS, write)
        assert (told.sent, told.failed) == (2, 3)
        assert [line.partition(" (")[0] for line in told.refused] == ["gone", "team", "lost"]
        assert "it answered 404" in told.refused[1] and "channel none has no address" in told.refused[2]
        assert {(step.subscriber, step.way): step.reason for step in deliveries.unsent(settings)} == {
            ("gone", "mail"): "the mail server did not take it",
            ("team", "webhook"): "it answered 404",
            ("lost", "webhook"): "channel none has no address in WORDROUND_CHANNELS or WORDROUND_CHANNELS_FILE",
        }
        refusing.refused.clear()
        more = (*NEWS, News("k3", NOW, "kestrel", frozenset(), "concern", "alert"))
        told = telling.tell(settings, more, write)
        assert (told.sent, told.failed) == (4, 1)
    assert [str(message["Subject"]) for message in inbox.messages if "gone" in message["To"]] == ["About h1 k1 k3 t1"]
    assert [str(message["Subject"]) for message in inbox.messages if "lead" in message["To"]] == [
        "About h1 k1 t1",
        "About k3",
    ]
    assert bodies(teams) == ["brief h1 k1 k3 t1"] and bodies(chat) == ["brief h1 k1 t1", "brief k3"]
    assert [step.subscriber for step in deliveries.unsent(settings)] == ["lost"]


def test_a_mail_server_that_is_away_does_not_stop_the_webhooks(tmp_path: Path) -> None:
    with webhook_server() as teams:
        settings = made(tmp_path, free_port(), by_mail("lead", channel="teams"), teams=teams)
        told = telling.tell(settings, NEWS, write)
    assert (told.sent, told.failed, bodies(teams)) == (1, 1, ["brief h1 k1 t1"])
    assert "cannot be reached" in told.refused[0]


def test_a_digest_that_failed_is_tried_again_as_the_same_message(tmp_path: Path) -> None:
    with mail_server(Inbox(drop=True)) as inbox:
        telling.tell(made(tmp_path, inbox.port, by_mail("lead")), NEWS, write)
    with mail_server() as inbox:
        settings = made(tmp_path, inbox.port, by_mail("lead"))
        telling.tell(settings, NEWS, write)
    assert len({step.message_key for step in deliveries.logged(settings)}) == 1
    assert len(inbox.messages) == 1


def test_where_no_answer_came_the_next_message_says_that_it_may_be_known(tmp_path: Path) -> None:
    with webhook_server(0) as teams:
        settings = made(tmp_path, 0, {"name": "team", "channel": "teams"}, teams=teams)
        assert "did not answer" in telling.tell(settings, NEWS, write).refused[0]
        assert telling.tell(settings, NEWS, write).sent == 1
    assert bodies(teams) == ["brief h1 k1 t1", f"{AGAIN}\n\nbrief h1 k1 t1"]


def test_who_subscribes_today_is_not_told_of_long_ago_and_who_was_away_for_a_month_is(tmp_path: Path) -> None:
    month = NOW - timedelta(weeks=5)
    older = (*NEWS[:1], News("old", month, "kestrel", frozenset(), "concern", "alert"))
    ancient = News("ancient", NOW - timedelta(weeks=9), "kestrel", frozenset(), "concern", "alert")
    with mail_server() as inbox:
        settings = made(tmp_path, inbox.port, by_mail("lead"))
        telling.tell(settings, older, write)
        assert sent(inbox) == {"lead@fernvale.example": "About k1"}
        missed = News("missed", month, "kestrel", frozenset(), "concern", "alert")
        telling.tell(settings, (*NEWS[:1], missed, ancient), write)
    assert str(inbox.messages[-1]["Subject"]) == "About missed"


def test_without_a_mail_server_or_anything_new_nothing_is_sent_or_logged(tmp_path: Path) -> None:
    settings = made(tmp_path, 0, by_mail("lead"), everybody=["a@fernvale.example"])
    assert telling.tell(settings, NEWS, write) == telling.Told()
    with mail_server() as inbox:
        assert telling.tell(made(tmp_path, inbox.port, by_mail("lead")), (), write) == telling.Told()
    assert not settings.records.exists()


def test_no_address_is_in_a_file_or_a_message(tmp_path: Path) -> None:
    with webhook_server(404, 200) as teams:
        settings = made(tmp_path, 0, {"name": "team", "channel": "teams"}, teams=teams)
        refused = telling.tell(settings, NEWS, write).refused
        telling.tell(settings, NEWS, write)
    search = Search({"address": ("zqx-token", str(teams.port))})
    assert "zqx-token" not in str(refused) and str(teams.port) not in str(refused)
    assert [path for path in files_below(tmp_path) if search.names_in(legible(path))] == []


_TELL = """
import sys
from pathlib import Path
from tests.unit.alerts import test_telling as these
from tests.fixtures.webhooks import Webhooks
server = Webhooks(port=int(sys.argv[2]))
settings = these.made(Path(sys.argv[1]), 0, {"name": "team", "channel": "teams"}, teams=server)
these.telling.tell(settings, these.NEWS, these.write)
"""


def test_a_kill_while_a_digest_goes_out_loses_nothing_and_the_next_says_that_it_may_be_known(tmp_path: Path) -> None:
    with webhook_server() as teams:
        teams.wait.clear()
        process = subprocess.Popen([sys.executable, "-c", _TELL, str(tmp_path), str(teams.port)], cwd=PROJECT)
        try:
            assert teams.came.wait(60)
            os.kill(process.pid, signal.SIGKILL)
        finally:
            process.wait()
            teams.wait.set()
        settings = made(tmp_path, 0, {"name": "team", "channel": "teams"}, teams=teams)
        assert [step.event for step in deliveries.logged(settings)] == ["begun"]
        assert [step.subscriber for step in deliveries.unsent(settings)] == ["team"]
        assert telling.tell(settings, NEWS, write).sent == 1
        assert telling.tell(settings, NEWS, write).sent == 0
    assert bodies(teams)[-1] == f"{AGAIN}\n\nbrief h1 k1 t1"


class TestSubscriptions:
    """What cannot be meant is an error of the settings."""

    @pytest.mark.parametrize(
        ("written", "says"),
        [
            ('[[alerts.subscriptions]]\nname = "lead"\n', "recipients, a channel, or both"),
            ('[[alerts.subscriptions]]\nname = "Lead Nurse"\nchannel = "teams"\n', "name"),
            ('[[alerts.subscriptions]]\nname = "a"\nchannel = "x"\ntier = "all"\n', "tier"),
            ('[[alerts.subscriptions]]\nname = "a"\nchannel = "x"\n' * 2, "two subscriptions have the name a"),
            ('[[alerts.subscriptions]]\nname = "recipients"\nchannel = "x"\n', "cannot be called recipients"),
            ('[[alerts.subscriptions]]\nname = "a"\nchannel = "json://zqx-token"\n', "channel"),
        ],
    )
    def test_an_error_names_the_setting(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, says: str
    ) -> None:
        config = tmp_path / "wordround.toml"
        config.write_text((PROJECT / "wordround.toml").read_text() + "\n" + written)
        monkeypatch.setenv("WORDROUND_CONFIG", str(config))
        with pytest.raises(SettingsInvalid, match=says) as failure:
            load_settings()
        assert "zqx" not in str(failure.value)

    def test_everybody_comes_first(self, tmp_path: Path) -> None:
        settings = made(tmp_path, 0, by_mail("lead"), everybody=["a@b.example"])
        first, second = settings.alerts.subscribers()
        assert (first.name, first.recipients, first.tier, first.channel) == (
            "recipients",
            ("a@b.example",),
            "alert",
            None,
        )
        assert isinstance(second, Subscription) and second.name == "lead"
