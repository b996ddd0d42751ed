"""Services, themes and the board: whole, the same as the report, with every figure's comments and query behind it."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest

from tests.fixtures.published import multiply, publish
from tests.fixtures.published_comments import example
from tests.fixtures.web import Site, Visitor, words
from wordround.alerts import actions
from wordround.alerts.actions import Who
from wordround.published import reading
from wordround.published.reading import read_episodes
from wordround.records import comment_readings

# A minor theme of Staff as often as Staff itself, and one of another frame that nobody but Kestrel Ward's speak of.
MORE_THEMES = """
insert into marts.dim_themes by name select 'staff_manner' as theme_code, 'Staff manner' as theme_label,
    'patient_experience' as frame_code, 'staff' as major_code, 'minor' as level, 20 as sort_order;
insert into marts.dim_themes by name select 'lived_experience.thanks' as theme_code, 'Thanks' as theme_label,
    'lived_experience' as frame_code, 'lived_experience.thanks' as major_code, 'major' as level, 1 as sort_order;
insert into marts.fct_service_theme_weeks by name
    select * replace ('staff_manner' as theme_code) from marts.fct_service_theme_weeks where theme_code = 'staff';
insert into marts.fct_service_theme_weeks by name
    select * replace ('lived_experience.thanks' as theme_code) from marts.fct_service_theme_weeks
    where theme_code = 'staff' and service_id = 'kestrel';
insert into marts.fct_decision_weeks by name
    select * replace (md5('staff_manner' || service_id) as series_id, 'staff_manner' as theme_code)
    from marts.fct_decision_weeks;
insert into marts.fct_alerts by name
    select * replace (md5('t' || alert_id) as alert_id, 'staff_manner' as theme_code, 'service_theme' as series_code)
    from marts.fct_alerts where service_id = 'kestrel';
"""
FIGURE_PAGES = ("/", "/services", "/services/kestrel", "/themes", "/themes/staff", "/services/kestrel/themes/staff")


@pytest.fixture
def analyst(page: Site) -> Visitor:
    return page.visitor("a", "analysts")


def queries(visitor: Visitor, path: str) -> list[str]:
    """The SQL of a page, as somebody copies it."""
    return [unescape(sql) for sql in re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", visitor.get(path).text, re.S)]


def asked(page: Site, sql: str) -> list[dict[str, object]]:
    """The answer of the published file."""
    with duckdb.connect(str(page.settings.published / "wordround.duckdb"), read_only=True) as connection:
        answer = connection.execute(sql)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def links(visitor: Visitor, path: str) -> list[dict[str, list[str]]]:
    """The filters of the links of a page that lead to comments."""
    found = re.findall(r'href="(/search\?[^"]*)"', visitor.get(path).text)
    return [parse_qs(urlsplit(unescape(each)).query) for each in found]


def test_every_query_of_every_page_runs_on_the_published_file(page: Site, analyst: Visitor) -> None:
    for path in (
        *FIGURE_PAGES,
        "/sources",
        "/quality",
        "/themes?frame=patient_experience",
        "/comparison",
        "/comparison?level=site&theme=staff",
    ):
        found = queries(analyst, path)
        assert found or path == "/services", path
        for sql in found:
            assert asked(page, sql) or "fct_actions" in sql, (path, sql)


def test_the_queries_of_a_service_give_the_figures_of_its_page(page: Site, analyst: Visitor) -> None:
    with page.application.state.publications.newest() as (build, _):
        service = next(each for each in build.services if each.negative and each.scored_forms)
        own, trends, small = service.service_id, build.trends, build.published.small_numbers
    found = {}
    for sql in queries(analyst, f"/services/{own}")[:-1]:
        answer = asked(page, sql)
        found[tuple(answer[0])[:2]] = answer
    weeks = {str(row["week_date"]): row for row in found["week_date", "comment_count"]}
    assert f"{weeks['2026-11-09']['comment_count']:,}" == service.comments
    assert str(weeks["2026-11-09"]["negative_share_label"]).replace(" ", "") == service.negative
    values = {str(row["week_date"]): row["value"] for row in found["week_date", "value"]}
    assert values["2026-11-09"] == service.points[-1].value
    for row in found["theme_code", "theme_label"]:
        now = trends.of(str(row["theme_code"]), own).now
        counts = [int(str(row[name])) for name in ("comments", "praise", "all_comments")]
        assert now and now.value == small.rolling_share(counts[0], counts[2])
        assert now.positive_value in (small.rolling_share(counts[1], counts[2]), None)
    assert f"{sum(int(str(count)) for count in found['very_good', 'good'][0].values()):,}" == service.scored_forms


def test_the_query_of_a_theme_gives_both_quarters_of_its_page(page: Site, analyst: Visitor) -> None:
    for path in ("/themes/staff", "/services/kestrel/themes/staff"):
        rows = {row["quarter"]: row for row in asked(page, queries(analyst, path)[0])}
        said = analyst.words(path)
        for row in rows.values():
            small = reading.read(page.settings).small_numbers
            share = small.rolling_share(int(str(row["comments"])), int(str(row["all_comments"])))
            assert share is not None and f"{share:.0%}" in said, path


def test_each_figure_leads_to_the_comments_of_its_week_theme_and_source(page: Site, analyst: Visitor) -> None:
    found = links(analyst, "/services/kestrel")
    assert {"service": ["kestrel"], "from": ["2026-11-09"], "to": ["2026-11-15"]} in found
    assert {"service": ["kestrel"], "sentiment": ["negative"], "from": ["2026-11-09"], "to": ["2026-11-15"]} in found
    quarter = {"from": ["2026-08-24"], "to": ["2026-11-15"]}
    assert {"service": ["kestrel"], "theme": ["staff"], "sentiment": ["negative"], **quarter} in found
    assert {"service": ["kestrel"], "source": ["fft"], **quarter} in found
    assert {"theme": ["staff"], "sentiment": ["positive"], **quarter} in links(analyst, "/themes")


@pytest.mark.parametrize("group", ["readers", "coders", "approvers", "governance"])
def test_who_may_not_read_comments_gets_no_link_to_them_and_no_comment(page: Site, group: str) -> None:
    # An analyst has opened the pages before: what was kept of them is the analyst's.
    for path in FIGURE_PAGES:
        page.visitor("a", "analysts").get(path)
        opened = page.visitor("x", group).get(path)
        assert opened.status_code == 200 and "/search" not in opened.text and "examples" not in opened.text, path
    for path in ("/services/kestrel/praise", "/themes/staff/examples", "/services/kestrel/themes/staff/examples"):
        assert page.visitor("x", group).get(path).status_code == 403
    assert comment_readings.latest(page.settings) == []


def test_a_lead_is_led_to_the_comments_of_their_own_service_alone(page: Site) -> None:
    page.visitor("a", "analysts").get("/services/heron")
    lead = page.visitor("j", "kestrel-leads")
    assert links(lead, "/services/kestrel") and not links(lead, "/services/heron")
    assert {each.get("service", [""])[0] for each in links(lead, "/themes/staff")} == {"kestrel"}
    assert lead.get("/services/heron/praise").status_code == 403
    assert lead.get("/services/heron/themes/staff/examples").status_code == 403


def test_examples_and_praise_are_those_of_the_services_that_somebody_may_read_and_are_logged(page: Site) -> None:
    theirs = "The nurses were kind and patient with all of us on the ward."
    others = "The nurses were warm and helpful with everyone who came in."
    again = "The nurses listened well and helped all of us every time."
    change = "".join((
        example("kestrel", theirs, "positive", 1), example("heron", others, "positive", 2),
        example("kestrel", again, "positive", 3, is_withheld=True),
    ))  # fmt: skip
    publish(page.settings.home, change)
    lead = page.visitor("j", "kestrel-leads")
    said = lead.words("/themes/staff/examples")
    assert theirs in said and others not in said and again not in said
    assert others in page.visitor("a", "analysts").words("/themes/staff/examples")
    logged = comment_readings.latest(page.settings)
    assert [(one.by, one.page, one.query, one.comment_count) for one in logged] == [
        ("a", "examples", "theme: staff", 2), ("j", "examples", "theme: staff", 1),
    ]  # fmt: skip
    lead.words("/services/kestrel/praise")


def test_small_numbers_are_hidden_on_every_page_of_figures_as_in_the_report(page: Site) -> None:
    # Merlin Ward has about two comments a week: its weeks are hidden, and no share of its themes is shown.
    reader = page.visitor("r", "readers")
    for path in ("/services/merlin", "/services/merlin/themes/staff", "/themes/staff"):
        row = reader.get(path).text
        assert "hidden" in row or "nobody" in row or "too few" in row, path
    with page.application.state.publications.newest() as (build, _):
        small = build.published.small_numbers
        for (service, code, ago), counts in build.trends.counts.items():
            trend = build.trends.of(code, service)
            if (
                ago == 0
                and trend.now
                and (small.is_small(counts.comment_count) or small.is_small(counts.negative_count))
            ):
                assert trend.now.negative_share is None


def test_themes_of_every_frame_and_level_have_their_pages_and_alerts(page: Site) -> None:
    publish(page.settings.home, MORE_THEMES)
    analyst = page.visitor("a", "analysts")
    said = analyst.words("/themes")
    assert "Staff manner" in said and "Lived experience" in said and "Thanks" not in said
    assert "Thanks" in analyst.words("/themes?frame=lived_experience")
    assert analyst.get("/themes?frame=nothing").status_code == 404
    assert analyst.get("/themes/nothing").status_code == 404
    assert analyst.get("/services/kestrel/themes/nothing").status_code == 404
    minor = analyst.words("/themes/staff_manner")
    assert "part of Staff" in minor and "Staff manner in Kestrel Ward: more comments criticise it" in minor
    # The alert of the minor one is found from the group too, and puts its service before the alphabet.
    group = analyst.words("/themes/staff").split("Services In the order of what needs a look")[1]
    assert group.index("Kestrel Ward") < group.index("Heron Ward") and "no league table" in group
    chart = analyst.get("/services/kestrel/themes/staff_manner").text
    assert "chart--narrow" in chart
    assert "small numbers, which your role does not show" in page.visitor("r", "readers").words(
        "/services/kestrel/themes/staff_manner"
    )


def test_the_board_shows_every_chart_as_an_icon_that_leads_to_it(page: Site) -> None:
    publish(page.settings.home, MORE_THEMES)
    board = page.visitor("r", "readers").get("/").text
    cells = dict(re.findall(r'<a class="cell" href="([^"]+)"><span class="icon icon--(\w+)"', board))
    assert cells["/services/kestrel#chart"] == cells["/services/kestrel/themes/staff"] == "concern"
    assert cells["/services/heron#chart"] == "improvement" and cells["/services/heron/themes/staff"] == "common_cause"
    assert cells["/services/heron/themes/activities"] == "not_monitored"
    for path in cells:
        assert page.visitor("r", "readers").get(path.split("#")[0]).status_code == 200, path


def test_of_a_large_trust_the_board_has_pages_and_a_service_is_found_by_its_name(page: Site) -> None:
    multiply(page.settings.home, 37)
    reader = page.visitor("r", "readers")
    shown = list[str]()
    for number in range(1, 8):
        board = reader.get(f"/?page={number}")
        assert board.status_code == 200 and len(board.content) < 300_000
        cards = re.findall(r'<h3><a href="/services/([^"#]+)#chart">', board.text)
        charts = re.findall(r'<td><a class="cell" href="/services/([^"#]+)#chart">', board.text)
        assert cards == charts and len(cards) <= 50
        shown += cards
    assert len(shown) == len(set(shown)) == 8 * 38, "each service once, on one of the pages"
    assert shown[0].startswith("kestrel"), "what needs a look comes first"
    first = reader.words("/")
    assert "1 to 50 of 304" in first and "What it comes to" in first
    assert "What it comes to" not in reader.words("/?page=2") and reader.get("/?page=99").status_code == 200
    assert reader.get("/?page=0").status_code == 422
    assert len(reader.get("/services").content) < 300_000

    assert 'action="/services" method="get"' in reader.get("/").text
    found = reader.get("/services?name=WARD+kestrel")
    named = re.findall(r'<th scope="row"><a href="/services/([^"]+)">', found.text)
    assert len(named) == 38 and all(each.startswith("kestrel") for each in named)
    assert "38 of 304 services" in words(found) and 'value="WARD kestrel"' in found.text
    assert len(re.findall(r'<th scope="row">', reader.get("/services?name=people\u2019s").text)) == 38
    nobody = reader.get("/services?name=%3Cb%3Enothing")
    assert "No service is called so" in words(nobody) and "<b>nothing" not in nobody.text


def test_the_board_of_a_small_trust_is_one_page(page: Site) -> None:
    board = page.visitor("r", "readers").get("/")
    assert "Find a service" not in board.text and "nhsuk-pagination" not in board.text
    assert "Find a service" not in page.visitor("r", "readers").get("/services").text


def test_the_board_names_who_is_not_heard_what_came_of_alerts_and_the_totals_of_the_report(page: Site) -> None:
    change = (
        "update marts.fct_service_watch set is_fading = true where service_id = 'memory';"
        "update marts.fct_alert_handling set seen_count = 1, changed_count = 1 where direction = 'concern'"
    )
    publish(page.settings.home, change)
    said = page.visitor("r", "readers").words("/")
    assert "Not heard" in said and "Memory Assessment Service" in said.split("Not heard")[1].split("Services")[0] + "x"
    assert "Concerns: one alert, of which one led to a change (100%)." in said
    assert "Improvements: one alert, of which none led to a change (0%) and one waits to be seen." in said
    assert "comments on 8 services in the last 12 weeks" in said and "of forms said Very good or Good" in said


def test_a_service_shows_its_past_alerts_what_was_done_and_what_became_of_it(page: Site) -> None:
    alert = next(each for each in read_episodes(page.settings).alerts if each.service_id == "kestrel").alert_id
    actions.close(page.settings, alert, Who("KL"), "A second line.", "made")
    values = "1, 'closed', 'made', 'lower', '24 % before, 15 % after', 'kestrel', 'x', date '2026-08-12', true"
    change = (
        "insert into marts.fct_actions (action_id, alert_id, action_version, action_code, outcome_code, answer_code,"
        f" answer_label, service_id, action_text, acted_date, is_in_force) values ('x', '{alert}', {values});"
        "update marts.fct_alerts set status = 'closed', closed_week_date = date '2026-11-09'"
        " where service_id = 'kestrel'"
    )
    publish(page.settings.home, change)
    said = page.visitor("r", "readers").words("/services/kestrel")
    assert "No change of this service or of its themes is open" in said and "Past alerts: 1" in said
    assert "A second line." in said and "What became of it: 24 % before, 15 % after" in said


def test_a_kept_page_is_of_one_publication_and_what_is_done_is_seen_at_once(page: Site, tmp_path: Path) -> None:
    reader = page.visitor("r", "readers")
    assert "Nothing was noted yet" in reader.words("/services/kestrel")
    alert = next(each for each in read_episodes(page.settings).alerts if each.service_id == "kestrel").alert_id
    actions.note(page.settings, alert, Who("KL"), "They ring back now.")
    assert "They ring back now." in reader.words("/services/kestrel")
    newer = publish(
        tmp_path / "newer", "update marts.dim_services set service_label = 'Osprey' where service_id = 'kestrel'"
    )
    newer.replace(page.settings.published / "wordround.duckdb")
    assert "Osprey" in reader.words("/services/kestrel") and "Kestrel Ward" not in reader.words("/")


def test_ids_that_are_not_there_or_hold_quotes_find_nothing(analyst: Visitor) -> None:
    for path in ("/services/nobody", "/services/x' or '1'='1", "/services/nobody/themes/staff", "/themes/x'--"):
        found = analyst.get(path)
        assert found.status_code == 404 and "No published" in words(found)
