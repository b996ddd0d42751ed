"""What a report or a digest says of a rule is made from the rule as published."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.fixtures.mail_server import mail_server
from tests.fixtures.published import publish, settings_for
from wordround import reports
from wordround.alerts import watching
from wordround.errors import PublicationUnusable
from wordround.published import wording

pytestmark = pytest.mark.usefixtures("undrawn")

SIX_WEEKS = "update meta.rules set rule_value = '6' where rule_code = 'run_length';"
UP_TO_NINE = "update meta.rules set rule_value = '9' where rule_code = 'largest_hidden_count';"
FOUR_A_YEAR = "update meta.rules set rule_value = '4' where rule_code = 'false_alerts_per_year';"


def written(home: Path, change: str) -> dict[str, str]:
    """Every word of the report and of the mails about it and about alerts, as one line each."""
    publish(home, change)
    with mail_server() as inbox:
        settings = settings_for(
            home,
            mail={"host": "127.0.0.1", "port": inbox.port},
            report={"recipients": ["ward@trust.example"], "sender": "wordround@trust.example"},
            alerts={"recipients": ["lead@trust.example"]},
        )
        folder = reports.render(settings).folder
        reports.send(settings, folder)
        watching.watch(settings)
    files = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("report.*")}
    mails = {f"mail {n}": body(message) for n, message in enumerate(inbox.messages)}
    return {name: " ".join(text.split()) for name, text in (files | mails).items()}


def body(message: EmailMessage) -> str:
    parts = [part for part in message.walk() if part.get_content_maintype() == "text" and not part.get_filename()]
    return " ".join(part.get_content() for part in parts)


def test_words_about_false_alerts_follow_the_budget(tmp_path: Path) -> None:
    as_is, fewer = written(tmp_path / "26", ""), written(tmp_path / "4", FOUR_A_YEAR)
    assert "about one false alert in two weeks on this board" in as_is["mail 1"]
    assert "about one false alert in 13 weeks on this board" in fewer["mail 1"]


def test_words_about_a_run_follow_its_length(tmp_path: Path) -> None:
    as_is, shorter = written(tmp_path / "7", ""), written(tmp_path / "6", SIX_WEEKS)
    assert "seven points on one side of the mean, or seven rising or falling" in as_is["report.html"]
    assert "six points on one side of the mean, or six rising or falling" in shorter["report.html"]


def test_words_about_small_numbers_follow_the_rule_and_so_does_what_the_report_adds_up(tmp_path: Path) -> None:
    as_is, stricter = written(tmp_path / "4", ""), written(tmp_path / "9", UP_TO_NINE)
    for name in ("report.html", "report.txt", "mail 0", "mail 1"):
        assert "below 5" in as_is[name] and "below 10" not in as_is[name], name
        assert "below 10" in stricter[name] and "below 5" not in stricter[name], name
    assert "Counts from 1 to 4 are hidden" in as_is["report.html"]
    assert "Counts from 1 to 9 are hidden" in stricter["report.html"]
    assert stricter["report.json"].count('"*"') > as_is["report.json"].count('"*"')


@pytest.mark.parametrize(
    "change",
    [
        "delete from meta.rules where rule_code = 'run_length'",
        "update meta.rules set rule_value = 'a few' where rule_code = 'largest_hidden_count'",
        "drop table meta.rules",
    ],
)
def test_a_publication_without_its_rules_is_refused_by_name(tmp_path: Path, change: str) -> None:
    publish(tmp_path, change)
    with pytest.raises(PublicationUnusable, match=r"Build and publish it again"):
        reports.render(settings_for(tmp_path))


def test_a_number_stands_in_a_sentence_as_a_word() -> None:
    assert [wording.in_words(number) for number in (0, 6, 12, 13, 1200)] == ["no", "six", "twelve", "13", "1,200"]
