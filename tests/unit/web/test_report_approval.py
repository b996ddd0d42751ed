"""An approver reads a report within the page and approves or rejects it: once, for exactly the page that was read."""

import json
import re
from pathlib import Path

import pytest

from tests.fixtures.mail_server import mail_server
from tests.fixtures.published import settings_for
from tests.fixtures.web import Site, Visitor, site, words
from wordround import reports
from wordround.errors import SettingsInvalid
from wordround.records import comment_readings, report_decisions, sent_reports
from wordround.records.report_decisions import Decision
from wordround.settings import PROJECT

WEEK = "2026-W46"
DECIDE = f"/reports/{WEEK}/decide"
LEADS = [{"name": "Kestrel", "services": ["kestrel"], "recipients": ["k@fernvale.example"]}]
WHY = "The crisis team is missing."


@pytest.fixture
def approver(page: Site, undrawn: None, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """An approver of the report of a week with one edition; verbs find the same home."""
    render(page)
    monkeypatch.setenv("WORDROUND_HOME", str(page.settings.home))
    monkeypatch.setenv("WORDROUND_CONFIG", str(PROJECT / "wordround.toml"))
    monkeypatch.setenv("WORDROUND_SMTP_HOST", "127.0.0.1")
    return page.visitor("m.farrow", "approvers")


def render(page: Site) -> None:
    reports.render(settings_for(page.settings.home, report={"pdf": False, "leads": LEADS}))


def logged(page: Site) -> list[Decision]:
    return report_decisions.of_reports(page.settings, [WEEK, f"{WEEK}-kestrel"])


def test_what_waits_is_read_within_the_page_in_a_frame_where_nothing_runs(page: Site, approver: Visitor) -> None:
    assert f'href="{DECIDE}"' in approver.get("/reports").text
    opened = approver.get(DECIDE)
    (frame,) = re.findall(r"<iframe [^>]*>", opened.text)
    assert 'sandbox="allow-popups"' in frame and f'src="/reports/{WEEK}/preview"' in frame
    policy = opened.headers["Content-Security-Policy"]
    assert policy.endswith("; frame-src 'self'") and "frame-ancestors 'none'" in policy
    assert "frame-src" not in approver.get("/reports").headers["Content-Security-Policy"]
    shown = approver.get(f"/reports/{WEEK}/preview")
    assert shown.content == (page.settings.reports / WEEK / "report.html").read_bytes()
    policy = shown.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox") and "allow-scripts" not in policy and "allow-same-origin" not in policy
    assert "frame-ancestors 'self'" in policy and shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert approver.get(f"{DECIDE}?edition={WEEK}-kestrel").text.count(f"/reports/{WEEK}-kestrel/preview") == 1
    assert approver.get(f"{DECIDE}?edition=2026-W45").status_code == 404


@pytest.mark.parametrize("group", ["readers", "kestrel-leads", "analysts", "coders", "governance"])
def test_nobody_else_decides_or_opens_the_page_where_it_is_decided(page: Site, approver: Visitor, group: str) -> None:
    other = page.visitor("x", group)
    token = re.findall(r'name="form_token" value="([^"]*)"', other.get("/account").text)
    for path in (DECIDE, f"/reports/{WEEK}/preview"):
        assert other.get(path).status_code == 403
    for form in ("decide", "tell"):
        sent = {"form_token": token[0] if token else "", "decision": "approve"}
        assert other.client.post(f"/reports/{WEEK}/{form}", data=sent).status_code == 403
    assert "Read and decide" not in other.get("/reports").text and logged(page) == []


def test_a_rejection_needs_a_reason_is_kept_and_keeps_the_report_from_being_sent(page: Site, approver: Visitor) -> None:
    without = approver.send(DECIDE, DECIDE, decision="reject", why=" ")
    assert without.status_code == 422 and "Say why it is rejected" in words(without)
    assert approver.send(DECIDE, DECIDE).status_code == 422, "neither was chosen"
    assert logged(page) == []
    done = words(
        approver.send(DECIDE, DECIDE, decision="reject", why="Doreen Ackroyd says: the crisis team is missing.")
    )
    assert "Rejected. It is not sent." in done and "Rejected by m.farrow" in done
    assert {(each.report, each.is_approved, each.by, each.way) for each in logged(page)} == {
        (WEEK, False, "m.farrow", "page"), (f"{WEEK}-kestrel", False, "m.farrow", "page"),
    }  # fmt: skip
    assert all("crisis team is missing" in str(each.why) and "Ackroyd" not in str(each.why) for each in logged(page))
    with mail_server() as inbox:
        mail = {"host": "127.0.0.1", "port": inbox.port}
        made = settings_for(page.settings.home, mail=mail, report={"recipients": ["b@fernvale.example"]})
        assert reports.send(made, page.settings.reports / WEEK).sent is False
    assert inbox.messages == []


def test_a_rejection_holds_for_the_same_page_made_again_and_is_taken_back_with_a_reason(
    page: Site, approver: Visitor
) -> None:
    approver.send(DECIDE, DECIDE, decision="reject", why=WHY)
    written = page.settings.reports / WEEK / "report.html"
    same = written.read_bytes()
    written.unlink()
    written.write_bytes(same)
    said = approver.words(DECIDE)
    assert "Rejected by m.farrow" in said and "is the same report: the rejection holds for it too" in said
    second = page.visitor("j.okafor", "approvers")
    without = second.send(DECIDE, DECIDE, decision="approve", why=" ")
    assert without.status_code == 422 and "Say why the rejection is taken back" in words(without)
    assert not any(each.is_approved for each in logged(page))
    second.send(DECIDE, DECIDE, decision="approve", why="Doreen Ackroyd says: the team was never part of it.")
    taken_back = logged(page)[-1]
    assert taken_back.is_approved and taken_back.by == "j.okafor" and "never part of it" in str(taken_back.why)
    assert "Ackroyd" not in str(taken_back.why)
    said = approver.words(DECIDE)
    assert "Approved by j.okafor" in said and "The reason:" in said and "the rejection holds" not in said

    written.write_bytes(same.replace(b"Kestrel Ward", b"Kestrel"))
    assert "waits for a decision" in approver.words(DECIDE), "another page, another report"


def test_of_two_approvers_at_once_the_second_is_told_and_nothing_is_written_over_the_first(
    page: Site, approver: Visitor
) -> None:
    second = page.visitor("j.okafor", "approvers")
    form = {
        name: re.search(rf'name="{name}" value="([^"]*)"', second.get(DECIDE).text)[1]  # type: ignore[index]
        for name in ("form_token", "read", "seen")
    }
    approver.send(DECIDE, DECIDE, decision="reject", why=WHY)
    told = second.client.post(DECIDE, data={**form, "decision": "approve"})
    assert told.status_code == 409 and "m.farrow has rejected it on" in words(told)
    assert {each.by for each in logged(page)} == {"m.farrow"}


def test_a_report_that_was_written_anew_meanwhile_is_read_again_first(page: Site, approver: Visitor) -> None:
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', approver.get(DECIDE).text))
    written = page.settings.reports / WEEK / "report.html"
    written.write_text(written.read_text(encoding="utf-8").replace("Kestrel Ward", "Kestrel"), encoding="utf-8")
    told = approver.client.post(DECIDE, data={**form, "decision": "reject", "why": WHY})
    assert told.status_code == 409 and "written anew" in words(told) and WHY in told.text, "what was typed stays"
    assert logged(page) == []


@pytest.mark.slow
def test_where_no_airflow_waits_what_is_approved_is_sent_at_once_or_again(
    page: Site, approver: Visitor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = tmp_path / "own.toml"
    project = (PROJECT / "wordround.toml").read_text(encoding="utf-8")
    lead = '[[report.leads]]\nname = "Kestrel"\nservices = ["kestrel"]\nrecipients = ["k@fernvale.example"]\n'
    settings.write_text(f"{project}\n{lead}", encoding="utf-8")
    monkeypatch.setenv("WORDROUND_CONFIG", str(settings))
    monkeypatch.setenv("WORDROUND_SMTP_PORT", "1")
    said = words(approver.send(DECIDE, DECIDE, decision="approve"))
    assert "Approved." in said and f"{WEEK} and {WEEK}-kestrel: " in said and "approved, not sent yet" in said
    assert "Approved, not sent yet" in approver.words("/reports")
    with mail_server() as inbox:
        monkeypatch.setenv("WORDROUND_SMTP_PORT", str(inbox.port))
        assert "Sent to 2 recipients." in words(approver.send(DECIDE, f"/reports/{WEEK}/tell"))
    assert len(inbox.messages) == 2 and sent_reports.last_sent(page.settings, WEEK)
    said = approver.words(DECIDE)
    assert "The whole trust: sent" in said and "Try again" not in said and "May it be sent?" not in said
    assert "No report waits for a decision" in approver.words("/reports")


def test_an_approver_may_change_their_mind_as_long_as_it_was_not_sent(page: Site, approver: Visitor) -> None:
    approver.send(DECIDE, DECIDE, decision="reject", why=WHY)
    approver.send(DECIDE, DECIDE, decision="approve", why="It is there after all.")
    assert [each.is_approved for each in logged(page)] == [False, False, True, True]


def test_what_is_quoted_is_logged_as_read_by_who_previews_it(page: Site, approver: Visitor) -> None:
    path = page.settings.reports / WEEK / "report.json"
    written = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**written, "quoted_comment_ids": ["a"]}), encoding="utf-8")
    approver.get(f"/reports/{WEEK}/preview")
    assert [(one.by, one.page, one.comment_count) for one in comment_readings.latest(page.settings)] == [
        ("m.farrow", "report", 1)
    ]


def test_an_airflow_that_does_not_answer_loses_nothing(approver: Visitor, page: Site) -> None:
    airflow = {"address": "http://127.0.0.1:9", "user": "wordround"}
    with pytest.raises(SettingsInvalid, match="WORDROUND_AIRFLOW_PASSWORD"), site(page.settings.home, airflow=airflow):
        pass
    environment = page.settings.environment.model_copy(
        update={"airflow_password": page.settings.environment.proxy_secret}
    )
    web = type(page.settings.web).model_validate({**page.settings.web.model_dump(), "airflow": airflow})
    made = Site(page.settings.model_copy(update={"environment": environment, "web": web}))
    visitor = made.visitor("m.farrow", "approvers")
    said = words(visitor.send(DECIDE, DECIDE, decision="approve"))
    assert "Approved. It is kept, and Airflow does not know it yet" in said and "ConnectError" in said
    assert {each.is_approved for each in logged(page)} == {True}
    assert "does not know it yet" in words(visitor.send(DECIDE, f"/reports/{WEEK}/tell")), "it is asked again"
    assert sent_reports.last_sent(page.settings, WEEK) is None
    made.application.state.publications.close()
