"""The verbs of `wordround conversation`: declared, listed, collected and withdrawn, in words and as JSON."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from tests.fixtures.published import publish
from tests.fixtures.social import asking_bluesky
from wordround.cli import app
from wordround.conversations import declared
from wordround.demo.standins.bluesky import Bluesky
from wordround.demo.standins.world import posts
from wordround.settings import Settings

HOUR = ("--begins", "2026-07-09T20:00", "--ends", "2026-07-09T20:45")
TAG = ("--tag", "MaternityHour")


def call(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["conversation", *(str(argument) for argument in arguments)])
    return result.exit_code, " ".join(result.stdout.split()), " ".join(result.stderr.split())


def test_a_conversation_goes_from_declared_to_withdrawn(settings: Settings) -> None:
    assert call("list") == (0, "No conversation is declared.", "")
    code, said, _ = call("declare", "maternity_hour", *TAG, *HOUR, "--host", "fernvale_perinatal", "--by", "KL")
    assert (code, said) == (0, "maternity_hour: declared, by KL")
    (one,) = declared.known(settings)
    assert one.begins_at == datetime(2026, 7, 9, 19, tzinfo=UTC), "a time without an offset is one of the UK"
    code, said, _ = call("list", "--json")
    (line,) = json.loads(said)["conversations"]
    assert (line["state"], line["hosts"], line["by"]) == ("over", ["fernvale_perinatal"], "KL")
    code, said, _ = call("dismiss", "#BlueMonday", "--by", "KL")
    assert (code, said) == (0, "bluemonday: dismissed, by KL")
    assert "No conversations, people say: #bluemonday" in call("list")[1]
    assert call("withdraw", "maternity_hour", "--by", "KL")[0] == 0
    code, _, wrong = call("withdraw", "maternity_hour", "--by", "KL")
    assert code == 1 and "withdrawn already" in wrong


@pytest.mark.parametrize(
    ("moment", "utc"),
    [("2026-07-09T20:00+02:00", 18), ("2026-07-09T20:00:00Z", 20), ("2026-07-09 20:00", 19), ("2026-07-09", None)],
)
def test_moments_are_taken_as_people_write_them(settings: Settings, moment: str, utc: int | None) -> None:
    code, _, wrong = call("declare", "hour", *TAG, "--begins", moment, "--ends", "2026-07-10T20:00", "--by", "KL")
    assert code == 0, wrong
    (one,) = declared.known(settings)
    assert one.begins_at.hour == (23 if utc is None else utc)


def test_a_day_alone_is_meant_whole(settings: Settings) -> None:
    code, _, wrong = call("declare", "week", *TAG, "--begins", "2026-11-02", "--ends", "2026-11-02", "--by", "KL")
    assert code == 0, wrong
    (one,) = declared.known(settings)
    assert one.ends_at - one.begins_at == timedelta(days=1)


@pytest.mark.parametrize("moment", ["12/11/2026", "tomorrow", "2026-13-01T20:00"])
def test_what_is_no_moment_is_said_with_an_example(settings: Settings, moment: str) -> None:
    code, _, wrong = call("declare", "hour", *TAG, "--begins", moment, "--ends", "2026-11-12", "--by", "KL")
    assert code == 1 and "begins: write a day and a time, such as 2026-11-12T20:00" in wrong


def test_without_by_it_is_the_login_and_a_name_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "kleigh")
    assert call("declare", "hour", *TAG, *HOUR)[1] == "hour: declared, by kleigh"
    code, _, wrong = call("declare", "other_hour", *TAG, *HOUR, "--by", "Joan Pike")
    assert code == 1 and "give a role or initials" in wrong and "Pike" not in wrong


def test_collecting_says_how_much_is_answered_and_what_a_search_shows(
    settings_with: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    with Bluesky(
        posts(30, tag="MaternityHour", until=ends - timedelta(minutes=2), every=timedelta(minutes=1))
    ) as there:
        asking_bluesky(there, settings_with, monkeypatch, ends.date())
        begins = ends - timedelta(minutes=45)
        moments = ("--begins", f"{begins:%Y-%m-%dT%H:%M:%SZ}", "--ends", f"{ends:%Y-%m-%dT%H:%M:%SZ}")
        assert call("declare", "maternity_hour", *TAG, *moments, "--by", "KL")[0] == 0
        code, said, wrong = call("collect", "maternity_hour")
        assert (code, wrong) == (0, "")
        assert "A search is no census: it favours popular and local posts" in said
        assert "bluesky shows what the network has indexed, newest first, popular or not" in said
        assert "mastodon was not asked: is not set up" in said
        assert "rows: 30 in, 30 loaded" in said
        code, said, _ = call("collect", "maternity_hour", "--json")
        asked = json.loads(said)["sources"]["bluesky"]
        assert (asked["requests"], asked["hours_answered"] == asked["hours"] > 14 * 24) == (0, True)
    code, _, wrong = call("collect", "maternity_hour", "--since", "2026-02-02", "--until", "2026-02-01")
    assert code == 2
    code, _, wrong = call("collect", "another_hour")
    assert code == 1 and wrong.startswith("ConversationRefused no conversation of this name is declared.")


def test_a_wrong_block_of_the_settings_is_no_success_of_the_list(settings_with: Callable[..., Settings]) -> None:
    settings_with(added='[[conversations]]\nname = "hour"\ntags = ["MaternityHour"]\nbegins = 2026-11-12T20:00:00\n')
    code, _, wrong = call("list")
    assert (code, wrong) == (1, "[[conversations]] 1 (hour): ends: is missing")


def test_a_tag_that_rose_is_proposed_until_somebody_dismisses_it_and_again_when_it_rises_later(
    settings: Settings,
) -> None:
    rose = "update marts.fct_tag_surges set posted_date = current_date {}"
    publish(settings.home, rose.format("- 3"))
    assert "#birthplan rose: 44 posts on" in call("list")[1]
    assert call("dismiss", "#BirthPlan", "--by", "KL")[0] == 0
    assert json.loads(call("list", "--json")[1])["proposed"] == []
    publish(settings.home, rose.format("+ 1"))
    (again,) = json.loads(call("list", "--json")[1])["proposed"]
    assert (again["tag"], again["times_usual"]) == ("birthplan", 22.0)
