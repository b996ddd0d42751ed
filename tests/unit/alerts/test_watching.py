"""Each episode is noted once, with its figures as issued, and told of until everybody who subscribed was told."""

import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.fixtures.mail_server import Inbox, free_port, mail_server
from tests.fixtures.published import publish, settings_for
from tests.fixtures.webhooks import webhook_server
from wordround import pipeline
from wordround.alerts import actions
from wordround.alerts import watching as alerts
from wordround.errors import DigestNotDelivered, NothingPublished, RecordsDamaged
from wordround.records import deliveries, issued_alerts, notices, store
from wordround.records.notices import LoggedNotice
from wordround.settings import PROJECT, Environment, Settings, Subscription

CLOSE = "update marts.fct_alerts set status = 'closed', closed_week_date = '2026-11-16' where direction = 'concern';"
GONE = "delete from marts.fct_alerts where direction = 'concern'"
OLD = """
insert into marts.fct_alerts by name select * replace ('old' as alert_id, 'closed' as status, 'talking' as service_id,
    date '2026-02-02' as opened_week_date, date '2026-01-26' as since_week_date)
from marts.fct_alerts where direction = 'concern';
"""
AS_ISSUED = (
    "As issued: Since the week 28 September to 4 October 2026, 42 of 93 comments were negative, where 24% are usual."
)
RESTATED = (
    "update marts.fct_alerts set is_restated = true, restated_negative_count = {negative},"
    " restated_comment_count = {comments} where direction = 'concern'"
)
THEME = """
insert into marts.fct_alerts by name select * replace ('theme' as alert_id, 'theme' as series_id,
    'service_theme' as series_code, 'staff' as theme_code)
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
    return text_of(inbox.messages[-1])


def text_of(message: EmailMessage) -> str:
    plain = message.get_body(("plain",))
    assert plain is not None
    return " ".join(plain.get_content().split())


def test_open_episodes_are_told_in_one_digest_and_then_logged(tmp_path: Path) -> None:
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        outcome = alerts.watch(made)
    assert outcome == alerts.Watched(issued=2, opened=2, updated=0, closed=0, withdrawn=0, known=0, sent=1)
    (message,) = inbox.messages
    assert message["Subject"].startswith("Patient comments: 1 new concern, 1 new improvement, Fernvale")
    told = text(inbox)
    assert told.index("New concern: Kestrel Ward: more negative") < told.index("New improvement: Heron Ward: fewer")
    assert (
        "Since the week 28 September to 4 October 2026, 42 of 93 comments were negative, where 24% are usual." in told
    )
    assert "Chance alone does this less than once in 100 years on one chart." in told
    assert "Expect about one false alert in two weeks on this board." in told
    assert "What to do about a concern" in told and "116 123" in told
    ids = re.findall(r"by this id: (\w{8})\.", told)
    assert ids == [actions.find(made, one).alert_id[:8] for one in ids] and len(ids) == 2
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
    assert outcome == alerts.Watched(issued=0, opened=0, updated=0, closed=0, withdrawn=0, known=0, sent=0)
    assert len(inbox.messages) == 1 and log(made) == before


def test_a_refused_mail_is_tried_again_as_the_same_message(tmp_path: Path) -> None:
    publish(tmp_path)
    with mail_server(Inbox(answer="451 try later")) as inbox:
        outcome = alerts.watch(settings(tmp_path, inbox.port))
    assert (outcome.opened, outcome.sent) == (2, 0) and "451 try later" in outcome.refused[0]
    with pytest.raises(DigestNotDelivered, match="cannot be reached"):
        pipeline.watch_trends(settings(tmp_path, free_port()))
    with mail_server() as inbox:
        outcome = alerts.watch(settings(tmp_path, inbox.port))
        assert (outcome.opened, outcome.sent, outcome.refused) == (0, 1, ())
        assert alerts.watch(settings(tmp_path, inbox.port)).sent == 0
    assert len(inbox.messages) == 1 and "New concern: Kestrel Ward" in text(inbox)
    assert len({step.message_key for step in deliveries.logged(settings(tmp_path, 1))}) == 1


_NOTE = """
import os, signal, sys
from pathlib import Path
from tests.unit.alerts import test_watching as these
from wordround.alerts import telling
telling.tell = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
these.alerts.watch(these.settings(Path(sys.argv[1]), 1))
"""


def test_a_kill_between_deciding_and_telling_loses_nothing_and_tells_nobody_twice(tmp_path: Path) -> None:
    publish(tmp_path)
    killed = subprocess.run([sys.executable, "-c", _NOTE, str(tmp_path)], cwd=PROJECT, check=False)
    assert killed.returncode == -signal.SIGKILL
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        assert len(log(made)) == 2 and deliveries.logged(made) == []
        assert alerts.watch(made).sent == 1
        assert alerts.watch(made).sent == 0
    assert len(inbox.messages) == 1
    assert "New concern: Kestrel Ward" in text(inbox) and "New improvement: Heron Ward" in text(inbox)


def test_each_subscriber_is_told_of_his_own_services_and_by_webhook_no_word_of_a_comment(tmp_path: Path) -> None:
    publish(tmp_path, THEME)
    with mail_server() as inbox, webhook_server() as teams:
        made = settings_for(
            tmp_path,
            mail={"host": "127.0.0.1", "port": inbox.port},
            alerts={
                "recipients": [],
                "subscriptions": [
                    {"name": "heron", "services": ["heron"], "recipients": ["heron@fernvale.example"]},
                    {"name": "staff", "themes": ["staff"], "channel": "teams"},
                ],
            },
        )
        environment = Environment(home=tmp_path, channels=f"teams={teams.address()}")
        outcome = alerts.watch(made.model_copy(update={"environment": environment}))
    assert (outcome.opened, outcome.sent) == (3, 2)
    (mailed,), (posted,) = inbox.messages, teams.posted
    assert mailed["To"] == "heron@fernvale.example" and "Kestrel" not in mailed.as_string()
    message = posted.message["message"]
    assert message.startswith("New concern: Staff in Kestrel Ward: more comments criticise it than usual")
    assert "42 of 93 comments criticise it, where 24% are usual" in message and "were negative" not in message
    assert "Heron" not in posted.text


def test_a_run_killed_while_a_mail_goes_out_tells_nobody_twice_and_loses_nothing(tmp_path: Path) -> None:
    publish(tmp_path)
    # A mail server that takes the call and never answers.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        made = settings(tmp_path, silent.getsockname()[1])
        run = multiprocessing.get_context("fork").Process(target=alerts.watch, args=(made,))
        run.start()
        silent.accept()
        os.kill(run.pid or 0, signal.SIGKILL)
        run.join()
    before = issued_alerts.every(made)
    assert len(before) == len(log(made)) == 2
    with mail_server() as inbox:
        outcome = alerts.watch(settings(tmp_path, inbox.port))
        assert (outcome.issued, outcome.opened, outcome.sent) == (0, 0, 1)
        assert alerts.watch(settings(tmp_path, inbox.port)).sent == 0
    assert len(inbox.messages) == 1 and issued_alerts.every(made) == before


def test_a_long_history_is_known_and_not_told(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        outcome = alerts.watch(made)
        assert outcome.known == 1 and outcome.opened == 2
        assert "Talking Therapies" not in text(inbox)
        assert {one.notice.alert_id: one.notice.event for one in log(made)}["old"] == "known"
        publish(tmp_path, OLD + "update marts.fct_alerts set once_in_years = 3 where alert_id = 'old'")
        assert alerts.watch(made).sent == 0


def test_an_episode_that_opened_lately_and_is_over_is_told(tmp_path: Path) -> None:
    publish(tmp_path, CLOSE + "update marts.fct_alerts set opened_week_date = '2026-10-12'")
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
        assert AS_ISSUED in text(inbox)
        publish(tmp_path)
        assert alerts.watch(made).updated == 1
        assert "Open again: Kestrel Ward" in text(inbox)
        assert alerts.watch(made).sent == 0


def test_a_figure_that_late_comments_changed_is_restated_beside_the_one_issued(tmp_path: Path) -> None:
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        alerts.watch(made)
        publish(tmp_path, RESTATED.format(negative=52, comments=115))
        assert alerts.watch(made).updated == 1
        assert AS_ISSUED in text(inbox) and "Today they would be: 52 of 115 comments." in text(inbox)
        assert alerts.watch(made).sent == 0
    first, restated = (
        next(one.notice for one in log(made) if one.notice.figures.direction == "concern"),
        log(made)[-1].notice,
    )
    assert restated.what == "restated" and restated.before == first.figures != restated.figures
    assert (restated.figures.negative, restated.figures.comments) == (first.figures.negative, first.figures.comments)


@pytest.mark.parametrize(("negative", "comments"), [(41, 92), (43, 93), (3, 92), (44, 102), (43, 106), (54, 106)])
def test_a_digest_never_restates_an_alert_by_few_comments(tmp_path: Path, negative: int, comments: int) -> None:
    """42 of 93 and 41 of 92 would tell that the comment that was erased between them was negative; so would 43 of 106,
    beside which one more is negative, and 54 of 106, beside which one more is not.
    """
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        alerts.watch(made)
        publish(tmp_path, RESTATED.format(negative=negative, comments=comments))
        assert alerts.watch(made).sent == 0


def test_more_evidence_for_the_same_episode_is_not_news(tmp_path: Path) -> None:
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        alerts.watch(made)
        publish(tmp_path, "update marts.fct_alerts set greatest_evidence = 40, once_in_years = 100")
        assert alerts.watch(made).sent == 0


def test_what_is_only_watched_is_told_to_who_asked_for_it_and_to_others_when_it_is_an_alert(tmp_path: Path) -> None:
    publish(tmp_path, "update marts.fct_alerts set tier_code = 'watch' where direction = 'concern'")
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        watcher = Subscription(name="watcher", tier="watch", recipients=("watcher@fernvale.example",))
        everybody = made.alerts.model_copy(update={"subscriptions": (watcher,)})
        made = made.model_copy(update={"alerts": everybody})
        outcome = alerts.watch(made)
        assert (outcome.issued, outcome.opened, outcome.sent) == (2, 2, 2)
        told = {str(message["To"]): "Kestrel Ward" in message.as_string() for message in inbox.messages}
        assert told == {"quality@fernvale.example": False, "watcher@fernvale.example": True}
        publish(tmp_path)
        outcome = alerts.watch(made)
        assert (outcome.issued, outcome.opened, outcome.sent) == (0, 0, 1)
        assert "New concern: Kestrel Ward" in text(inbox) and inbox.messages[-1]["To"] == "quality@fernvale.example"


def test_a_part_of_another_change_is_issued_and_not_told_for_itself(tmp_path: Path) -> None:
    publish(tmp_path, THEME + "update marts.fct_alerts set part_of_alert_id = 'whole' where alert_id = 'theme'")
    with mail_server() as inbox:
        outcome = alerts.watch(settings(tmp_path, inbox.port))
    assert (outcome.issued, outcome.opened) == (3, 2)


LEADING = """
insert into marts.fct_alert_changes by name
select a.alert_id, 'theme' as dimension_code, c.part_code, c.change as within_change, 0.0 as mix_change,
    c.change as whole_change, c.is_small
from marts.fct_alerts as a
cross join (values ('staff', 0.06, false), ('activities', 0.09, true), ('access_to_care', 0.11, false),
    ('general', 0.05, false), ('medication_and_pain', -0.2, false)) as c (part_code, change, is_small)
where a.direction = 'concern'
"""


def test_what_makes_most_of_a_change_is_named_and_nothing_that_rests_on_few(tmp_path: Path) -> None:
    publish(tmp_path, LEADING)
    with mail_server() as inbox:
        alerts.watch(settings(tmp_path, inbox.port))
    assert "Most of it is about: Access to care and Staff." in text(inbox)
    assert text(inbox).count("Most of it is about") == 1


def test_a_theme_is_told_by_its_name_and_a_total_as_all_services(tmp_path: Path) -> None:
    publish(tmp_path, THEME + "update marts.fct_alerts set service_id = null where direction = 'improvement'")
    with mail_server() as inbox:
        alerts.watch(settings(tmp_path, inbox.port))
    assert "New concern: Staff in Kestrel Ward: more comments criticise it than usual" in text(inbox)
    assert "New improvement: The whole trust: fewer negative comments than usual" in text(inbox)


def test_a_change_that_another_mix_explains_says_so_first(tmp_path: Path) -> None:
    publish(tmp_path, "update marts.fct_alerts set explained_by = 'source' where direction = 'concern'")
    with mail_server() as inbox:
        alerts.watch(settings(tmp_path, inbox.port))
    assert "more negative comments than usual Look at the sources first" in text(inbox)


def test_an_issue_keeps_its_figures_whatever_is_published_later(tmp_path: Path) -> None:
    publish(tmp_path)
    made = settings_for(tmp_path, alerts={"recipients": []})
    alerts.watch(made)
    before = issued_alerts.every(made)
    publish(tmp_path, "update marts.fct_alerts set negative_count = 1, comment_count = 2, expected_share = 0.5")
    alerts.watch(made)
    assert issued_alerts.every(made) == before and {each.build_id for each in before} == {"b7e1c0d2a9f4"}


def test_an_episode_that_vanished_is_withdrawn_once_and_may_come_back(tmp_path: Path) -> None:
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        alerts.watch(made)
        publish(tmp_path, GONE)
        assert alerts.watch(made).withdrawn == 1
        assert "Withdrawn: Kestrel Ward" in text(inbox) and "no longer stands" in text(inbox)
        assert "late or been erased, or a new baseline began" in text(inbox)
        assert alerts.watch(made).sent == 0
        publish(tmp_path)
        assert alerts.watch(made).opened == 1


WITHDRAWN = "status = 'withdrawn', restated_negative_count = null, restated_comment_count = null"
FALLEN = "update marts.fct_alerts set tier_code = 'watch', alerted_week_date = null, {what} where direction = 'concern'"


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (WITHDRAWN, "Withdrawn: Kestrel Ward"),
        ("status = 'closed', closed_week_date = '2026-11-16'", "Closed: Kestrel Ward"),
        ("restated_negative_count = 32, restated_comment_count = 83", "Restated: Kestrel Ward"),
    ],
)
def test_who_was_told_of_an_alert_hears_what_becomes_of_it_where_it_is_none_any_more(
    tmp_path: Path, what: str, says: str
) -> None:
    publish(tmp_path)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        alerts.watch(made)
        publish(tmp_path, FALLEN.format(what=what))
        later = Subscription(name="later", recipients=("later@fernvale.example",))
        made = made.model_copy(update={"alerts": made.alerts.model_copy(update={"subscriptions": (later,)})})
        alerts.watch(made)
        told = {str(message["To"]): text_of(message) for message in inbox.messages[1:]}
        assert alerts.watch(made).sent == 0
    assert says in told["quality@fernvale.example"]
    assert "Kestrel" not in told["later@fernvale.example"] and "Heron" in told["later@fernvale.example"]


@pytest.mark.parametrize("change", [FALLEN.format(what=WITHDRAWN), GONE])
def test_what_was_only_watched_is_withdrawn_for_those_who_heard_of_it(tmp_path: Path, change: str) -> None:
    publish(tmp_path, FALLEN.format(what="status = 'open'"))
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        watcher = Subscription(name="watcher", tier="watch", recipients=("watcher@fernvale.example",))
        made = made.model_copy(update={"alerts": made.alerts.model_copy(update={"subscriptions": (watcher,)})})
        assert alerts.watch(made).sent == 2
        publish(tmp_path, change)
        outcome = alerts.watch(made)
    assert (outcome.withdrawn, outcome.sent) == (1, 1)
    assert inbox.messages[-1]["To"] == "watcher@fernvale.example" and "Withdrawn: Kestrel Ward" in text(inbox)


def test_without_recipients_it_is_logged_and_the_reason_is_given(tmp_path: Path) -> None:
    publish(tmp_path)
    made = settings_for(tmp_path, alerts={"recipients": []})
    outcome = alerts.watch(made)
    assert outcome.opened == 2 and outcome.sent == 0 and "no recipients" in (outcome.reason or "")
    assert len(log(made)) == 2


def test_a_hidden_share_is_in_neither_the_mail_nor_the_log(tmp_path: Path) -> None:
    change = """
    update marts.fct_alerts set negative_count = 3, restated_negative_count = 3, negative_count_label = '*'
    where direction = 'concern'
    """
    publish(tmp_path, change)
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        alerts.watch(made)
    assert "the numbers are hidden, because one of them is small or would tell one (24% are usual)" in text(inbox)
    figures = concern(made)
    assert figures.negative is figures.restated_negative is figures.restated_comments is None


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
    assert outcome.sent == 0
    assert "host in [mail]" in (outcome.reason or "")
