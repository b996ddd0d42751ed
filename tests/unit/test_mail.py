"""Mail reaches a real SMTP server, or the error says in the server's own words why it did not."""

import socket
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.fixtures.mail_server import Inbox, certificate, free_port, mail_server, only_user
from tests.fixtures.published import settings_for
from wordround import mail
from wordround.errors import MailRefused
from wordround.settings import Settings

TO = ("quality@fernvale.example", "board@fernvale.example")


def settings(home: Path, port: int, *, starttls: bool = False, host: str = "127.0.0.1", user: str = "") -> Settings:
    made = settings_for(home, mail={"host": host, "port": port, "starttls": starttls})
    if not user:
        return made
    environment = made.environment.model_copy(update={"smtp_user": user, "smtp_password": SecretStr("correct horse")})
    return made.model_copy(update={"environment": environment})


def send(made: Settings, to: tuple[str, ...] = TO) -> str:
    message = mail.compose(made, to, "Caf\u00e9\nnext", "plain \u201cwords\u201d", "<p>words</p>", "key")
    mail.deliver(made, message)
    return str(message["Message-ID"])


def test_a_message_arrives_with_both_parts_and_with_its_headers(tmp_path: Path) -> None:
    with mail_server() as inbox:
        message_id = send(settings(tmp_path, inbox.port))
    (message,) = inbox.messages
    assert inbox.recipients == [list(TO)]
    assert message["Subject"] == "Caf\u00e9 next"
    assert message["Message-ID"] == message_id and message_id.endswith("@fernvale.example>")
    assert message["Auto-Submitted"] == "auto-generated" and "wordround.fernvale.example" in message["List-Id"]
    assert message["Date"] and message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    plain = message.get_body(("plain",))
    assert plain is not None and plain.get_content().strip() == "plain \u201cwords\u201d"


def test_one_refused_recipient_means_that_nobody_is_sent_anything(tmp_path: Path) -> None:
    with (
        mail_server(Inbox(refused={TO[1]: "550 5.1.1 no such mailbox here"})) as inbox,
        pytest.raises(MailRefused, match=r"1 of 2 recipients.*no such mailbox here"),
    ):
        send(settings(tmp_path, inbox.port))
    assert inbox.messages == []


def test_the_servers_own_words_are_given_when_it_refuses_the_message(tmp_path: Path) -> None:
    with (
        mail_server(Inbox(answer="554 5.7.1 looks like junk")) as inbox,
        pytest.raises(MailRefused, match=r"554 5\.7\.1 looks like junk"),
    ):
        send(settings(tmp_path, inbox.port))


def test_a_server_that_hangs_up_in_the_middle_is_an_error(tmp_path: Path) -> None:
    with mail_server(Inbox(drop=True)) as inbox, pytest.raises(MailRefused):
        send(settings(tmp_path, inbox.port))
    assert inbox.messages == []


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    port = free_port()
    with pytest.raises(MailRefused, match=rf"127\.0\.0\.1:{port} cannot be reached"):
        send(settings(tmp_path, port))


def test_a_server_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(MailRefused, match="timed out"):
        send(settings(tmp_path, silent.getsockname()[1]))


def test_the_user_logs_in_over_an_encrypted_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    options = {"tls_context": context, "require_starttls": True, "auth_required": True}
    with mail_server(authenticator=only_user("wordround", "correct horse"), **options) as inbox:
        send(settings(tmp_path, inbox.port, starttls=True, user="wordround"))
        assert len(inbox.messages) == 1
        with pytest.raises(MailRefused, match="535"):
            send(settings(tmp_path, inbox.port, starttls=True, user="somebody"))


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    _, context = certificate(tmp_path)
    with mail_server(tls_context=context) as inbox, pytest.raises(MailRefused, match="no trusted encryption"):
        send(settings(tmp_path, inbox.port, starttls=True))
    assert inbox.messages == []


def test_a_password_is_never_sent_unencrypted_across_the_network(tmp_path: Path) -> None:
    # 0.0.0.0 reaches the server on this machine, and does not look like this machine
    with mail_server() as inbox, pytest.raises(MailRefused, match="unencrypted"):
        send(settings(tmp_path, inbox.port, host="0.0.0.0", user="wordround"))
    assert inbox.messages == []


def test_an_address_that_would_add_a_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MailRefused, match="not an e-mail address"):
        mail.compose(settings(tmp_path, 1), ("a@b.example\nBcc: c@d.example",), "s", "p", "h", "k")


def test_the_same_key_gives_the_same_message_id_and_another_key_another(tmp_path: Path) -> None:
    made = settings(tmp_path, 1)
    ids = [str(mail.compose(made, TO, "s", "p", "h", key)["Message-ID"]) for key in ("one", "one", "two")]
    assert ids[0] == ids[1] != ids[2]
