"""Conversations on the page: declared by analysts, decided on by approvers, and read without who wrote."""

import shutil
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
    assert "120 people and organisations wrote those of sources where they can be counted; of X nobody can be." in said
    assert "Charities *" in said and "Hosts *" in said
    assert "12 questions of participants." in said
    assert "Access to care and Staff 12" in said and "No post was coded by two people" in said
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


def test_questions_whose_words_are_not_kept_are_counted_beside_those_that_are_shown(page: Site, undrawn: None) -> None:
    said = page.visitor("a.lowe", "analysts").words(f"{ONE}/questions")
    assert "1 more without a reply of a host is not shown" in said and "Every question has a reply" not in said


SAID = {
    "criticism 1": "Nobody told us how long we would wait.", "criticism 2": "I want to end it all tonight.",
    "criticism 3": "Write to me at jo.dowling@fernvale.example about it.", "criticism 4": "We were sent home too soon.",
    "criticism 5": "The ward was loud all night.", "criticism 6": "No one rang back.",
    "encouragement 1": "The midwives were lovely to all of us.",
}  # fmt: skip


def test_examples_for_and_against_a_theme_are_for_those_who_read_comments_and_never_of_danger(
    page: Site, undrawn: None
) -> None:
    with duckdb.connect(str(page.settings.published / "wordround.duckdb")) as connection:
        for comment_id, said in SAID.items():
            one = "$id as comment_id, $said as comment_text, 'post' as kind, false as is_counted"
            connection.execute(
                f"insert into marts.fct_comments select * replace ({one}) from marts.fct_comments limit 1",
                {"id": comment_id, "said": said},
            )
    site = Site(page.settings)
    analyst = site.visitor("a.lowe", "analysts")
    assert f"{ONE}/examples" in analyst.get(ONE).text
    said = analyst.words(f"{ONE}/examples")
    shown = [name for name, text in SAID.items() if text in said]
    assert shown == ["criticism 1", "criticism 4", "criticism 5", "encouragement 1"], "three of each side at most"
    assert said.index("They criticise") < said.index(SAID["criticism 1"]) < said.index("They encourage or thank")
    (read,) = comment_readings.latest(page.settings)
    assert (read.by, read.page, read.comment_count) == ("a.lowe", "conversation examples", 4)
    for group in ("readers", "approvers", "leads"):
        other = site.visitor("r", group)
        assert other.get(f"{ONE}/examples").status_code == 403 and "/examples" not in other.get(ONE).text
    made = conversation.write(page.settings, "maternity_hour").page.read_text(encoding="utf-8")
    assert not any(text in made for text in SAID.values()), "nobody is quoted where it is passed on"


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


def test_what_was_declared_stands_on_the_page_before_it_is_published_and_can_be_withdrawn(page: Site) -> None:
    analyst, reader = page.visitor("a.lowe", "analysts"), page.visitor("r.quill", "readers")
    typed = {"name": "sleep_hour", "label": "Sleep hour", "tags": "SleepHour", "hosts": ""}
    days = {"begins": "2026-12-01T20:00", "ends": "2026-12-01T21:00"}
    analyst.send("/conversations/declare", "/conversations/declare", **typed, **days)
    for visitor in (analyst, reader):
        assert "Sleep hour 1 December 2026, 20:00 to 21:00 sleephour" in visitor.words("/conversations")
    assert "Withdraw" not in reader.words("/conversations")
    assert reader.client.post("/conversations/withdraw", data={"name": "sleep_hour"}).status_code == 403
    assert analyst.send("/conversations", "/conversations/withdraw", name="maternity_hour").status_code == 404
    assert analyst.send("/conversations", "/conversations/withdraw", name="sleep_hour").status_code in (200, 303)
    assert "sleep_hour" not in {each.conversation_id for each in declared.known(page.settings)}
    assert "Sleep hour" not in analyst.words("/conversations")


def test_a_page_is_put_out_once_it_was_approved_and_not_before(page: Site, approver: Visitor, tmp_path: Path) -> None:
    out = tmp_path / "hour.html"
    with pytest.raises(ConversationRefused, match="waits for somebody"):
        conversation.put_out(page.settings, "maternity_hour", out)
    reader = page.visitor("r", "readers")
    assert reader.get(f"{ONE}/summary").status_code == 403 and f"{ONE}/summary" not in reader.get(ONE).text
    assert page.visitor("a", "analysts").get(f"{ONE}/decide").status_code == 403
    shown = approver.get(f"{ONE}/preview")
    assert shown.content == (page.settings.reports / "conversation-maternity_hour" / "report.html").read_bytes()
    assert approver.send(f"{ONE}/decide", f"{ONE}/decide", decision="approve").status_code in (200, 303)
    assert "approved by m.farrow" in approver.words(ONE)
    assert reader.get(f"{ONE}/summary").status_code == 200 and f"{ONE}/summary" in reader.get(ONE).text
    assert "It was approved by m.farrow" in approver.words(f"{ONE}/decide")
    assert "approved" in conversation.put_out(page.settings, "maternity_hour", out).standing
    assert out.read_bytes() == shown.content
    with pytest.raises(ConversationRefused, match="not there yet"):
        conversation.put_out(page.settings, "maternity_hour", out)


def test_a_rejection_holds_and_a_page_with_other_figures_waits_for_a_decision_of_its_own(
    page: Site, approver: Visitor, tmp_path: Path
) -> None:
    without = approver.send(f"{ONE}/decide", f"{ONE}/decide", decision="reject", why=" ")
    assert without.status_code == 422 and "Say why it is rejected" in words(without)
    approver.send(f"{ONE}/decide", f"{ONE}/decide", decision="reject", why="The charity asked us to wait.")
    with pytest.raises(ConversationRefused, match=r"its summary was rejected by m\.farrow"):
        conversation.put_out(page.settings, "maternity_hour", tmp_path / "hour.html")
    made = page.settings.reports / "conversation-maternity_hour" / "report.html"
    made.write_text(made.read_text(encoding="utf-8").replace("360", "361"), encoding="utf-8")
    assert summaries.of(page.settings, "maternity_hour").decision is None
    late = approver.client.post(f"{ONE}/decide", data={"decision": "approve", "read": "x", "form_token": "x"})
    assert late.status_code == 403


def test_two_pages_that_differ_by_one_post_are_not_both_approved_unless_the_first_is_withdrawn(
    page: Site, approver: Visitor
) -> None:
    approver.send(f"{ONE}/decide", f"{ONE}/decide", decision="approve")
    file = page.settings.published / "wordround.duckdb"
    anew = Path(shutil.copy(file, file.with_name("anew.duckdb")))
    with duckdb.connect(str(anew)) as connection:
        connection.execute("delete from marts.fct_conversation_posts where comment_id = 'post 3'")
        connection.execute("update marts.fct_conversations set contribution_count = contribution_count - 1")
    anew.replace(file)
    conversation.write(page.settings, "maternity_hour")
    refused = approver.send(f"{ONE}/decide", f"{ONE}/decide", decision="approve")
    assert refused.status_code == 409 and "Fewer than 5 posts were added, taken away or coded otherwise" in words(
        refused
    )
    assert "waits for somebody" in approver.words(ONE)
    (before,) = summaries.of(page.settings, "maternity_hour").approved_before
    assert f"Page {before.page_sha256[:8]}: approved by m.farrow" in approver.words(f"{ONE}/decide")
    stranger = page.visitor("a", "analysts").client.post(f"{ONE}/withdraw", data={"page": before.page_sha256})
    assert stranger.status_code == 403
    approver.send(f"{ONE}/decide", f"{ONE}/withdraw")
    assert "Approved before" not in approver.words(f"{ONE}/decide")
    approver.send(f"{ONE}/decide", f"{ONE}/decide", decision="approve")
    assert "approved by m.farrow" in approver.words(ONE)


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
        service = "(select service_id from marts.dim_services where service_label = 'Kestrel Ward')"
        connection.execute(
            f"insert into marts.fct_own_posts select * replace ('one' as comment_id, {service} as organisation_label)"
            " from marts.fct_own_posts limit 1"
        )
    said = Site(page.settings).visitor("r", "readers").words("/conversations/own-posts")
    source = "Friends and Family Test"
    assert f"Fernvale NHS Trust {source} 1,199 12 November 2026 +19 since 29 October 2026" in said
    assert "5 November 2026 1,204 +24" in said
    assert f"Ward {source} not given by this source" in said
    assert f"Kestrel Ward {source} not kept of services" in said


def test_where_several_accounts_have_one_name_no_change_of_followers_is_shown(page: Site, undrawn: None) -> None:
    with duckdb.connect(str(page.settings.published / "wordround.duckdb")) as connection:
        connection.execute(
            "update marts.fct_own_follower_weeks set has_several_levels = true, change_count = null where true"
        )
    said = Site(page.settings).visitor("r", "readers").words("/conversations/own-posts")
    assert "1,199 12 November 2026 not known: several accounts have this name" in said and "+24" not in said


def test_a_tag_that_rose_is_listed_until_somebody_dismisses_it(page: Site) -> None:
    analyst = page.visitor("a.lowe", "analysts")
    assert "#birthplan" in analyst.words("/conversations")
    assert analyst.send("/conversations", "/conversations/dismiss").status_code in (200, 303)
    assert "#birthplan" not in analyst.words("/conversations")
    assert "It is none" not in page.visitor("r", "readers").words("/conversations")
