"""The verbs of `wordround alerts`: people see what there is, act on it, and are told what was taken out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.fixtures.published import publish
from wordround.alerts import actions
from wordround.cli import app
from wordround.published.reading import read_episodes
from wordround.records import deliveries
from wordround.records.deliveries import Delivery
from wordround.settings import Settings


@pytest.fixture
def alerts(settings: Settings) -> Callable[..., tuple[int, str, str]]:
    publish(settings.home)

    def call(*arguments: object) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, ["alerts", *(str(argument) for argument in arguments)])
        return result.exit_code, result.stdout, result.stderr

    return call


@pytest.fixture
def alert_id(alerts: Callable, settings: Settings) -> str:
    return next(alert.alert_id for alert in read_episodes(settings).alerts if alert.direction == "concern")


def listed(alerts: Callable, *options: str) -> dict[str, Any]:
    code, stdout, _ = alerts("list", *options, "--json")
    assert code == 0
    found: dict[str, Any] = json.loads(stdout)
    return found


def test_a_themes_alert_is_told_as_one_of_what_comments_criticise(
    alerts: Callable, alert_id: str, settings: Settings
) -> None:
    publish(settings.home, f"update marts.fct_alerts set theme_code = 'staff' where alert_id = '{alert_id}'")
    (line,) = (line for line in listed(alerts)["alerts"] if line["alert_id"] == alert_id)
    assert line["what"] == "Staff in Kestrel Ward: more comments criticise it than usual"
    shown = " ".join(alerts("show", alert_id)[1].split())
    assert "42 of 93 comments criticise it, where 24% are usual (as issued)" in shown and "negative" not in shown


def test_an_alert_goes_from_the_list_to_closed_in_five_lines(alerts: Callable, alert_id: str) -> None:
    assert {line["state"] for line in listed(alerts)["alerts"]} == {"new"}
    short = alert_id[:8]
    assert alerts("ack", short, "--by", "quality lead")[0] == 0
    assert alerts("assign", short, "--to", "ward manager", "--by", "quality lead")[0] == 0
    assert alerts("note", short, "The form changed in that week.", "--by", "KL")[0] == 0
    code, stdout, _ = alerts(
        "close", short, "--did", "A second receptionist.", "--outcome", "made", "--on", "2026-11-02", "--by", "KL"
    )
    assert (code, stdout.split(";")[0]) == (0, "closed, by KL")
    (line,) = (line for line in listed(alerts)["alerts"] if line["alert_id"] == alert_id)
    assert (line["state"], line["assigned_to"], line["outcome"]) == ("closed", "ward manager", "a change was made")
    code, stdout, _ = alerts("show", short)
    shown = " ".join(stdout.split())
    assert "Kestrel Ward: more negative comments than usual" in shown
    assert "comments were negative, where 24% are usual (as issued)" in shown
    assert "KL: closed, a change was made on 2 November 2026: A second receptionist." in shown
    assert "Version 4 of" in shown


def test_what_was_taken_out_of_the_words_is_said(alerts: Callable, alert_id: str) -> None:
    code, stdout, _ = alerts("note", alert_id, "Ottoline Brackenbury rings the families now.", "--by", "KL")
    assert code == 0 and "Taken out of what you typed, before it was kept: 1 name." in stdout
    assert "<name> rings the families now." in alerts("show", alert_id)[1]
    assert alerts("redact", alert_id, "--version", "1")[0] == 0
    assert "rings the families" not in alerts("show", alert_id)[1]


def test_who_was_not_fast_enough_is_told_what_came_in_between(alerts: Callable, alert_id: str) -> None:
    alerts("ack", alert_id, "--by", "KL")
    code, _, stderr = alerts("ack", alert_id, "--by", "CD")
    assert code == 1 and "KL has acknowledged" in " ".join(stderr.split()) and "--expect 1" in stderr
    code, stdout, _ = alerts("close", alert_id, "--did", "x", "--outcome", "made", "--expect", "0", "--json")
    assert (code, json.loads(stdout)["error"]) == (1, "AlertChanged")


def test_a_rebase_is_said_and_taken_back(alerts: Callable, alert_id: str) -> None:
    said = ("rebase", alert_id, "--from", "2026-10-07", "--reason", "The ward moved.", "--by", "KL")
    assert alerts(*said)[0] == 0
    assert "rebased from the week 5 to 11 October 2026: The ward moved." in " ".join(
        alerts("show", alert_id)[1].split()
    )
    code, _, stderr = alerts(*said)
    assert code == 1 and "starts anew already" in stderr
    assert alerts(*said, "--withdraw")[0] == 0


def test_without_a_verb_it_is_the_step_that_tells(alerts: Callable) -> None:
    code, stdout, _ = alerts("--json")
    assert code == 0 and json.loads(stdout)["opened"] == 2
    code, stdout, _ = alerts("watch", "--json")
    assert code == 0 and json.loads(stdout)["opened"] == 0


def test_an_alert_that_is_over_is_listed_until_it_is_dealt_with_and_then_with_all(
    alerts: Callable, settings: Settings
) -> None:
    publish(settings.home, "update marts.fct_alerts set status = 'closed';")
    for line in listed(alerts)["alerts"]:
        actions.close(settings, line["alert_id"], actions.Who("KL"), "Looked into.", "no_change")
    assert listed(alerts)["alerts"] == []
    assert len(listed(alerts, "--all")["alerts"]) == 2
    assert "No alert is open or waits for somebody." in alerts("list")[1]


def test_what_the_last_build_made_of_a_change_is_shown_and_of_what_was_said_since_is_not(
    alerts: Callable, settings: Settings, alert_id: str
) -> None:
    actions.close(settings, alert_id, actions.Who("KL"), "Will do.", "planned")
    answer = "24 % before, 15 % after, nine weeks; very unlikely to be chance"
    row = f"'{alert_id}' as alert_id, 1 as action_version, '{answer}' as answer_label, true as is_in_force"
    publish(settings.home, f"insert into marts.fct_actions by name select {row};")
    assert [line["answer"] for line in listed(alerts)["alerts"] if line["alert_id"] == alert_id] == [answer]
    actions.close(settings, alert_id, actions.Who("KL"), "Done.", "made")
    assert [line["answer"] for line in listed(alerts)["alerts"] if line["alert_id"] == alert_id] == [
        "a change was made"
    ]


def test_who_could_not_be_told_stands_below_the_list(alerts: Callable, settings: Settings, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from wordround.settings import Subscription

    subscriptions = (Subscription(name="team", channel="teams"),)
    changed = settings.model_copy(
        update={"alerts": settings.alerts.model_copy(update={"subscriptions": subscriptions})}
    )
    at = datetime(2026, 11, 29, 7, 5, tzinfo=UTC)
    for event, reason in (("begun", None), ("failed", "it answered 404")):
        deliveries.log(settings, [Delivery(at, "team", "webhook", event, "k", ("n",), reason)])
    from wordround.alerts import listing

    assert listing.listed(changed).untold == (
        "Not told: team (webhook), at 07:05 UTC on 29 November 2026: it answered 404. The next run tries again.",
    )
    assert listing.listed(settings).untold == (), "nobody who is not subscribed any more is missed"
