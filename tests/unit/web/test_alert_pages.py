"""A quality lead finds an alert, reads why it moved, acts on it, and is not overwritten by somebody else."""

import re
from datetime import date
from pathlib import Path

import pytest

from tests.fixtures.published import publish
from tests.fixtures.web import Site, site, words
from wordround.alerts import actions
from wordround.alerts.actions import Who
from wordround.published import wording
from wordround.published.reading import read_episodes
from wordround.records import comment_readings

PART = """
update marts.fct_alerts set part_of_alert_id = (select alert_id from marts.fct_alerts where service_id = 'kestrel')
where service_id = 'heron'
"""


@pytest.fixture
def alert(page: Site) -> str:
    """The address of the alert of Kestrel Ward."""
    found = next(each for each in read_episodes(page.settings).alerts if each.service_id == "kestrel")
    return f"/alerts/{found.alert_id}"


def test_a_lead_finds_the_alert_of_their_service_acts_on_it_and_sees_who_did_what(page: Site, alert: str) -> None:
    lead = page.visitor("j.okafor", "kestrel-leads")
    assert "Kestrel Ward: more negative comments than usual" in lead.words("/alerts?show=mine")
    assert alert in lead.get("/").text

    done = lead.send(alert, f"{alert}/assign", to="ward\u202e manager\x00")
    assert not {"\u202e", "\x00"} & set(done.text), "nothing that turns a line around, or that no database takes"
    assert "Done: assigned" in words(done) and "with ward manager" in words(done)
    closed = lead.send(
        alert, f"{alert}/close", did="A second nurse in the evenings.", outcome="made", acted_on="2026-11-20"
    )
    said = words(closed)
    assert "j.okafor: closed, a change was made on 20 November 2026" in said
    assert "A second nurse in the evenings." in said
    assert "Done:" not in lead.words(alert), "what was done is said once"
    assert "Kestrel" not in lead.words("/alerts").split("Footer")[0].split("What changed")[-1]


def test_alerts_of_one_service_are_chosen_from_those_that_have_some(page: Site) -> None:
    analyst = page.visitor("m.farrow", "analysts")
    offered = re.findall(r'<option value="(\w*)"', analyst.get("/alerts?show=all").text)
    assert offered[0] == "" and set(offered[1:]) == {
        each.service_id for each in read_episodes(page.settings).alerts if each.service_id
    }
    chosen = analyst.get("/alerts?show=all&service=heron")
    assert '<option value="heron" selected' in chosen.text
    listed = words(chosen).split("the latest first")[-1]
    assert "Heron" in listed and "Kestrel" not in listed


def test_what_is_typed_passes_de_identification_and_the_page_says_so(page: Site, alert: str) -> None:
    done = page.visitor("a", "analysts").send(alert, f"{alert}/note", words="Ottoline Brackenbury rings them now.")
    assert "Left out, as it may name somebody: 1 part of what you typed." in words(done)
    assert "Brackenbury" not in done.text


def test_two_people_at_once_do_not_overwrite_each_other_and_the_second_keeps_what_was_typed(
    page: Site, alert: str
) -> None:
    first, second = page.visitor("first", "analysts"), page.visitor("second", "analysts")
    opened = second.get(alert)
    assert opened.status_code == 200
    first.send(alert, f"{alert}/close", did="Looked into it.", outcome="no_change")
    token = second.get(alert).text.split('name="form_token" value="')[1].split('"')[0]
    sent = {"form_token": token, "version": "0", "did": "Rang the ward.", "outcome": "planned", "acted_on": ""}
    refused = second.client.post(f"{alert}/close", data=sent)
    assert refused.status_code == 409
    assert "Meanwhile first has closed on" in words(refused) and "nothing was written over it" in words(refused)
    assert "Rang the ward." in refused.text and "--expect" not in refused.text
    assert [one.action.by for one in actions.handling(page.settings)[alert.split("/")[-1]].actions] == ["first"]


def test_a_change_that_is_part_of_another_says_so_and_is_counted_on_the_board(tmp_path: Path) -> None:
    publish(tmp_path, PART)
    with site(tmp_path) as made:
        reader = made.visitor("r", "readers")
        part, whole = (
            next(each.alert_id for each in read_episodes(made.settings).alerts if each.service_id == service)
            for service in ("heron", "kestrel")
        )
        assert "It is part of another change: Kestrel Ward" in reader.words(f"/alerts/{part}")
        assert f'<a href="/alerts/{part}">' in reader.get(f"/alerts/{whole}").text
        assert "Other changes are parts of it" in reader.words(f"/alerts/{whole}")
        assert "Part of: Kestrel Ward" in reader.words("/alerts")
        assert "One more alert is part of this: all alerts" in reader.words("/")


def test_a_form_without_an_outcome_or_a_day_is_shown_again_with_what_was_typed(page: Site, alert: str) -> None:
    analyst = page.visitor("a", "analysts")
    refused = analyst.send(alert, f"{alert}/close", did="Something.")
    assert refused.status_code == 422 and "Say whether something was changed" in words(refused)
    assert "Something." in refused.text
    refused = analyst.send(alert, f"{alert}/rebase", reason="The ward moved.", first_day="soon")
    assert refused.status_code == 422 and "from which day" in words(refused)
    refused = analyst.send(alert, f"{alert}/assign", to="Ottoline Brackenbury")
    assert refused.status_code == 422 and "give a role or initials" in words(refused).lower()
    assert "--to" not in refused.text


def test_the_chart_of_a_second_alert_of_one_series_says_what_that_alert_says(page: Site) -> None:
    """Who cannot see the chart reads its description: it is not that of the alert which somebody has opened before."""
    of_theme = "update marts.fct_alerts set series_code = 'service_theme', theme_code = 'staff'"
    second = "'second' as alert_id, 'closed' as status, date '2026-03-02' as since_week_date"
    added = f"select * replace ({second}) from marts.fct_alerts where service_id = 'kestrel'"
    publish(page.settings.home, f"{of_theme}; insert into marts.fct_alerts {added}")
    analyst = page.visitor("a", "analysts")
    for each in read_episodes(page.settings).alerts:
        described = re.search(r"<desc[^>]*>(.*?)</desc>", analyst.get(f"/alerts/{each.alert_id}").text, re.DOTALL)
        assert described and wording.day(each.since_week_date) in described[1]


def test_nothing_is_fewer_than_a_usual_share_of_nothing(page: Site, alert: str) -> None:
    publish(page.settings.home, "update marts.fct_alerts set expected_share = 0.002")
    said = page.visitor("a", "analysts").words(alert)
    assert "than usual (less than 1%), since the week of" in said and "usual 0%" not in said


@pytest.mark.parametrize(
    ("day", "says"),
    [("20/11/2026", "Write the day like"), ("2026-02-30", "Write the day like"), ("0026-11-20", "four digits")],
)
def test_a_day_that_is_none_is_asked_for_again_and_never_taken_for_today(
    page: Site, alert: str, day: str, says: str
) -> None:
    """Browsers without a field for days send what was typed, and others send 0026 where somebody types 26."""
    analyst = page.visitor("a", "analysts")
    refused = analyst.send(alert, f"{alert}/close", did="A second nurse.", outcome="planned", acted_on=day)
    assert refused.status_code == 422 and says in words(refused) and "A second nurse." in refused.text
    assert actions.handling(page.settings) == {}
    if day.startswith("0026"):
        assert analyst.send(alert, f"{alert}/rebase", reason="It moved.", first_day=day).status_code == 422


def test_a_rebase_is_made_from_the_page_with_its_reason(page: Site, alert: str) -> None:
    page.visitor("a", "analysts").send(alert, f"{alert}/rebase", first_day="2026-10-07", reason="The ward moved.")
    made = actions.handling(page.settings)[alert.split("/")[-1]].actions
    assert [(one.action.event, one.action.week_date) for one in made] == [("rebased", date(2026, 10, 5))]


def test_the_comments_behind_an_alert_are_read_by_its_own_lead_and_by_analysts_and_are_logged(
    page: Site, alert: str
) -> None:
    assert "I was upset about the nurses" in page.visitor("j.okafor", "kestrel-leads").words(alert)
    assert "I was upset about the nurses" in page.visitor("a", "analysts").words(alert)
    logged = comment_readings.latest(page.settings)
    assert [(one.by, one.page) for one in logged] == [("a", "alert"), ("j.okafor", "alert")]
    assert all(one.comment_count > 0 and one.query == f"alert: {alert.split('/')[-1]}" for one in logged)


@pytest.mark.parametrize("group", ["readers", "coders", "approvers", "governance", "heron-leads"])
def test_nobody_else_reads_them_or_acts(page: Site, alert: str, group: str) -> None:
    other = page.visitor("x", group)
    if group == "heron-leads":  # a group that the settings do not have gives nothing at all
        assert other.get(alert).status_code == 403
        return
    said = other.words(alert)
    assert "upset" not in said and "Your role does not include the comments" in said and "Deal with it" not in said
    token = other.get("/").text
    sent = {
        "version": "0",
        "form_token": token.split('form_token" value="')[1].split('"')[0] if "form_token" in token else "",
    }
    assert other.client.post(f"{alert}/acknowledge", data=sent).status_code == 403
    assert actions.handling(page.settings) == {}
    assert comment_readings.latest(page.settings) == []


def test_an_action_from_elsewhere_shows_what_became_of_it(page: Site, alert: str) -> None:
    alert_id = alert.split("/")[-1]
    actions.close(page.settings, alert_id, Who("KL"), "A second line.", "made", date(2026, 8, 12))
    values = "1, 'closed', 'made', 'lower', '24 % before, 15 % after', 'kestrel', 'x', date '2026-08-12', true"
    publish(
        page.settings.home,
        "insert into marts.fct_actions (action_id, alert_id, action_version, action_code, outcome_code, answer_code,"
        f" answer_label, service_id, action_text, acted_date, is_in_force) values ('x', '{alert_id}', {values})",
    )
    assert "What became of it: 24 % before, 15 % after" in page.visitor("r", "readers").words(alert)
