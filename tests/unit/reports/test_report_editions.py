"""Editions: a lead's report has their services alone, goes to them alone, and is not sent once somebody rejected it."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fixtures.mail_server import free_port, mail_server
from tests.fixtures.published import publish, settings_for
from wordround import pipeline, reports
from wordround.errors import MailRefused, ReportRenderedAnew
from wordround.records import report_decisions
from wordround.settings import Settings

FEW = "delete from marts.dim_services where service_id not in ('kestrel', 'heron', 'merlin');"
WARDS = {"name": "Inpatient wards", "services": ["heron", "Merlin Ward (psychiatric intensive care)"]}


def settings(home: Path, port: int = 0, **lead: Any) -> Settings:
    block = {"recipients": ["quality@fernvale.example"], "sender": "wordround@fernvale.example"}
    leads = [WARDS | {"recipients": ["wards@fernvale.example"]} | lead]
    return settings_for(home, mail={"host": "127.0.0.1", "port": port}, report=block | {"leads": leads})


@pytest.fixture
def rendered(tmp_path: Path) -> dict[str, Any]:
    publish(tmp_path, FEW)
    return dict(pipeline.render_report(settings(tmp_path)))


def test_a_leads_edition_has_their_services_alone(rendered: dict[str, Any]) -> None:
    (folder,) = rendered["editions"]
    assert Path(folder).name == "2026-W46-inpatient-wards"
    report = json.loads((Path(folder) / "report.json").read_text())
    assert {service["service_id"] for service in report["services"]} == {"heron", "merlin"}
    html = (Path(folder) / "report.html").read_text()
    assert "Weekly report for Inpatient wards, 9 to 15 November 2026" in html
    assert "Kestrel" not in html and "Kestrel" not in json.dumps(report["first_page"])
    assert "Heron Ward: fewer negative comments" in report["first_page"]["What changed"][0]
    whole = json.loads((Path(rendered["folder"]) / "report.json").read_text())
    assert len(whole["services"]) == 3 and whole["edition"] == ""


def test_a_service_that_nobody_knows_is_named_and_the_edition_has_the_others(tmp_path: Path) -> None:
    publish(tmp_path, FEW)
    outcome = pipeline.render_report(settings(tmp_path, services=["heron", "herron"]))
    assert outcome["refused"] == ["[[report.leads]] Inpatient wards: nobody has written about a service 'herron'."]
    assert len(outcome["editions"]) == 1
    none = pipeline.render_report(settings(tmp_path, services=["herron"]))
    assert none["editions"] == []


def test_each_edition_goes_to_its_own_people_and_once(rendered: dict[str, Any], tmp_path: Path) -> None:
    with mail_server() as inbox:
        first = pipeline.send_report(settings(tmp_path, inbox.port), rendered)
        again = pipeline.send_report(settings(tmp_path, inbox.port), rendered)
    assert {str(message["To"]): str(message["Subject"]) for message in inbox.messages} == {
        "quality@fernvale.example": "What patients said: week 2026-W46, Fernvale Mental Health NHS Trust (fictional)",
        "wards@fernvale.example": "What patients said: week 2026-W46, Inpatient wards",
    }
    assert first["sent"] is True and first["editions"]["2026-W46-inpatient-wards"]["sent"] is True
    assert again["sent"] is False and again["editions"]["2026-W46-inpatient-wards"]["sent"] is False


def test_a_server_that_is_down_is_said_for_each_and_the_next_run_sends(
    rendered: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(MailRefused) as refused:
        pipeline.send_report(settings(tmp_path, free_port()), rendered)
    assert len(str(refused.value).splitlines()) == 2
    with mail_server() as inbox:
        pipeline.send_report(settings(tmp_path, inbox.port), rendered)
    assert len(inbox.messages) == 2


def test_the_edition_of_a_lead_who_is_gone_is_not_sent(rendered: dict[str, Any], tmp_path: Path) -> None:
    with mail_server() as inbox:
        outcome = pipeline.send_report(settings(tmp_path, inbox.port, name="Community"), rendered)
    (of_lead,) = outcome["editions"].values()
    assert of_lead["sent"] is False and "no lead in [[report.leads]]" in of_lead["reason"]


DECIDED = {
    "chosen_options": ["Reject"],
    "params_input": {"reason": "the week is not complete"},
    "responded_by_user": {"id": "7", "name": "quality lead"},
}


def test_a_rejected_report_is_not_sent_and_by_whom_and_why_stands_in_the_records(
    rendered: dict[str, Any], tmp_path: Path
) -> None:
    settled = pipeline.settle_report(settings(tmp_path), rendered, DECIDED)
    assert settled == {"approved": False, "folder": rendered["folder"], "reports": 2, "refused": []}
    (kept,) = report_decisions.of_reports(settings(tmp_path), ["2026-W46"])
    assert (kept.by, kept.why, kept.way) == ("quality lead", "the week is not complete", "airflow")
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        for folder in (rendered["folder"], *rendered["editions"]):
            outcome = reports.send(made, Path(folder))
            assert outcome.sent is False
            assert outcome.reason == "rejected; `wordround report list` says by whom and why"
        assert inbox.messages == []
        # What is rendered anew from other figures was not decided on.
        publish(tmp_path, FEW + "update marts.dim_services set service_label = 'Heron' where service_id = 'heron'")
        pipeline.render_report(made)
        assert reports.send(made, Path(rendered["folder"])).sent is True


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Quote 2 names Doreen Ackroyd of doreen@example.org, on Heron Ward", "<email address>"),
        ("Pani Kowalska była bardzo niemiła dla pacjentów wczoraj wieczorem", "not kept"),
    ],
)
def test_a_reason_is_kept_without_identifiers_and_is_in_no_outcome(
    rendered: dict[str, Any], tmp_path: Path, typed: str, kept: str
) -> None:
    made = settings(tmp_path)
    settled = pipeline.settle_report(made, rendered, DECIDED | {"params_input": {"reason": typed}})
    outcomes = json.dumps([settled, pipeline.send_report(made, rendered)])
    decided = report_decisions.of_reports(made, [Path(folder).name for folder in rendered["pages"]])
    decisions = [each.why or "" for each in decided]
    assert len(decisions) == 2 and all(kept in decision for decision in decisions)
    for name in ("Doreen", "Ackroyd", "doreen@", "Kowalska"):
        assert name not in outcomes + "".join(decisions)
    assert "Heron Ward" not in outcomes and "quality lead" not in outcomes


def test_an_approved_report_is_sent_and_the_records_say_by_whom_it_was_approved(
    rendered: dict[str, Any], tmp_path: Path
) -> None:
    approved = DECIDED | {"chosen_options": ["Approve"], "params_input": {}}
    assert pipeline.settle_report(settings(tmp_path), rendered, approved)["approved"] is True
    (kept,) = report_decisions.of_reports(settings(tmp_path), ["2026-W46"])
    assert (kept.is_approved, kept.by, kept.why) == (True, "quality lead", None)
    with mail_server() as inbox:
        assert reports.send(settings(tmp_path, inbox.port), Path(rendered["folder"])).sent is True


@pytest.mark.parametrize("chosen", ["Approve", "Reject"])
def test_a_page_that_was_rendered_anew_while_the_first_was_read_is_neither_decided_on_nor_sent(
    rendered: dict[str, Any], tmp_path: Path, chosen: str
) -> None:
    publish(tmp_path, FEW + "update marts.dim_services set service_label = 'Kestrel' where service_id = 'kestrel'")
    pipeline.render_report(settings(tmp_path))
    settled = pipeline.settle_report(settings(tmp_path), rendered, DECIDED | {"chosen_options": [chosen]})
    # Kestrel is not in the lead's edition, whose page is as it was.
    assert settled["reports"] == 1
    assert [line.partition(":")[0] for line in settled["refused"]] == ["2026-W46"]
    assert report_decisions.of_reports(settings(tmp_path), ["2026-W46"]) == []
    with mail_server() as inbox, pytest.raises(ReportRenderedAnew, match="2026-W46: another page lies there"):
        pipeline.send_report(settings(tmp_path, inbox.port), rendered)
    assert [str(message["To"]) for message in inbox.messages] == ["wards@fernvale.example"] * (chosen == "Approve")


def test_what_was_rejected_on_the_page_stays_rejected_whatever_airflow_is_answered(
    rendered: dict[str, Any], tmp_path: Path
) -> None:
    made = settings(tmp_path)
    pages = {Path(folder).name: page for folder, page in rendered["pages"].items()}
    report_decisions.log(made, pages, is_approved=False, by="m.farrow", way="page", why="A ward is missing.")
    approved = DECIDED | {"chosen_options": ["Approve"], "params_input": {}}
    assert pipeline.settle_report(made, rendered, approved)["approved"] is False
    assert pipeline.send_report(made, rendered)["sent"] is False
    assert [(each.by, each.way) for each in report_decisions.of_reports(made, pages)] == [
        ("m.farrow", "page"), ("m.farrow", "page"), ("quality lead", "airflow"), ("quality lead", "airflow"),
    ]  # fmt: skip


def test_what_the_page_has_told_airflow_is_logged_once(rendered: dict[str, Any], tmp_path: Path) -> None:
    made = settings(tmp_path)
    pages = {Path(folder).name: page for folder, page in rendered["pages"].items()}
    report_decisions.log(made, pages, is_approved=False, by="m.farrow", way="page", why="A ward is missing.")
    assert pipeline.settle_report(made, rendered, DECIDED)["approved"] is False
    assert {each.by for each in report_decisions.of_reports(made, pages)} == {"m.farrow"}


def test_without_airflow_what_was_approved_is_sent_as_it_lies_here_and_nothing_else(
    rendered: dict[str, Any], tmp_path: Path
) -> None:
    with mail_server() as inbox:
        made = settings(tmp_path, inbox.port)
        waits = "waits for somebody who approves or rejects it"
        assert list(pipeline.list_reports(made).values()) == [waits, waits]
        assert not any(pipeline.send_approved(made).values())
        assert set(pipeline.send_approved(made, "2026-W46")["not_sent"].values()) == {waits}
        pages = {Path(folder).name: page for folder, page in rendered["pages"].items()}
        whole = {"2026-W46": pages.pop("2026-W46")}
        report_decisions.log(made, whole, is_approved=True, by="m.farrow", way="page")
        report_decisions.log(made, pages, is_approved=False, by="j.okafor", way="page", why="A ward is missing.")
        assert pipeline.send_approved(made)["sent"] == {"2026-W46": 1}
        again = pipeline.send_approved(made, "2026-W46")
        assert again["sent_before"] == {"2026-W46": pipeline.list_reports(made)["2026-W46"]}
        (of_lead,) = again["not_sent"].items()
        assert "rejected by j.okafor on " in of_lead[1] and of_lead[1].endswith(": A ward is missing.")
    assert len(inbox.messages) == 1
    assert pipeline.send_approved(made, "2025-W01")["refused"] != []


def test_a_reason_that_names_somebody_after_all_can_be_taken_away(rendered: dict[str, Any], tmp_path: Path) -> None:
    made = settings(tmp_path)
    page = {"2026-W46": rendered["pages"][rendered["folder"]]}
    report_decisions.log(made, page, is_approved=False, by="m.farrow", way="page", why="The garden is missing.")
    assert pipeline.forget_reasons(made, "2026-W46") == {"reasons": 1}
    (kept,) = report_decisions.of_reports(made, ["2026-W46"])
    assert (kept.by, kept.why) == ("m.farrow", None)
    left = [path.name for path in made.records.iterdir() if b"The garden" in path.read_bytes()]
    assert left == []


def test_two_leads_of_one_name_are_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="stands twice"):
        settings_for(tmp_path, report={"leads": [WARDS, WARDS | {"name": "inpatient wards"}]})


@pytest.mark.parametrize("names", [("A&E", "A E"), ("Сестры", "Врачи"), ("Wards, North", "wards/north")])
def test_two_leads_whose_editions_would_lie_in_one_folder_are_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    with pytest.raises(ValidationError, match="would have one folder") as refused:
        settings_for(tmp_path, report={"leads": [WARDS | {"name": name} for name in names]})
    assert all(repr(name) in str(refused.value) for name in names)
    apart = settings_for(tmp_path, report={"leads": [WARDS | {"name": name} for name in ("A&E 1", "A E 2")]})
    assert len({lead.folder_name for lead in apart.report.leads}) == 2
