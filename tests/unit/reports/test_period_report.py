"""The report on a month or a quarter: totals beside those before, alerts that came and went, what was done, themes."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.fixtures.mail_server import mail_server
from tests.fixtures.published import publish, settings_for
from wordround import pipeline, reports
from wordround.cli import app
from wordround.errors import MonthNotThere
from wordround.published.periods import Asked
from wordround.records import sent_reports
from wordround.records.sent_reports import SentReport
from wordround.reports import standing
from wordround.settings import PROJECT, Settings

MONTH, QUARTER = Asked("month"), Asked("quarter")
THREE = "delete from marts.dim_services where service_id not in ('kestrel', 'heron', 'merlin');"
# An alert of August that closed in October, and one that opens after it.
CLOSED = """insert into marts.fct_alerts by name select * replace ('gone' as alert_id, 'merlin' as service_id,
    'concern' as direction, date '2026-08-03' as since_week_date, date '2026-08-10' as opened_week_date,
    date '2026-08-17' as alerted_week_date, date '2026-10-12' as closed_week_date, 'closed' as status)
    from marts.fct_alerts where service_id = 'kestrel';"""
LATER = """insert into marts.fct_alerts by name select * replace ('new' as alert_id, 'merlin' as service_id,
    date '2026-11-02' as since_week_date, date '2026-11-09' as opened_week_date, date '2026-11-09' as alerted_week_date)
    from marts.fct_alerts where service_id = 'kestrel';"""
DONE = """insert into marts.fct_actions by name select * replace ('{name}' as action_id, alerts.alert_id as alert_id,
    'kestrel' as service_id, date '{day}' as acted_date, 'Two nurses more' as action_text, '{answer}' as answer_label)
    from (select 'x' as action_id, 'x' as alert_id, 1 as action_version, 'closed' as action_code,
        'made' as outcome_code, 'lower' as answer_code, 'x' as answer_label, 'x' as service_id, 'x' as action_text,
        date '2026-01-01' as acted_date, true as is_in_force) as actions,
        (select alert_id from marts.fct_alerts where service_id = 'kestrel') as alerts;"""


def rendered(home: Path, change: str = "", asked: Asked = MONTH) -> tuple[dict[str, Any], str]:
    publish(home, change)
    folder = reports.render(settings_for(home), asked=asked).folder
    html = (folder / "report.html").read_text(encoding="utf-8")
    return json.loads((folder / "report.json").read_text(encoding="utf-8")), html


def table(html: str, caption: str) -> dict[str, list[str]]:
    part = html.partition(f"<caption>{caption}")[2].partition("</table>")[0]
    rows = (row for row in part.partition("<tbody>")[2].split("<tr>")[1:])
    plain = ([re.sub(r"<[^>]+>", "", cell).strip() for cell in re.split(r"</t[hd]>", row)[:-1]] for row in rows)
    return {cells[0]: cells[1:] for cells in plain}


@pytest.fixture(scope="module")
def october(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    return rendered(tmp_path_factory.mktemp("home"), THREE + CLOSED + LATER)


def test_the_page_is_about_the_month_and_lies_under_its_name(october: tuple[dict[str, Any], str]) -> None:
    report, html = october
    assert (report["period"], report["title"]) == ("2026-10", "October 2026")
    assert (report["first_day"], report["last_day"]) == ("2026-09-28", "2026-11-01")
    assert "Monthly report: the 5 weeks from 28 September 2026 to 1 November 2026" in html
    assert "<title>Patient comments, October 2026: " in html and "this week" not in html
    assert html.count("<h1>") == 1 and "last 12 weeks" not in html


def test_its_share_stands_beside_the_month_before_and_a_year_before_with_intervals(
    october: tuple[dict[str, Any], str],
) -> None:
    report, _ = october
    apart = r"(\d+ points? (more|less) than in|about as in)"
    sure = "\\(95\xa0% confidence: between .+; (may be|unlikely to be) chance\\)"
    assert re.fullmatch(
        rf"\d+% of comments are negative, {apart} September 2026 {sure}; {apart} October 2025 {sure}\.",
        report["first_page"]["What changed"][0],
    )
    rests = " ".join(report["first_page"]["What it rests on"])
    assert re.search(r"People wrote [\d,]+ comments in October 2026, \d+ a week \(in September 2026 \d+, in ", rests)


def test_a_service_that_differs_beyond_chance_is_named_and_others_are_not(october: tuple[dict[str, Any], str]) -> None:
    report, html = october
    changed = "\n".join(report["first_page"]["What changed"])
    assert re.search(
        r"More negative comments than in September 2026, beyond chance: Kestrel Ward \(\d+%, then", changed
    )
    assert not re.search(r"beyond chance: [^.]*Merlin", changed)
    (kestrel,) = [each for each in report["services"] if each["service_id"] == "kestrel"]
    before = kestrel["before"]
    assert before["difference_low"] < before["difference"] < before["difference_high"]
    shown = table(html, "Comments in October 2026, by service")
    assert next(iter(shown)) == "Kestrel Ward" and shown["Kestrel Ward"][0] == kestrel["comments"]
    assert shown["Kestrel Ward"][1:4] == [
        kestrel["negative_share"], kestrel["before"]["negative_share"], kestrel["year_before"]["negative_share"],
    ]  # fmt: skip


def test_alerts_stand_as_they_did_at_the_end_of_the_month(october: tuple[dict[str, Any], str]) -> None:
    report, html = october
    shown = table(html, "Alerts that were open in October 2026")
    merlin = "Merlin Ward (psychiatric intensive care)"
    assert shown[merlin][1:] == ["3 August 2026", "closed in the week of 12 October 2026"]
    assert shown["Kestrel Ward"][-1] == "open" and "2 November" not in " ".join(map(str, shown.values()))
    changed = report["first_page"]["What changed"]
    assert f"Over: {merlin}: more negative comments than usual." in changed
    assert any(line.startswith("New: Kestrel Ward: more negative comments") for line in changed)


def test_a_month_in_which_no_alert_began_says_so(tmp_path: Path) -> None:
    report, html = rendered(tmp_path, THREE, Asked("month", "2026-03"))
    assert "No alert began." in report["first_page"]["What changed"]
    assert "No alert was open in March 2026." in html
    assert (
        report["first_page"]["What changed"][1] == "Nothing stands beside it from March 2025: the data are not whole."
    )


def test_what_was_done_stands_in_its_month_and_again_when_it_answers_itself(tmp_path: Path) -> None:
    done = (
        DONE.format(name="a", day="2026-10-14", answer="too early: 1 of 12 weeks")
        + DONE.format(name="b", day="2026-07-09", answer="24 % before, 15 % after, nine weeks; unlikely to be chance")
        + DONE.format(name="c", day="2026-05-04", answer="long ago")
        + "update marts.fct_alert_handling set changed_count = 1 where direction = 'concern';"
    )
    _, html = rendered(tmp_path, THREE + done)
    part = html.partition("What was done, and what became of it:")[2].partition("</ul>")[0]
    assert re.findall(r"<li>([^<]+)</li>", part) == [
        "Kestrel Ward, 9 July 2026: Two nurses more. 24 % before, 15 % after, nine weeks; unlikely to be chance.",
        "Kestrel Ward, 14 October 2026: Two nurses more. Too early: 1 of 12 weeks.",
    ]
    assert "Of 2 alerts in the year to 15 November 2026, one led to a change." in html


def test_themes_of_all_services_stand_beside_those_before(october: tuple[dict[str, Any], str]) -> None:
    _, html = october
    criticised = table(html, "Criticised, in how many of all comments")
    assert len(criticised) == 10 and all(len(cells) == 4 for cells in criticised.values())
    assert criticised["Access to care"][0].endswith("%") and criticised["Access to care"][3] in ("more", "as before")
    sizes = [int(cells[0].rstrip("%")) for cells in criticised.values() if cells[0] != "hidden"]
    assert sizes == sorted(sizes, reverse=True)


def test_a_quarter_is_the_sum_of_its_months_and_is_hidden_where_one_is(tmp_path: Path) -> None:
    hide = """update marts.fct_service_months set negative_count_label = '*'
        where service_id = 'heron' and month_code = '2026-08';"""
    report, html = rendered(tmp_path, THREE + hide, QUARTER)
    assert (report["period"], report["title"]) == ("2026-Q3", "July to September 2026")
    heron, kestrel = (
        next(each for each in report["services"] if each["service_id"] == name) for name in ("heron", "kestrel")
    )
    assert heron["negative_share"] == "*" and heron["before"]["difference"] is None
    assert kestrel["negative_share"].endswith("%")
    assert "Quarterly report: the 13 weeks" in html and "from July to September 2026" in html
    assert table(html, "Comments from July to September 2026, by service")["Heron Ward"][1] == "hidden"


def test_what_is_hidden_does_not_change_a_byte(tmp_path: Path) -> None:
    hidden = "month_code = '2026-10' and service_id = 'merlin'"
    label = f"update marts.fct_service_months set comment_count_label = '*', negative_count_label = '*' where {hidden};"
    _, one = rendered(tmp_path, THREE + label)
    count = f"update marts.fct_service_months set comment_count = 3, negative_count = 2 where {hidden};"
    _, other = rendered(tmp_path, THREE + label + count)
    assert one == other


NOTHING = "set comment_count_label = '0', negative_count_label = '0' where month_code = '2026-09'"
ITS_WEEKS = "where week_date between date '2026-08-31' and date '2026-09-21'"
MISSED = """insert into marts.fct_source_gaps
    select 'fft', 'XFV', week_date, month_code from (
        select week_date, strftime(week_date + 3, '%Y-%m') as month_code from marts.dim_weeks) where {};"""
SILENT = f"""{MISSED.format("month_code = '2026-09'")}
    update marts.fct_service_months {NOTHING}; update marts.fct_trust_months {NOTHING};
    delete from marts.fct_service_theme_weeks {ITS_WEEKS};
    update marts.fct_service_weeks set comment_count = 0 {ITS_WEEKS};"""


@pytest.mark.parametrize("asked", [MONTH, QUARTER, Asked("month", "2026-09")], ids=["after", "quarter", "month"])
def test_a_month_of_which_a_source_brought_nothing_is_no_quiet_month(tmp_path: Path, asked: Asked) -> None:
    report, html = rendered(tmp_path, THREE + SILENT, asked)
    missing = "No comment of September 2026 came from Friends and Family Test, though many came before: comments "
    assert any(line.startswith(missing) for line in report["first_page"]["What it rests on"])
    assert missing in html and "<dd>all arrived</dd>" not in html and "Nobody wrote" not in html


@pytest.mark.parametrize("asked", [MONTH, QUARTER, Asked("month", "2026-09")], ids=["after", "quarter", "month"])
def test_a_month_of_which_half_is_missing_says_how_much(tmp_path: Path, asked: Asked) -> None:
    two = MISSED.format("week_date between date '2026-09-07' and date '2026-09-14'")
    report, html = rendered(tmp_path, THREE + two, asked)
    missing = "No comment of two of the four weeks of September 2026 came from Friends and Family Test, though many "
    assert any(line.startswith(missing) for line in report["first_page"]["What it rests on"])
    assert missing in html and "<dd>all arrived</dd>" not in html


def test_themes_of_a_month_without_comments_are_not_called_hidden(tmp_path: Path) -> None:
    _, html = rendered(tmp_path, THREE + SILENT)
    for row in table(html, "Criticised, in how many of all comments").values():
        assert (row[1], row[3]) == ("none", "")
    assert "September 2026 none" in html and "September 2026 hidden" not in html  # what the chart of months says


def test_a_theme_of_which_a_share_is_hidden_is_not_said_to_be_as_before(october: tuple[dict[str, Any], str]) -> None:
    _, html = october
    rows = table(html, "Criticised, in how many of all comments").values()
    assert all(row[3] == "" for row in rows if "hidden" in row[:2])


def test_a_month_without_its_data_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    late = "update marts.dim_months set is_closed = false, awaited_sources = 'fft' where month_code = '2026-10';"
    publish(tmp_path, late)
    with pytest.raises(MonthNotThere, match=r"no report of October 2026: data are still to come, from fft\. A report"):
        reports.render(settings_for(tmp_path), asked=Asked("month", "2026-10"))
    assert not (tmp_path / "reports").exists()
    assert reports.render(settings_for(tmp_path), asked=MONTH).period == "2026-09"


def test_the_verb_takes_a_month_a_quarter_or_the_latest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, THREE)
    written = (PROJECT / "wordround.toml").read_text(encoding="utf-8").replace("[report]", "[report]\npdf = false")
    (tmp_path / "wordround.toml").write_text(written, encoding="utf-8")
    monkeypatch.setenv("WORDROUND_HOME", str(tmp_path))
    monkeypatch.setenv("WORDROUND_CONFIG", str(tmp_path / "wordround.toml"))
    for arguments, period in (
        (["--monthly"], "2026-10"), (["--month", "2026-03"], "2026-03"), (["--quarterly"], "2026-Q3"),
        (["--quarter", "2", "--year", "2026"], "2026-Q2"),
    ):  # fmt: skip
        done = CliRunner().invoke(app, ["report", *arguments, "--json"])
        assert done.exit_code == 0 and json.loads(done.stdout)["period"] == period
    assert CliRunner().invoke(app, ["report", "--month", "2027-01"]).exit_code == 1
    for wrong in (["--quarter", "2"], ["--monthly", "--quarterly"], ["--month", "2026-03", "--monthly"]):
        assert CliRunner().invoke(app, ["report", *wrong]).exit_code == 2


def with_mail(home: Path, port: int = 0, **report: Any) -> Settings:
    block = {"recipients": ["board@fernvale.example"], "sender": "wordround@fernvale.example"} | report
    return settings_for(home, mail={"host": "127.0.0.1", "port": port}, report=block)


APPROVED = {"chosen_options": ["Approve"], "params_input": {}, "responded_by_user": {"id": "7", "name": "lead"}}


def test_what_is_due_is_rendered_decided_on_together_and_sent_once(tmp_path: Path) -> None:
    publish(tmp_path, THREE)
    leads = [{"name": "Wards", "services": ["heron"], "recipients": ["wards@fernvale.example"]}]
    with mail_server() as inbox:
        made = with_mail(tmp_path, inbox.port, leads=leads)
        assert pipeline.due_reports(made) == ["2026-10", "2026-Q3"]
        outcome = pipeline.render_reports(made, pipeline.due_reports(made))
        assert [Path(folder).name for folder in outcome["folders"]] == ["2026-10", "2026-Q3"]
        assert pipeline.due_reports(made) == ["2026-10", "2026-Q3"]  # nobody has decided yet
        assert pipeline.settle_report(made, outcome, APPROVED)["reports"] == 2
        pipeline.send_report(made, outcome)
        assert pipeline.due_reports(made) == []
        pipeline.send_report(made, outcome)
    assert [str(message["Subject"]).partition(", ")[0] for message in inbox.messages] == [
        "What patients said: October 2026", "What patients said: July to September 2026",
    ]  # fmt: skip
    assert {str(message["To"]) for message in inbox.messages} == {"board@fernvale.example"}


def test_a_rejected_month_is_neither_sent_nor_due_again_until_it_is_rendered_anew(tmp_path: Path) -> None:
    publish(tmp_path, THREE)
    made = with_mail(tmp_path)
    outcome = pipeline.render_reports(made, ["2026-10"])
    rejected = APPROVED | {"chosen_options": ["Reject"], "params_input": {"reason": "wards are missing"}}
    pipeline.settle_report(made, outcome, rejected)
    assert pipeline.due_reports(made) == ["2026-Q3"]
    assert str(pipeline.send_report(made, outcome)["reason"]).startswith("rejected; ")
    publish(tmp_path, THREE + CLOSED)
    pipeline.render_reports(made, ["2026-10"])
    assert pipeline.due_reports(made) == ["2026-10", "2026-Q3"]


def test_a_month_that_closes_after_a_later_one_was_sent_is_due_and_those_before_the_first_report_are_not(
    tmp_path: Path,
) -> None:
    publish(tmp_path, THREE + "update marts.dim_months set is_closed = false where month_code = '2026-09';")
    made = with_mail(tmp_path)
    for sent in ("2026-08", "2026-10"):
        sent_reports.log(made, SentReport(datetime.now(UTC), sent, "<1@fernvale.example>", 1, None, "0" * 64))
    assert pipeline.due_reports(made) == ["2026-Q2"]
    publish(tmp_path, THREE)
    assert pipeline.due_reports(made) == ["2026-09", "2026-Q3"]
    pipeline.render_reports(made, ["2026-09", "2026-10"])
    assert {"2026-09", "2026-10"} <= standing.current(made).keys(), "it can be decided on the page"


def test_before_a_month_has_closed_nothing_is_due(tmp_path: Path) -> None:
    publish(tmp_path, "update marts.dim_months set is_closed = false;")
    assert pipeline.due_reports(with_mail(tmp_path)) == []


def test_the_same_publication_gives_the_same_bytes(tmp_path: Path) -> None:
    assert rendered(tmp_path, THREE) == rendered(tmp_path, THREE)
