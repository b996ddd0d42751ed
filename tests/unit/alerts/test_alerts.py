"""Each episode is told once, with its figures as issued, and only what was mailed is logged."""

import threading
import time
from pathlib import Path

import pytest

from tests.fixtures.mail_server import Inbox, free_port, mail_server
from tests.fixtures.published import publish, settings_for
from wordround.alerts import comparing as alerts
from wordround.errors import MailRefused, NothingPublished, RecordsDamaged
from wordround.records import notices, store
from wordround.records.notices import LoggedNotice
from wordround.settings import Settings

CLOSE = "update marts.fct_alerts set status = 'closed', closed_week_date = '2026-11-16' where direction = 'concern';"
GONE = "delete from marts.fct_alerts where direction = 'concern'"
OLD = """
insert into marts.fct_alerts by name select * replace ('old' as alert_id, 'closed' as status, 'talking' as service_id,
    date '2026-02-02' as opened_week_date, date '2026-02-16' as last_signal_week_date)
from marts.fct_alerts where direction = 'concern';
"""


def settings(home: Path, port: int, *recipients: str) -> Settings:
    return settings_for(
        home,
        mail={"host": "127.0.0.1", "port": port},
        alerts={"recipients": recipients or ["quality@fernvale.example"]},
    )


def log(made: Settings) -> list[LoggedNotice]:
    return notices.logged(made)


def concern(made: Settings) -> notices.Figures:
    """The figures that the concern was issued with."""
    return next(one.notice.figures for one in log(made) if one.notice.figures.direction == "concern")


def text(inbox: Inbox) -> str:
    plain = inbox.messages[-1].get_body(("plain",))
    assert plain is not None
    return " ".join(plain.get_content().split())


def test_open_episodes_are_told_in_one_digest_and_then_logged(tmp_path: Path) -> None:
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        outcome = alerts.watch(made)
    assert outcome == alerts.Watched(opened=2, updated=0, closed=0, withdrawn=0, known=0, sent=True)
    (message,) = inbox.messages
    assert message["Subject"].startswith("Patient comments: 1 new concern, 1 new improvement, Fernvale")
    told = text(inbox)
    assert told.index("New concern: Kestrel Ward: more negative") < told.index("New improvement: Heron Ward: fewer")
    assert "It began in the week 21 to 27 September 2026, when 28% of 43 comments were negative." in told
    assert "The share of negative comments is usually 24%, and between 9% and 39% in most weeks." in told
    assert "The chart found seven weeks in a row above the average. This is very likely a real change" in told
    assert "What to do about a concern" in told and "116 123" in told
    assert {one.message_id for one in log(made)} == {message["Message-ID"]}
    assert {one.build_id for one in log(made)} == {"b7e1c0d2a9f4"}
    html = message.get_body(("html",))
    notice = "https://www.fernvale.example/fictional-privacy-notice"
    assert f"Privacy notice: {notice}" in told
    assert html is not None and "New concern: Kestrel Ward" in html.get_content()
    assert html.get_content().count("http") == html.get_content().count(notice) > 0


def test_a_second_run_tells_nothing_and_writes_nothing(tmp_path: Path) -> None:
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        alerts.watch(made)
        before = log(made)
        outcome = alerts.watch(made)
    assert outcome == alerts.Watched(opened=0, updated=0, closed=0, withdrawn=0, known=0, sent=False)
    assert len(inbox.messages) == 1 and log(made) == before


def test_a_refused_mail_is_tried_again_as_the_same_message(tmp_path: Path) -> None:
    publish(tmp_path)
    with mail_server(Inbox(answer="451 try later")) as inbox:
        with pytest.raises(MailRefused, match="451 try later"):
            alerts.watch(settings(tmp_path, inbox.port))
        assert log(settings(tmp_path, 1)) == []
    with pytest.raises(MailRefused):
        alerts.watch(settings(tmp_path, free_port()))
    with mail_server() as inbox:
        assert alerts.watch(settings(tmp_path, inbox.port)).opened == 2
    assert len(inbox.messages) == 1


def test_a_long_history_is_known_and_not_told(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        outcome = alerts.watch(made)
        assert outcome.known == 1 and outcome.opened == 2
        assert "Talking Therapies" not in text(inbox)
        assert {one.notice.alert_id: one.notice.event for one in log(made)}["old"] == "known"
        publish(tmp_path, OLD + "update marts.fct_alerts set opening_special_cause_type = 'x' where alert_id = 'old'")
        assert alerts.watch(made).sent is False


def test_an_episode_that_opened_lately_and_is_over_is_told(tmp_path: Path) -> None:
    publish(tmp_path, CLOSE + "update marts.fct_alerts set opened_week_date = '2026-10-05'")
    with mail_server() as inbox:
        outcome = alerts.watch(settings(tmp_path, inbox.port))
    assert (outcome.opened, outcome.closed, len(inbox.messages)) == (2, 1, 1)


def test_a_closed_episode_is_told_with_its_figures_as_issued(tmp_path: Path) -> None:
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        alerts.watch(made)
        publish(tmp_path, CLOSE)
        outcome = alerts.watch(made)
        assert (outcome.opened, outcome.closed, outcome.sent) == (0, 1, True)
        assert "Closed: Kestrel Ward" in text(inbox)
        assert "As issued: 28% of 43 comments in the week 21 to 27 September 2026; usually 24%" in text(inbox)
        publish(tmp_path)
        assert alerts.watch(made).updated == 1
        assert "Open again: Kestrel Ward" in text(inbox)
        assert alerts.watch(made).sent is False


@pytest.mark.parametrize(
    ("change", "now"),
    [
        (
            "update marts.fct_service_weeks set negative_share_label = '33 %', comment_count_label = '60' "
            "where service_id = 'kestrel' and week_date = '2026-09-21'",
            "Restated: 33% of 60 comments in the week 21 to 27 September 2026; usually 24%",
        ),
        (
            "update marts.fct_alerts set baseline_mean_value = 0.29 where direction = 'concern'",
            "Restated: 28% of 43 comments in the week 21 to 27 September 2026; usually 29%",
        ),
    ],
)
def test_a_figure_that_late_comments_changed_is_restated_beside_the_one_issued(
    tmp_path: Path, change: str, now: str
) -> None:
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        alerts.watch(made)
        publish(tmp_path, change)
        assert alerts.watch(made).updated == 1
        assert "As issued: 28% of 43 comments in the week 21 to 27 September 2026; usually 24%" in text(inbox)
        assert now in text(inbox)
        assert alerts.watch(made).sent is False
    first, restated = log(made)[1].notice, log(made)[-1].notice
    assert restated.what == "restated" and restated.before == first.figures != restated.figures


@pytest.mark.parametrize(("share", "comments"), [("26 %", "42"), ("33 %", "43"), ("*", "*"), ("30 %", "52")])
def test_a_digest_never_restates_a_week_by_few_comments(tmp_path: Path, share: str, comments: str) -> None:
    """28 % of 43 and 26 % of 42 would tell that the comment that was erased between them was negative."""
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        alerts.watch(made)
        publish(
            tmp_path,
            f"update marts.fct_service_weeks set negative_share_label = '{share}', comment_count_label = '{comments}'"
            " where service_id = 'kestrel' and week_date = '2026-09-21';"
            "update marts.fct_alerts set baseline_mean_value = 0.29 where direction = 'concern'",
        )
        assert alerts.watch(made).updated == 1
    assert "Restated: 28% of 43 comments in the week 21 to 27 September 2026; usually 29%" in text(inbox)


def test_limits_that_drift_a_little_every_week_are_not_news(tmp_path: Path) -> None:
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        alerts.watch(made)
        publish(tmp_path, "update marts.fct_alerts set baseline_upper_limit = baseline_upper_limit + 0.01")
        assert alerts.watch(made).sent is False


def test_a_further_week_of_the_same_episode_is_not_news(tmp_path: Path) -> None:
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        alerts.watch(made)
        publish(tmp_path, "update marts.fct_alerts set signal_week_count = 12, latest_value = 0.6")
        assert alerts.watch(made).sent is False


def test_an_episode_that_vanished_is_withdrawn_once_and_may_come_back(tmp_path: Path) -> None:
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        alerts.watch(made)
        publish(tmp_path, GONE)
        assert alerts.watch(made).withdrawn == 1
        assert "Withdrawn: Kestrel Ward" in text(inbox) and "no longer stands" in text(inbox)
        assert alerts.watch(made).sent is False
        publish(tmp_path)
        assert alerts.watch(made).opened == 1


def test_without_recipients_it_is_logged_and_the_reason_is_given(tmp_path: Path) -> None:
    publish(tmp_path)
    made = settings_for(tmp_path, alerts={"recipients": []})
    outcome = alerts.watch(made)
    assert outcome.opened == 2 and outcome.sent is False and "no recipients" in (outcome.reason or "")
    assert len(log(made)) == 2


def test_a_hidden_share_is_in_neither_the_mail_nor_the_log(tmp_path: Path) -> None:
    change = """
    update marts.fct_service_weeks set negative_share_label = '*', comment_count_label = '*'
    where service_id = 'kestrel'
    """
    publish(tmp_path, change)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        alerts.watch(made)
    assert "It began in the week 21 to 27 September 2026. The share in that week is hidden" in text(inbox)
    figures = concern(made)
    assert figures.opening_share is figures.opening_comments is figures.latest_share is None
    assert "0.279" not in str(log(made))


def test_a_week_that_is_hidden_only_to_protect_another_is_not_told_either(tmp_path: Path) -> None:
    change = """
    update marts.fct_service_weeks set negative_share_label = '*'
    where service_id = 'talking' and week_date = '2025-10-06';
    update marts.fct_alerts set service_id = 'talking', opened_week_date = (
        select week_date from marts.fct_control_chart_points
        where service_id = 'talking' and is_baseline and week_date <> '2025-10-06' order by value, week_date limit 1)
    where direction = 'concern'
    """
    publish(tmp_path, change)
    made = settings_for(tmp_path, alerts={"recipients": []})
    alerts.watch(made)
    figures = concern(made)
    assert figures.service == "Talking Therapies" and figures.opening_share is None


def test_what_was_told_is_not_known_where_the_records_are_damaged_so_nothing_is_told(tmp_path: Path) -> None:
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        made.records.mkdir()
        (made.records / "records.sqlite").write_bytes(b"not a database")
        with pytest.raises(RecordsDamaged, match=r"records\.sqlite"):
            alerts.watch(made)
    assert inbox.messages == []


def test_two_runs_at_once_tell_once(tmp_path: Path) -> None:
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        with store.alone(made, "alerts"):
            others = [threading.Thread(target=alerts.watch, args=(made,)) for _ in range(2)]
            for other in others:
                other.start()
            time.sleep(0.3)
            assert inbox.messages == []
        for other in others:
            other.join()
    assert len(inbox.messages) == 1 and len(log(made)) == 2


def test_a_service_name_cannot_break_a_header_or_the_page(tmp_path: Path) -> None:
    publish(tmp_path, "update marts.dim_services set service_label = '<b>Ward' || chr(10) || 'Bcc: x@y.example'")
    with mail_server() as inbox:
        alerts.watch(
            settings_for(
                tmp_path, mail={"host": "127.0.0.1", "port": inbox.port}, trust={"name": "A\nB: c", "code": "XFV"}
            )
        )
    html = inbox.messages[0].get_body(("html",))
    assert html is not None and "&lt;b&gt;Ward Bcc: x@y.example" in html.get_content()
    assert inbox.messages[0]["Bcc"] is None and inbox.recipients == [["quality@fernvale.example"]]


def test_nothing_published_is_said(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished):
        alerts.watch(settings(tmp_path, free_port()))


def test_without_a_mail_server_alerts_are_logged_and_the_reason_is_said(tmp_path: Path) -> None:
    publish(tmp_path)
    outcome = alerts.watch(settings_for(tmp_path, alerts={"recipients": ["lead@fernvale.example"]}, mail={"host": ""}))
    assert outcome.sent is False
    assert "host in [mail]" in (outcome.reason or "")
