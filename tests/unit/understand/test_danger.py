"""What suggests danger is kept out of quotes and does nothing else: no alert, no count, no list, no log."""

import csv
import logging
from pathlib import Path

import pytest

from tests.fixtures.mail_server import mail_server
from tests.fixtures.published import publish, settings_for
from tests.fixtures.published_comments import comment_id, posts, survey
from wordround import reports
from wordround.alerts import watching as alerts
from wordround.records import notices
from wordround.settings import Settings
from wordround.understand import danger
from wordround.understand.danger import CUES, DangerCuesInvalid, suggests_danger

pytestmark = pytest.mark.usefixtures("undrawn")

CRY = "I want to die and nobody on the ward listens."
ONLY_CAMHS = "delete from marts.dim_services where service_id <> 'camhs';"
PLAIN = "I want to talk and nobody on the ward listens."


@pytest.mark.parametrize(
    "text",
    [
        CRY,
        "i WANT so very much to DIE!!",
        "I don’t want to be here any more",
        "I dont want to be here anymore",
        "thinking of ending it all",
        "My self-harm got worse",
        "I have been self harming again",
        "He hits me when we are at home",
        "They threatened my family",
        "I am afraid to go home.",
        "My stepdad is hurting my little brother and my son",
        "SUICIDAL and sent home",
        "I took an overdose last week",
        "su\u00adicide",
    ],
)
def test_words_of_danger_are_recognised_however_they_are_written(text: str) -> None:
    assert suggests_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "My mum died here last year and everybody was kind.",
        "The domestic staff were friendly",
        "It was a killer of a walk from the car park",
        "I feel safe here",
        "",
        "<staff name> was a star",
    ],
)
def test_everyday_words_are_not_taken_for_danger(text: str) -> None:
    assert not suggests_danger(text)


def test_the_list_can_be_read_and_every_expression_of_it_works() -> None:
    with CUES.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len({row["expression"] for row in rows}) == len(rows) > 100
    assert {row["about"] for row in rows} == {"suicide", "self-harm", "abuse", "threat", "child"}
    for row in rows:
        said = row["expression"].replace("...", "my very own").replace("*", "")
        assert suggests_danger(f"They said {said.upper()}, today."), row


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "columns about, expression"),
        ("about,words\nabuse,hit me\n", "columns about, expression"),
        ("about,expression\n", "at least one row"),
        ("about,expression\nabuse,hit me\nabuse,*\n", "row 3"),
        ("about,expression\nabuse,hit ...\n", "row 2"),
    ],
)
def test_a_damaged_list_stops_the_report_rather_than_let_everything_be_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, says: str
) -> None:
    damaged = tmp_path / "danger_cues.csv"
    damaged.write_text(content)
    monkeypatch.setattr(danger, "CUES", damaged)
    publish(tmp_path)
    with pytest.raises(DangerCuesInvalid, match=says):
        reports.render(settings_for(tmp_path))
    assert not list(tmp_path.glob("reports/*/*"))


def files(made: Settings) -> dict[str, str]:
    """All that a report and a digest write and send, and what they return."""
    with mail_server() as inbox:
        mailed = made.model_copy(
            update={"mail": made.mail.model_copy(update={"host": "127.0.0.1", "port": inbox.port})}
        )
        told = alerts.watch(mailed)
        rendered = reports.render(mailed)
        reports.send(mailed, rendered.folder)
    found = {path.name: path.read_text(encoding="utf-8") for path in Path(made.reports / "2026-W46").iterdir()}
    bodies = [part.get_content() for message in inbox.messages for part in message.walk() if not part.is_multipart()]
    places = {"seconds", "folder", "report", "pages"}
    outcomes = str((told, rendered.model_dump(exclude=places), sorted(rendered.pages.values())))
    told_of = [one.notice for one in notices.logged(made)]
    return found | {"mail": "".join(bodies), "outcomes": outcomes, "notices": str(told_of)}


def test_a_comment_about_danger_is_never_quoted_raises_no_alert_and_no_log_names_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Beside it the same comment withheld: whatever a reader gets is the same, byte for byte."""
    with caplog.at_level(logging.DEBUG):
        publish(tmp_path / "cry", ONLY_CAMHS + survey("camhs", [CRY]))
        cry = files(settings_for(tmp_path / "cry"))
        said = caplog.text
    publish(tmp_path / "withheld", ONLY_CAMHS + survey("camhs", [CRY], is_withheld=True, comment_text=None))
    assert cry == files(settings_for(tmp_path / "withheld"))
    publish(tmp_path / "plain", ONLY_CAMHS + survey("camhs", [PLAIN]))
    assert PLAIN in files(settings_for(tmp_path / "plain"))["report.txt"].replace("\n  ", " ")
    everything = said + "".join(cry.values())
    assert CRY not in everything.replace("\n  ", " ") and comment_id("camhs", "fft", 1000) not in everything
    assert "want to die" not in everything and str(danger.__name__) not in said


def test_a_post_about_danger_raises_no_alert_either(tmp_path: Path) -> None:
    without, having = (tmp_path / name for name in ("without", "having"))
    publish(without)
    publish(having, posts("camhs", [CRY] * 6))
    assert alerts.watch(settings_for(without)) == alerts.watch(settings_for(having))
