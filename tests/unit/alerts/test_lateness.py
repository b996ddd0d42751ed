"""The engineer is told once a day that nothing of it is published, and by no deadline of a day that has its figures."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fixtures.mail_server import Inbox, mail_server
from tests.fixtures.published import publish, settings_for
from wordround.alerts import lateness
from wordround.errors import MailRefused
from wordround.settings import Settings

PUBLISHED = """
update meta.publication set published_at = timestamptz '{at}';
update marts.fct_source_coverage set logical_date = date '{day}'
where logical_date = (select max(logical_date) from marts.fct_source_coverage);
"""
YESTERDAY = PUBLISHED.format(at="2026-11-28 07:05:00+00", day="2026-11-28")
MORNING = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)


def made(home: Path, port: int, **alerts: list[str]) -> Settings:
    return settings_for(
        home, mail={"host": "127.0.0.1", "port": port}, alerts=alerts or {"engineer": ["on-call@fernvale.example"]}
    )


def body_of(inbox: Inbox) -> str:
    body = inbox.messages[0].get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def test_the_engineer_is_told_once_a_day_since_when_and_what_to_do(tmp_path: Path) -> None:
    publish(tmp_path, YESTERDAY)
    with mail_server() as inbox:
        settings = made(tmp_path, inbox.port)
        assert lateness.tell(settings, "build_marts", MORNING) == lateness.Lateness(late=True, told=True)
        again = lateness.tell(settings, "ingest_daily", MORNING + timedelta(hours=1))
        assert (again.told, again.reason) == (False, "was told already today")
        lateness.tell(settings, "build_marts", MORNING + timedelta(days=1))
    assert [message["Subject"].split(",")[0] for message in inbox.messages] == [
        "Figures of 29 November 2026 are late", "Figures of 30 November 2026 are late",
    ]  # fmt: skip
    words = body_of(inbox)
    assert (
        "until 28 November 2026, and was last published on 28 November 2026 at 07:05." in words
        and "runbook.md#build_marts" in words
    )
    assert inbox.messages[0]["To"] == "on-call@fernvale.example"


@pytest.mark.parametrize("at", ["2026-11-29 00:10:00+00", "2026-11-29 08:00:00+00"])
def test_a_day_that_has_its_figures_is_not_late(tmp_path: Path, at: str) -> None:
    publish(tmp_path, PUBLISHED.format(at=at, day="2026-11-29"))
    with mail_server() as inbox:
        assert lateness.tell(made(tmp_path, inbox.port), "ingest_daily", MORNING) == lateness.Lateness(late=False)
    assert inbox.messages == [] and not (tmp_path / "records").exists()


def test_what_an_erasure_published_at_night_are_no_figures_of_the_day(tmp_path: Path) -> None:
    publish(tmp_path, PUBLISHED.format(at="2026-11-29 02:41:00+00", day="2026-11-28"))
    with mail_server() as inbox:
        assert lateness.tell(made(tmp_path, inbox.port), "ingest_daily", MORNING).told
    words = body_of(inbox)
    assert "until 28 November 2026, and was last published on 29 November 2026 at 02:41." in words


@pytest.mark.parametrize(("others", "is_late"), [("bluesky", True), ("fft", False)])
def test_a_conversation_that_is_on_does_not_stand_for_the_day_s_comments(
    tmp_path: Path, others: str, is_late: bool
) -> None:
    live = "select * replace (date '2026-11-29' as logical_date, '{}' as source_code, {} as is_of_conversations_alone)"
    added = "insert into marts.fct_source_coverage {} from marts.fct_source_coverage limit 1;"
    collected = [added.format(live.format("bluesky", True)), added.format(live.format(others, others == "bluesky"))]
    publish(tmp_path, PUBLISHED.format(at="2026-11-29 08:20:00+00", day="2026-11-28") + "".join(collected))
    with mail_server() as inbox:
        told = lateness.tell(made(tmp_path, inbox.port), "ingest_daily", MORNING)
        assert told.late is is_late and len(inbox.messages) == is_late
        if is_late:
            assert "Analysts read what was collected until 28 November 2026" in body_of(inbox)


def test_a_day_is_one_in_london(tmp_path: Path) -> None:
    publish(
        tmp_path,
        PUBLISHED.format(at="2026-06-30 08:00:00+00", day="2026-06-30")
        + "delete from marts.fct_source_coverage where logical_date > date '2026-06-30'",
    )
    with mail_server() as inbox:
        settings = made(tmp_path, inbox.port)
        assert not lateness.tell(settings, "build_marts", datetime(2026, 6, 30, 22, 30, tzinfo=UTC)).late
        assert lateness.tell(settings, "build_marts", datetime(2026, 6, 30, 23, 30, tzinfo=UTC)).late


def test_where_nothing_was_ever_published_that_is_said(tmp_path: Path) -> None:
    with mail_server() as inbox:
        assert lateness.tell(made(tmp_path, inbox.port), "build_marts", MORNING).told
    assert "Nothing was ever published." in body_of(inbox)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("drop table meta.publication", "What is published cannot be read"),
        ("alter table marts.fct_source_coverage drop column logical_date", "What is published cannot be read"),
        ("delete from marts.fct_source_coverage", "it holds no comments"),
    ],
)
def test_what_cannot_be_read_or_is_empty_is_not_told_as_never_published(tmp_path: Path, change: str, says: str) -> None:
    publish(tmp_path, change)
    with mail_server() as inbox:
        assert lateness.tell(made(tmp_path, inbox.port), "build_marts", MORNING).told
    assert says in body_of(inbox) and "nothing has been published" not in body_of(inbox)


def test_without_an_engineer_the_recipients_of_alerts_are_told_and_without_anybody_it_is_said(tmp_path: Path) -> None:
    with mail_server() as inbox:
        lateness.tell(made(tmp_path, inbox.port, recipients=["quality@fernvale.example"]), "build_marts", MORNING)
        assert inbox.messages[0]["To"] == "quality@fernvale.example"
        nobody = made(tmp_path, inbox.port, recipients=[])
        assert lateness.tell(nobody, "build_marts", MORNING + timedelta(days=1)).reason == (
            "no engineer or recipients in [alerts] of the settings"
        )
    silent = settings_for(tmp_path, mail={"host": ""}, alerts={"engineer": ["a@b.example"]})
    assert "host in [mail]" in (lateness.tell(silent, "build_marts", MORNING + timedelta(days=1)).reason or "")


def test_a_mail_that_was_refused_is_tried_again_by_the_next_deadline(tmp_path: Path) -> None:
    with mail_server(Inbox(answer="451 later")) as inbox, pytest.raises(MailRefused):
        lateness.tell(made(tmp_path, inbox.port), "ingest_daily", MORNING)
    with mail_server() as inbox:
        assert lateness.tell(made(tmp_path, inbox.port), "build_marts", MORNING).told
