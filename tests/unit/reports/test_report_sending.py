"""A report is sent once, to a real SMTP server, and a failed attempt leaves no mark."""

import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.mail_server import Inbox, free_port, mail_server
from tests.fixtures.published import settings_for
from wordround import reports
from wordround.errors import FileUnreadable, MailRefused, RecordsDamaged
from wordround.records.sent_reports import last_sent
from wordround.settings import Settings

NOTICE = "https://trust.example/privacy"
FINDING = "Kestrel <Ward> has more negative comments than usual."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "reports" / "2026-W46"
    folder.mkdir(parents=True)
    stated = {"source": "Survey", "lines": ["Impact assessment: DPIA 7."], "notice": NOTICE}
    report = {
        "period": "2026-W46", "title": "week 2026-W46", "first_day": "2026-11-09", "last_day": "2026-11-15",
        "trust": "Fernvale", "build_id": "b7",
        "rules": {"largest_hidden_count": "4"}, "governance": [stated], "findings": [FINDING], "services": [],
        "first_page": {"What changed": [FINDING], "Social media": ["Nothing was found in public."]},
        "quoted_comment_ids": [],
    }  # fmt: skip
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
    (folder / "report.txt").write_text("FINDINGS\nplain words\n", encoding="utf-8")
    (folder / "report.html").write_text("<!DOCTYPE html><p>the whole report</p>", encoding="utf-8")
    return folder


def settings(home: Path, port: int, **report: Any) -> Settings:
    block = {"recipients": ["quality@fernvale.example"], "sender": "wordround@fernvale.example"} | report
    return settings_for(home, mail={"host": "127.0.0.1", "port": port}, report=block)


def test_the_mail_has_plain_text_a_summary_and_the_report_attached(tmp_path: Path, folder: Path) -> None:
    with mail_server() as inbox:
        outcome = reports.send(settings(tmp_path, inbox.port), folder)
    (message,) = inbox.messages
    assert outcome == reports.Sent(recipients=1, message_id=message["Message-ID"], sent=True)
    assert message["Subject"] == "What patients said: week 2026-W46, Fernvale"
    assert message.get_content_type() == "multipart/mixed"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None and "plain words" in plain.get_content()
    assert html is not None and "Kestrel &lt;Ward&gt; has more" in html.get_content()
    assert "Impact assessment: DPIA 7." in html.get_content() and f'href="{NOTICE}"' in html.get_content()
    assert html.get_content().count("http") == html.get_content().count(NOTICE)
    assert "<h2" in html.get_content() and "Nothing was found in public." in html.get_content()
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "patient-comments-2026-W46.html"
    assert attached.get_content_type() == "text/html"
    assert "the whole report" in attached.get_content()


def test_a_second_run_sends_nothing_unless_it_is_forced(tmp_path: Path, folder: Path) -> None:
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        first = reports.send(made, folder)
        second = reports.send(made, folder)
        assert len(inbox.messages) == 1
        assert second.sent is False and second.recipients == 0 and "already sent" in (second.reason or "")
        assert second.message_id == first.message_id
        third = reports.send(made, folder, force=True)
        assert len(inbox.messages) == 2 and third.message_id != first.message_id


def test_a_refused_mail_leaves_no_mark_so_that_a_retry_sends_the_same_message(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(MailRefused):
        reports.send(settings(tmp_path, free_port()), folder)
    with mail_server(Inbox(drop=True)) as inbox, pytest.raises(MailRefused):
        reports.send(settings(tmp_path, inbox.port), folder)
    refused = {"quality@fernvale.example": "550 no such mailbox"}
    with mail_server(Inbox(refused=refused)) as inbox, pytest.raises(MailRefused, match="no such mailbox"):
        reports.send(settings(tmp_path, inbox.port), folder)
    assert last_sent(settings(tmp_path, 1), "2026-W46") is None
    with mail_server() as inbox:
        assert reports.send(settings(tmp_path, inbox.port), folder).sent is True
    sent = last_sent(settings(tmp_path, 1), "2026-W46")
    assert sent and (sent.recipient_count, sent.build_id) == (1, "b7")
    assert sent.report_sha256 == hashlib.sha256((folder / "report.html").read_bytes()).hexdigest()
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "report.json", "report.txt"]


def test_without_recipients_nothing_is_sent_and_the_reason_is_given(tmp_path: Path, folder: Path) -> None:
    made = settings(tmp_path, free_port(), recipients=[])
    outcome = reports.send(made, folder)
    assert outcome.sent is False and outcome.recipients == 0 and "no recipients" in (outcome.reason or "")
    assert last_sent(made, "2026-W46") is None


@pytest.mark.parametrize("name", ["report.html", "report.txt", "report.json"])
def test_an_incomplete_report_is_not_sent(tmp_path: Path, folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(FileUnreadable, match="no complete report"):
        reports.send(settings(tmp_path, free_port()), folder)


def test_a_report_whose_figures_are_not_whole_is_not_sent(tmp_path: Path, folder: Path) -> None:
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    del report["services"]
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
    with pytest.raises(FileUnreadable, match="no complete report"):
        reports.send(settings(tmp_path, free_port()), folder)


def test_a_report_whose_quoted_ids_were_brought_under_a_fresh_key_is_sent(tmp_path: Path, folder: Path) -> None:
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    (folder / "report.json").write_text(json.dumps(report | {"quoted_ids_link_count": 2}), encoding="utf-8")
    with mail_server() as inbox:
        assert reports.send(settings(tmp_path, inbox.port), folder).sent


def test_damaged_records_stop_rather_than_send_twice(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "records.sqlite").write_bytes(b"")
    with mail_server() as inbox, pytest.raises(RecordsDamaged, match=r"records\.sqlite"):
        reports.send(settings(tmp_path, inbox.port), folder)
    assert inbox.messages == []


def test_a_report_that_was_written_again_since_is_still_the_one_that_was_sent(tmp_path: Path, folder: Path) -> None:
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        reports.send(made, folder)
        (folder / "report.html").write_text("<!DOCTYPE html><p>other words</p>", encoding="utf-8")
        assert reports.send(made, folder).sent is False
    assert len(inbox.messages) == 1


@pytest.mark.parametrize(
    ("pdf", "page", "names"),
    [
        (300_000, 200_000, ["pdf", "html"]),
        (500_000, 600_000, ["pdf"]),
        (900_000, 600_000, ["html"]),
        (900_000, 2_000_000, ["zip"]),
        (None, 200_000, ["html"]),
        (None, 2_000_000, ["zip"]),
    ],
)
def test_opening_the_mail_costs_less_than_a_megabyte(
    tmp_path: Path, folder: Path, pdf: int | None, page: int, names: list[str]
) -> None:
    if pdf:
        (folder / "report.pdf").write_bytes(b"%PDF" + secrets.token_bytes(pdf))
    (folder / "report.html").write_text("<p>nurse</p>" * (page // 12), encoding="utf-8")
    with mail_server() as inbox:
        reports.send(settings(tmp_path, inbox.port), folder)
    (message,) = inbox.messages
    assert [str(each.get_filename()).rpartition(".")[2] for each in message.iter_attachments()] == names
    assert len(message.as_bytes()) < 1_000_000
    html = message.get_body(("html",))
    assert html is not None and all(f"patient-comments-2026-W46.{name}" in html.get_content() for name in names)


def test_a_report_that_is_too_large_in_every_form_is_named_and_not_attached(tmp_path: Path, folder: Path) -> None:
    (folder / "report.html").write_text(secrets.token_hex(1_000_000), encoding="utf-8")
    with mail_server() as inbox:
        reports.send(settings(tmp_path, inbox.port), folder)
    (message,) = inbox.messages
    html = message.get_body(("html",))
    assert list(message.iter_attachments()) == []
    assert html is not None and "too large for a mail. It lies in the folder 2026-W46" in html.get_content()
