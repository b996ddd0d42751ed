"""Earlier reports, sources, quality and what was done: shown to whom they are for, and nothing beside them."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from tests.fixtures.published import publish, settings_for
from tests.fixtures.published_comments import posts
from tests.fixtures.web import Site, words
from wordround import reports
from wordround.alerts import actions
from wordround.alerts.actions import Who
from wordround.land.row_outcomes import RowOutcomes
from wordround.published.reading import read_episodes
from wordround.published.row_accounts import RowAccount
from wordround.records import comment_readings, spending

LEADS = [
    {"name": "Kestrel", "services": ["kestrel"], "recipients": ["k@fernvale.example"]},
    {"name": "Heron", "services": ["heron"], "recipients": ["h@fernvale.example"]},
]
WEEK = "2026-W46"


@pytest.fixture
def rendered(page: Site, undrawn: None) -> list[str]:
    """The names of the reports of the week: of the whole trust, and of two leads."""
    reports.render(settings_for(page.settings.home, report={"pdf": False, "leads": LEADS}))
    return sorted(folder.name for folder in page.settings.reports.iterdir())


def test_reports_are_listed_by_week_and_edition_and_opened_as_they_were_made(page: Site, rendered: list[str]) -> None:
    approver = page.visitor("p", "approvers")
    listed = approver.get("/reports").text
    assert sorted(set(re.findall(r'href="/reports/([^/"]+)/page"', listed))) == rendered
    assert "The whole trust" in listed and "Kestrel" in listed
    opened = approver.get(f"/reports/{WEEK}/page")
    assert opened.content == (page.settings.reports / WEEK / "report.html").read_bytes()


def test_a_report_is_opened_in_a_sandbox_where_only_its_own_style_works(page: Site, rendered: list[str]) -> None:
    opened = page.visitor("p", "approvers").get(f"/reports/{WEEK}/page")
    policy = opened.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox") and "allow-scripts" not in policy and "allow-same-origin" not in policy
    assert "style-src 'unsafe-inline'" in policy and "default-src 'none'" in policy and "script-src" not in policy
    assert opened.headers["Cache-Control"] == "no-store" and opened.headers["X-Frame-Options"] == "DENY"


def test_a_lead_opens_the_edition_of_their_own_services_alone(page: Site, rendered: list[str]) -> None:
    lead = page.visitor("j", "kestrel-leads")
    own = next(name for name in rendered if "estrel" in name)
    assert set(re.findall(r'href="/reports/([^/"]+)/page"', lead.get("/reports").text)) == {own}
    assert lead.get(f"/reports/{own}/page").status_code == 200
    for other in set(rendered) - {own}:
        assert lead.get(f"/reports/{other}/page").status_code == 404


@pytest.mark.parametrize("group", ["readers", "coders", "governance"])
def test_other_roles_open_no_report(page: Site, rendered: list[str], group: str) -> None:
    for path in ("/reports", f"/reports/{WEEK}/page", f"/reports/{WEEK}/pdf"):
        assert page.visitor("x", group).get(path).status_code == 403
    assert 'href="/reports"' not in page.visitor("x", group).get("/").text


def test_what_a_report_quotes_is_logged_as_read(page: Site, rendered: list[str]) -> None:
    path = page.settings.reports / WEEK / "report.json"
    written = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**written, "quoted_comment_ids": ["a", "b"]}), encoding="utf-8")
    page.visitor("p", "approvers").get(f"/reports/{WEEK}/page")
    logged = comment_readings.latest(page.settings)
    assert [(one.by, one.page, one.comment_count) for one in logged] == [("p", "report", 2)]


def test_nothing_outside_the_folder_of_reports_is_opened(page: Site, rendered: list[str], tmp_path: Path) -> None:
    approver, folder = page.visitor("p", "approvers"), page.settings.reports
    secret = tmp_path / "keys.html"
    secret.write_text("the keys", encoding="utf-8")
    # A page that is a link to elsewhere, and a whole report that is one.
    (folder / WEEK / "report.html").unlink()
    (folder / WEEK / "report.html").symlink_to(secret)
    elsewhere = tmp_path / "elsewhere"
    (folder / rendered[1]).rename(elsewhere)
    (folder / "2026-W45").symlink_to(elsewhere)
    for path in (f"{WEEK}/page", "2026-W45/page", "..%2fkeys/page", "../keys.html", f"{WEEK}/..%2f..%2fkeys.html"):
        found = approver.get(f"/reports/{path}")
        assert found.status_code == 404 and "the keys" not in found.text, path
    assert comment_readings.latest(page.settings) == []


def test_a_damaged_report_is_left_out_and_the_others_are_listed(page: Site, rendered: list[str]) -> None:
    (page.settings.reports / WEEK / "report.json").write_text("{", encoding="utf-8")
    listed = page.visitor("p", "approvers").get("/reports").text
    assert sorted(set(re.findall(r'href="/reports/([^/"]+)/page"', listed))) == rendered[1:]


def test_before_there_is_a_report_the_page_says_how_one_is_made(page: Site) -> None:
    assert "wordround report" in page.visitor("p", "approvers").words("/reports")


def test_sources_say_what_came_what_was_asked_what_was_set_aside_and_what_it_cost(page: Site) -> None:
    days = (
        "insert into marts.fct_query_days by name select 'chirp' as source_code, 'tag' as query_id, posted_date,"
        " '#FernvaleNHS' as query_label, 'budget' as cut_reason, 1 as listing_count, 0 as answered_listing_count,"
        " true as was_asked, false as was_answered, true as is_gap"
        " from (values (date '2026-11-09'), (date '2026-11-10')) as days (posted_date)"
    )
    publish(page.settings.home, posts("kestrel", ["They rang me back."]) + days)
    spending.add(page.settings, "chirp", "asking", date(2026, 11, 14), 4.07)
    said = page.visitor("a", "analysts").words("/sources")
    assert "Friends and Family Test Survey answers" in said
    assert "Chirp #FernvaleNHS 0 of 2 days (the day's budget was spent)" in said
    assert "14 were set aside" in said and "ambiguous date 12" in said and "future date 2" in said
    assert "Chirp asking for comments 4.07" in said
    reader = page.visitor("r", "readers").words("/sources")
    assert "future date 2" not in reader and "a few" in reader


def test_the_outcomes_of_rows_are_those_of_landing(page: Site) -> None:
    assert set(RowAccount.outcomes()) == set(RowOutcomes.outcomes())


def test_quality_says_what_does_not_hold_and_whether_rows_add_up(page: Site) -> None:
    folder = page.settings.quality / "gates"
    folder.mkdir(parents=True)
    check = {"number": 1, "checked": 900, "failed": 7, "why": "It matters.", "what_to_do": "Mend it."}
    checks = [
        {**check, "description": "Every alert has a week.", "status": "stops"},
        {**check, "description": "Every alert is open.", "status": "holds", "failed": 0},
    ]
    at = "2026-11-18T06:00:00+00:00"
    suite = {"name": "alerts", "title": "Alerts", "checked_at": at, "expectations": checks}
    gate = {"gate": "publishable", "checked_at": at, "suites": [suite]}
    (folder / "publishable.json").write_text(json.dumps(gate), encoding="utf-8")
    (folder / "loaded.json").write_text("{", encoding="utf-8")
    (page.settings.quality / "index.html").write_text("<style>b{}</style>every check", encoding="utf-8")
    said = page.visitor("a", "analysts").words("/quality")
    assert "Stops: Alerts. Every alert has a week. 7 of 900 rows. It matters. Mend it." in said
    assert "Friends and Family Test 4,634 4,200 0 0 420 0 14 0 0 yes" in said
    shown = page.visitor("g", "governance").get("/quality/page")
    assert "every check" in shown.text and shown.headers["Content-Security-Policy"].startswith("sandbox")
    assert page.visitor("r", "readers").get("/quality/page").status_code == 403
    gate["suites"][0]["expectations"] = checks[1:]  # type: ignore[index]
    (folder / "publishable.json").write_text(
        json.dumps({**gate, "checked_at": "2026-11-18T07:00:00+00:00"}), encoding="utf-8"
    )
    assert "All checks hold." in page.visitor("a", "analysts").words("/quality"), "not the page that was kept"


def test_rows_that_do_not_add_up_are_said(page: Site) -> None:
    publish(page.settings.home, "update marts.fct_source_coverage set rows_loaded = rows_loaded - 1")
    assert "0 no Copy the query" in page.visitor("a", "analysts").words("/quality")


@pytest.mark.parametrize(("aside", "hidden"), [(14, 0), (2, 2)])
def test_readers_see_no_small_part_of_the_rows_and_none_that_it_follows_from(
    page: Site, aside: int, hidden: int
) -> None:
    change = f"update marts.fct_source_coverage set rows_quarantined = {aside} where rows_quarantined = 14"
    publish(page.settings.home, change)
    row = page.visitor("r", "readers").words("/quality").split("Friends and Family Test")[1]
    assert row.split("Copy the query")[0].count("hidden") == hidden
    assert "hidden" not in page.visitor("a", "analysts").words("/quality").split("Copy the query")[0]


def test_what_was_done_is_told_with_what_became_of_it_and_says_whom_it_is_for(page: Site) -> None:
    reader = page.visitor("r", "readers")
    assert "No alert was closed with a change" in reader.words("/done")
    alerts = {each.service_id: each.alert_id for each in read_episodes(page.settings).alerts}
    actions.close(page.settings, alerts["kestrel"], Who("KL"), "A second nurse in the evenings.", "planned")
    actions.close(page.settings, alerts["heron"], Who("KL"), "The garden is open.", "no_change")
    said = reader.words("/done")
    assert "second nurse" not in said and "garden" not in said
    version = actions.handling(page.settings)[alerts["kestrel"]].version
    actions.close(page.settings, alerts["kestrel"], Who("KL"), "Two nurses in the evenings.", "made", expected=version)
    said = reader.words("/done")
    assert "You said Kestrel Ward: more negative comments than usual" in said
    assert "We did Two nurses in the evenings." in said and "It is too early to say" in said
    assert "For staff." in said and "the words below are not for a wall" in said
    assert "KL" not in said and "Let the public read it" not in said


def test_every_page_that_shows_a_file_needs_a_login(page: Site) -> None:
    stranger = page.visitor("s", "unknown-group")
    for path in ("/reports", "/quality/page", "/sources", "/done"):
        found = stranger.get(path)
        assert found.status_code == 403 and "You have no access yet" in words(found)
