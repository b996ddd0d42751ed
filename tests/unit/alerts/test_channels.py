"""Webhooks are posted to for real, and their addresses are shown nowhere."""

import logging
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.fixtures.mail_server import certificate, free_port
from tests.fixtures.published import settings_for
from tests.fixtures.webhooks import webhook_server
from wordround.alerts import channels
from wordround.alerts.channels import NO_ANSWER, NotDelivered
from wordround.errors import SettingsInvalid
from wordround.settings import Environment, Settings

TITLE, BODY = "Patient comments: 1 new concern", "New concern: Kestrel Ward: 28% of 43 comments were negative."


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "WAITS", (0.0, 0.0))
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)


def with_channels(home: Path, **values: object) -> Settings:
    made = settings_for(home)
    return made.model_copy(update={"environment": Environment(home=home, **values)})


ADDRESSES = {
    "any": "json://127.0.0.1:{port}/zqx-token",
    "Mattermost": "mmost://127.0.0.1:{port}/zqx-token",
    "Rocket.Chat": "rocket://{z}/{q}@127.0.0.1:{port}/#room?mode=webhook",
}


@pytest.mark.parametrize("service", ADDRESSES)
def test_a_message_arrives_at_services_of_several_kinds_with_nothing_to_fetch_from_elsewhere(service: str) -> None:
    with webhook_server() as server:
        address = ADDRESSES[service].format(port=server.port, z="z" * 24, q="q" * 24)
        channels.send(SecretStr(address), TITLE, BODY)
    (posted,) = server.posted
    assert "28% of 43 comments" in posted.text
    assert "http" not in posted.text


def test_teams_is_posted_to_over_an_encrypted_connection_by_an_authority_of_the_trust(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    with webhook_server(context=context) as server:
        address = f"workflows://127.0.0.1:{server.port}/0123456789abcdef/zqx-signature"
        channels.send(SecretStr(address), TITLE, BODY)
    (posted,) = server.posted
    assert posted.path.startswith("/workflows/0123456789abcdef/triggers/manual/paths/invoke?")
    assert "28% of 43 comments" in posted.text and "raw.githubusercontent" not in posted.text


def test_a_certificate_that_nobody_trusts_stops_the_message(tmp_path: Path) -> None:
    _, context = certificate(tmp_path)
    with webhook_server(context=context) as server, pytest.raises(NotDelivered, match="certificate is not trusted"):
        channels.send(SecretStr(server.address("jsons")), TITLE, BODY)
    assert server.posted == []


@pytest.mark.parametrize("answers", [(503,), (429, 500)])
def test_a_server_in_trouble_is_asked_again(answers: tuple[int, ...]) -> None:
    with webhook_server(*answers) as server:
        channels.send(SecretStr(server.address()), TITLE, BODY)
    assert (len(server.posted), server.asked) == (1, len(answers) + 1)


@pytest.mark.parametrize(
    ("answers", "asked", "reason"), [((404,), 1, "404"), ((500, 500, 500), 3, "500"), ((302,), 1, "302")]
)
def test_a_refusal_is_told_by_its_number_and_a_redirect_leads_nowhere(
    answers: tuple[int, ...], asked: int, reason: str
) -> None:
    with webhook_server(*answers) as server, pytest.raises(NotDelivered, match=f"it answered {reason}"):
        channels.send(SecretStr(server.address()), TITLE, BODY)
    assert (server.posted, server.asked) == ([], asked)


def test_no_answer_is_not_asked_again_because_the_message_may_have_arrived() -> None:
    with webhook_server(0) as server, pytest.raises(NotDelivered, match=NO_ANSWER):
        channels.send(SecretStr(server.address()), TITLE, BODY)
    assert server.asked == 1
    with pytest.raises(NotDelivered, match="could not be reached"):
        channels.send(SecretStr(f"json://127.0.0.1:{free_port()}/zqx-token"), TITLE, BODY)


@pytest.mark.parametrize(
    "address",
    ["json://chat.example.org/zqx-token", "jsons://chat.example.org/zqx-token?verify=no", "https://zqx-token.example.org/x",
     "zqx-token", "nothing://zqx-token", "jsons://", "mmost://chat.example.org/zqx-token", "syslog://zqx-token"],
)  # fmt: skip
def test_an_address_that_is_none_or_not_encrypted_is_refused_and_not_shown(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert "zqx" not in (channels.problem(SecretStr(address)) or "zqx")
        with pytest.raises(NotDelivered) as failure:
            channels.send(SecretStr(address), TITLE, BODY)
    assert "zqx" not in str(failure.value) and "zqx" not in caplog.text


@pytest.mark.parametrize(
    "address",
    ["slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#quality",
     "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
     "https://prod-1.uksouth.logic.azure.com:443/workflows/abcdef0123/triggers/manual/paths/invoke"
     "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abcdefg",
     "jsons://user:pw@chat.example.org/hook", "mmosts://chat.example.org/zqx-token"],
)  # fmt: skip
def test_the_addresses_that_services_give_out_can_be_used(address: str) -> None:
    assert channels.problem(SecretStr(address)) is None


def test_nothing_of_a_message_or_an_address_is_logged(caplog: pytest.LogCaptureFixture, capfd: object) -> None:
    with caplog.at_level(logging.DEBUG), webhook_server(200, 404) as server:
        channels.send(SecretStr(server.address()), TITLE, BODY)
        with pytest.raises(NotDelivered):
            channels.send(SecretStr(server.address()), TITLE, BODY)
    assert "zqx-token" not in caplog.text and "Kestrel" not in caplog.text and "127.0.0.1" not in caplog.text
    assert logging.getLogger("apprise").propagate is True


class TestAddresses:
    """They come from the environment or a private file, by name."""

    def test_the_environments_come_before_those_of_the_file(self, tmp_path: Path) -> None:
        file = tmp_path / "channels"
        file.write_text("# of the quality team\nteams = jsons://one.example/a=b\n\nchat=jsons://two.example/x\n")
        made = with_channels(tmp_path, channels_file=file, channels="chat=jsons://three.example/y  more=jsons://four/z")
        found = {name: address.get_secret_value() for name, address in channels.addresses(made).items()}
        assert found == {
            "teams": "jsons://one.example/a=b", "chat": "jsons://three.example/y", "more": "jsons://four/z",
        }  # fmt: skip
        assert "one.example" not in repr(channels.addresses(made)) and "three.example" not in repr(made)

    @pytest.mark.parametrize(
        "line", ["zqx-token", "jsons://zqx-token", "=zqx-token", "Teams Room=jsons://zqx-token", "teams="]
    )
    def test_a_line_that_is_no_pair_is_named_by_its_number(self, tmp_path: Path, line: str) -> None:
        file = tmp_path / "channels"
        file.write_text(f"# first\n{line}\n")
        with pytest.raises(SettingsInvalid, match="line 2") as failure:
            channels.addresses(with_channels(tmp_path, channels_file=file))
        assert "zqx" not in str(failure.value)

    def test_a_file_that_is_not_there_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsInvalid, match="WORDROUND_CHANNELS_FILE"):
            channels.addresses(with_channels(tmp_path, channels_file=tmp_path / "gone"))
