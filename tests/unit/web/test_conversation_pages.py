"""Conversations on the page: declared by analysts, decided on by approvers, and read without who wrote."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tests.fixtures.web import Site, Visitor, words
from wordround.conversations import declared, summaries
from wordround.errors import ConversationRefused
from wordround.records import comment_readings
from wordround.reports import conversation

ONE = "/conversations/maternity_hour"


@pytest.fixture
def approver(page: Site, undrawn: None) -> Visitor:
    """An approver of a summary that was written."""
    conversation.write(page.settings, "maternity_hour")
    return page.visitor("m.farrow", "approvers")


def test_a_reader_sees_counts_and_no_small_one(page: Site, undrawn: None) -> None:
    reader = page.visitor("r", "readers")
    assert "Maternity hour" in reader.words("/conversations")
    said = reader.words(ONE)
    assert "360 contributions, without 60 reposts and 25 copies" in said and "3.1 times the usual" in said
    assert "Charities *" in said and "Hosts *" in said
    assert "12 questions of participants." in said
    assert reader.get(f"{ONE}/questions").status_code == 403
    assert reader.get("/conversations/paternity_hour").status_code == 404
    assert reader.get("/conversations/declare").status_code == 403


def test_who_reads_what_waits_for_a_host_is_logged(page: Site, undrawn: None) -> None:
    file = page.settings.published / "wordround.duckdb"
    with duckdb.connect(str(file)) as connection:
        asked = "select comment_id from marts.fct_comments where not is_withheld and comment_text is not null limit 1"
        connection.execute(f"update marts.fct_conversation_threads set comment_id = ({asked})")
    analyst = Site(page.settings).visitor("a.lowe", "analysts")
    assert "Asked 20:12" in analyst.words(f"{ONE}/questions")
    (read,) = comment_readings.latest(page.settings)
    assert (read.by, read.page, read.comment_count) == ("a.lowe", "conversation questions", 1)


def test_a_conversation_is_declared_and_what_is_wrong_is_said_beside_what_was_typed(page: Site) -> None:
    analyst = page.visitor("a.lowe", "analysts")
    typed = {"name": "sleep_hour", "label": "Sleep hour", "tags": "SleepHour", "hosts": ""}
    refused = analyst.send("/conversations/declare", "/conversations/declare", **typed, begins="soon", ends="")
    assert (
        refused.status_code == 422 and "Say when it begins and ends" in words(refused) and "Sleep hour" in refused.text
    )
    days = {"begins": "2026-12-01T20:00", "ends": "2026-12-01T21:00"}
    refused = analyst.send("/conversations/declare", "/conversations/declare", **(typed | {"tags": ""}), **days)
    assert refused.status_code == 422
    assert analyst.send("/conversations/declare", "/conversations/declare", **typed, **days).status_code in (200, 303)
    (found,) = [each for each in declared.known(page.settings) if each.conversation_id == "sleep_hour"]
    assert found.begins_at == datetime(2026, 12, 1, 20, tzinfo=UTC)
    assert 'value="birthplan"' in analyst.get("/conversations/declare?tag=birthplan").text


def test_a_page_is_put_out_once_it_was_approved_and_not_before(page: Site, approver: Visitor, tmp_path: Path) -> None:
    out = tmp_path / "hour.html"
    with pytest.raises(ConversationRefused, match="waits for somebody"):
        conversation.put_out(page.settings, "maternity_hour", out)
    assert page.visitor("r", "readers").get(f"{ONE}/summary").status_code == 403
    assert page.visitor("a", "analysts").get(f"{ONE}/decide").status_code == 403
    shown = approver.get(f"{ONE}/preview")
    assert shown.content == (page.settings.reports / "conversation-maternity_hour" / "report.html").read_bytes()
    assert approver.send(f"{ONE}/decide", f"{ONE}/decide", decision="approve").status_code in (200, 303)
    assert "approved by m.farrow" in approver.words(ONE)
    assert page.visitor("r", "readers").get(f"{ONE}/summary").status_code == 200
    assert "approved" in conversation.put_out(page.settings, "maternity_hour", out).standing
    assert out.read_bytes() == shown.content
    with pytest.raises(ConversationRefused, match="not there yet"):
        conversation.put_out(page.settings, "maternity_hour", out)


def test_a_rejection_holds_and_a_page_with_other_figures_waits_for_a_decision_of_its_own(
    page: Site, approver: Visitor, tmp_path: Path
) -> None:
    approver.send(f"{ONE}/decide", f"{ONE}/decide", decision="reject", why="The charity asked us to wait.")
    with pytest.raises(ConversationRefused, match=r"rejected by m\.farrow"):
        conversation.put_out(page.settings, "maternity_hour", tmp_path / "hour.html")
    made = page.settings.reports / "conversation-maternity_hour" / "report.html"
    made.write_text(made.read_text(encoding="utf-8").replace("360", "361"), encoding="utf-8")
    assert summaries.of(page.settings, "maternity_hour").decision is None
    late = approver.client.post(f"{ONE}/decide", data={"decision": "approve", "read": "x", "form_token": "x"})
    assert late.status_code == 403


def test_what_the_trust_posted_is_told_by_what_it_drew(page: Site, undrawn: None) -> None:
    said = page.visitor("r", "readers").words("/conversations/own-posts")
    staff = "Staff 12 6 2.0 (1.0 to 4.0) 11.5 (8.0 to 16.0) 1.2 (0.6 to 2.4)"
    assert f"{staff} Activities 12 2 0.2 (0.1 to 0.3)" in said, "subjects that are answered first"
    assert "6:00 to 11:59 27" in said and "Asks something 19" in said and "Tells something 8 4 too few posts" in said
    assert "Activities: this subject gets few replies, 0.2 (0.1 to 0.3) a post." in said
    assert said.count("this subject gets few replies") == 1
    assert "Too few posts to say: General (3)." in said
    assert "Staff 2.0 (1.0 to 4.0); 11.5 (8.0 to 16.0); 11 posts no post no post 1 post, too few" in said


def test_followers_of_our_own_accounts_are_shown_by_week_or_said_not_to_be_given(page: Site, undrawn: None) -> None:
    with duckdb.connect(str(page.settings.published / "wordround.duckdb")) as connection:
        connection.execute(
            "insert into marts.fct_own_posts select * replace ('elsewhere' as comment_id, 'Ward' as organisation_label)"
            " from marts.fct_own_posts limit 1"
        )
    said = Site(page.settings).visitor("r", "readers").words("/conversations/own-posts")
    source = "Friends and Family Test"
    assert f"Fernvale NHS Trust {source} 1,199 12 November 2026 +19 since 29 October 2026" in said
    assert "5 November 2026 1,204 +24" in said
    assert f"Ward {source} not given by this source" in said


def test_a_tag_that_rose_is_listed_until_somebody_dismisses_it(page: Site) -> None:
    analyst = page.visitor("a.lowe", "analysts")
    assert "#birthplan" in analyst.words("/conversations")
    assert analyst.send("/conversations", "/conversations/dismiss").status_code in (200, 303)
    assert "#birthplan" not in analyst.words("/conversations")
    assert "It is none" not in page.visitor("r", "readers").words("/conversations")
