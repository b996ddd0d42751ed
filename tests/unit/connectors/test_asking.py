"""The driver: whatever a source does, what it gave is kept, the account is true, and nobody is asked too much."""

import logging
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.fixtures.asking import WEEK, ask, fetching
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Price, Window
from wordround.connectors.asking.dialects import Dialect
from wordround.demo.standins.bluesky import LOGIN, PASSWORD, Bluesky
from wordround.demo.standins.bluesky_views import uri_of
from wordround.demo.standins.care_opinion import CareOpinion
from wordround.demo.standins.server import Refuse
from wordround.demo.standins.world import NOON, posts
from wordround.errors import SettingsInvalid, SourceRefused

SECRETS = {"login": LOGIN, "password": PASSWORD}
TAG = {"id": "tag", "hashtags": ["FernvaleNHS"]}
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def asking(standin, queries=(TAG,), window=WEEK, **block):
    return ask("bluesky", standin.address, SECRETS, list(queries), window, **block)


@pytest.mark.parametrize(
    ("dialect", "headers", "seconds"),
    [
        (Dialect("ratelimit-remaining", "ratelimit-reset"), {"ratelimit-reset": str(NOW.timestamp() + 30)}, 30),
        (
            Dialect("x-ratelimit-remaining", "x-ratelimit-reset", "iso_time"),
            {"x-ratelimit-reset": "2026-11-24T09:02:00.000Z"},
            120,
        ),
        (Dialect("x-ratelimit-remaining", "x-ratelimit-reset", "seconds_left"), {"x-ratelimit-reset": "41.5"}, 41.5),
        (Dialect(), {"retry-after": "7"}, 7),
        (Dialect(), {"retry-after": "Tue, 24 Nov 2026 09:00:45 GMT"}, 45),
        (Dialect("a", "b"), {"retry-after": "7", "b": "99999999999"}, 7),
        (Dialect("a", "b"), {"b": str(NOW.timestamp() - 500)}, 0),
        (Dialect("a", "b"), {"b": "soon"}, None),
        (Dialect("a", "b", "iso_time"), {"b": "tomorrow"}, None),
        (Dialect("a", "b"), {}, None),
        (Dialect("a", "b"), {"b": "nan"}, None),
        (Dialect(), {"retry-after": "Thu, 01 Jan 0001 00:00:00 +1400"}, 0),
        (Dialect(), {"retry-after": "9" * 400}, None),
    ],
)
def test_every_dialect_says_how_long_to_wait(dialect, headers, seconds):
    assert dialect.seconds_until_more(headers, NOW) == seconds


def test_a_limit_is_waited_for_only_when_nothing_is_left():
    dialect = Dialect("left", "reset", "seconds_left")
    assert dialect.pause({"left": "1", "reset": "60"}, NOW) == 0
    assert dialect.pause({"left": "0", "reset": "60"}, NOW) == 60
    assert dialect.pause({}, NOW) == 0


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (
            {"happens": "status", "status": 403, "body": {"message": "Account is suspended"}},
            "SourceRefused",
            "suspended",
        ),
        ({"happens": "status", "status": 400, "body": {"error": "BadQueryString"}}, "SourceRefused", "BadQueryString"),
        ({"happens": "redirect"}, "SourceRefused", "redirects to 127.0.0.1"),
        ({"happens": "page"}, "SourceRefused", "web page"),
        ({"happens": "status", "status": 503}, "SourceDown", "503"),
        ({"happens": "cut"}, "SourceDown", "6 times"),
        ({"happens": "half"}, "AnswerUnreadable", "6 times"),
        ({"happens": "status", "status": 429, "headers": {"Retry-After": "86400"}}, "SourceBusy", "86400"),
    ],
)
def test_what_goes_wrong_has_a_name_and_costs_one_query_alone(fault, error, words):
    queries = [TAG, {"id": "phrase", "phrases": ["Kestrel Ward"]}]
    with Bluesky(posts(250)) as standin:
        standin.misbehave(
            **fault, on="searchPosts", after=2, times=1 if error in ("SourceRefused", "SourceBusy") else 6
        )
        run = asking(standin, queries)
    first, second = run.driver.accounts
    assert first.reaches[0].error == error
    assert run.failures[0].startswith(f"{error}: query 'tag'")
    assert words in run.failures[0]
    assert first.reaches[0].answered_from == run.comments[100].posted_at, "whole down to the last page that came"
    assert second.reaches[0].error is None
    assert second.rows > 0


def test_a_server_that_comes_back_is_asked_again_with_growing_pauses():
    with Bluesky(posts(250)) as standin:
        for fault in ("cut", "half", "slow"):
            standin.misbehave(fault, on="searchPosts", seconds=0.2)
        standin.misbehave("status", on="searchPosts", times=2, status=502)
        run = asking(standin)
    assert len(run.by_id) == 250
    assert run.failures == []
    assert run.account.retries == 4
    first, second, third, fourth = run.rested
    assert first <= second and third <= fourth


def test_no_secret_and_no_address_of_a_request_is_logged(caplog):
    with caplog.at_level(logging.DEBUG), Bluesky(posts(3)) as standin:
        standin.misbehave(
            "status", on="createSession", status=401, body={"message": f"{PASSWORD} is wrong for {LOGIN}, @ann.example"}
        )
        run = asking(standin)
    told = caplog.text + "".join(run.failures)
    assert PASSWORD not in told
    assert LOGIN not in told
    assert "@ann" not in told
    assert "searchPosts" not in told


@pytest.fixture
def priced(monkeypatch):
    from wordround.connectors.bluesky.connector import Source

    monkeypatch.setattr(Source, "price", Price("dollars", per_item=0.005))


def test_a_run_stops_before_its_budget_is_passed_and_says_from_when_it_is_whole(priced):
    with Bluesky(posts(500)) as standin:
        run = asking(standin, budget=1.2)
    assert len(run.comments) == 200
    assert run.account.spent == pytest.approx(1.0)
    reach = run.account.reaches[0]
    assert (reach.cut, reach.is_closed) == ("budget", False)
    assert reach.answered_from == run.comments[100].posted_at
    assert "1.2" in run.notes[0] and run.notes[0].startswith("BudgetSpent")


def test_what_earlier_runs_of_the_day_cost_counts_and_further_queries_are_not_asked(priced):
    with Bluesky(posts(500)) as standin:
        run = asking(standin, [TAG, {"id": "phrase", "phrases": ["Kestrel Ward"]}], budget=1.2, spent_today=0.9)
        assert standin.asked("searchPosts") == []
    assert [account.reaches[0].cut for account in run.driver.accounts] == ["budget", "budget"]


def test_a_source_that_looks_back_a_week_is_cut_where_it_cannot_see_and_not_asked_again(monkeypatch):
    from wordround.connectors.bluesky.connector import Source

    monkeypatch.setattr(Source, "reach", timedelta(days=3650))
    old = Window(datetime(2001, 1, 1, tzinfo=UTC), datetime(2002, 1, 1, tzinfo=UTC))
    with Bluesky(posts(3)) as standin:
        run = asking(standin, window=old)
        assert standin.asked("searchPosts") == []
        halfway = asking(standin, window=Window(old.since, WEEK.until))
    assert (run.account.reaches[0].cut, run.account.reaches[0].is_closed) == ("window", True)
    assert run.account.reaches[0].answered_from is None
    assert halfway.account.reaches[0].answered_from > old.since
    assert len(halfway.comments) == 3


def test_a_source_that_gives_the_same_page_for_ever_is_left():
    class Stuck(Bluesky):
        def page(self, found, cursor, size):
            return found[:size], "1"

    with Stuck(posts(5)) as standin:
        run = asking(standin)
    assert run.account.reaches[0].error == "AnswerUnreadable"
    assert len(run.by_id) == 5


def test_an_answer_without_what_it_must_hold_is_named_and_nothing_of_it_told():
    class Renamed(Bluesky):
        def _search(self, call):
            reply = super()._search(call)
            reply.body = {"items": reply.body["posts"]}
            return reply

    with Renamed(posts(5)) as standin:
        run = asking(standin)
    assert run.account.reaches[0].error == "AnswerUnreadable"
    assert "Visit" not in run.failures[0]


def test_requests_keep_the_distance_that_a_source_asks_for(monkeypatch):
    from wordround.connectors.bluesky.connector import Source

    monkeypatch.setattr(Source, "seconds_between", 5.0)
    with Bluesky(posts(300)) as standin:
        run = asking(standin)
    assert len(run.rested) == 3
    assert all(4 < seconds <= 5 for seconds in run.rested)


def test_of_the_days_of_posting_the_account_tells_how_many_comments_each_had():
    with Bluesky(posts(300, until=NOON)) as standin:
        run = asking(standin)
    assert sum(run.account.days.values()) == 300
    assert run.account.days.keys() == {date(2026, 11, 22), date(2026, 11, 23)}
    with Bluesky() as empty, fetching("bluesky", empty.address, SECRETS, [TAG]) as (driver, _):
        assert list(driver.collect([(driver.connector.block.queries[0], [WEEK])])) == []
        assert driver.accounts[0].reaches[0].answered_from == WEEK.since


def test_an_answer_that_cannot_be_read_was_paid_for(priced):
    with Bluesky(posts(500)) as standin:
        standin.misbehave("half", on="searchPosts", times=99)
        run = asking(standin, budget=1.2)
    assert len(standin.asked("searchPosts")) == 2, "at most 0.5 each"
    assert run.account.spent == pytest.approx(1.0)
    assert run.notes[0].startswith("BudgetSpent")


def test_a_budget_that_pays_for_no_request_is_an_error_of_the_settings(priced):
    with Bluesky(posts(5)) as standin, pytest.raises(SettingsInvalid, match="pay for no request"):
        asking(standin, budget=0.1)


def test_a_question_that_is_refused_does_not_cost_those_after_it():
    class Picky(Bluesky):
        def _search(self, call):
            if call.one("q") == "#bad":
                raise Refuse(400, {"error": "InvalidRequest", "message": "not that one"})
            return super()._search(call)

    with Picky(posts(5)) as standin:
        run = asking(standin, [{"id": "two", "hashtags": ["bad", "FernvaleNHS"]}])
    assert len(run.by_id) == 5
    assert run.account.reaches[0].error == "SourceRefused"
    assert run.account.reaches[0].answered_from is None


def test_pages_that_bring_nothing_new_come_to_an_end(monkeypatch):
    monkeypatch.setattr("wordround.connectors.asking.driver._MOST_EMPTY_PAGES", 10)

    class Circling(Bluesky):
        def page(self, found, cursor, size):
            return found[:1], str(int(cursor or 0) + 1)

    with Circling(posts(5)) as standin:
        run = asking(standin)
    assert run.account.reaches[0].error == "AnswerUnreadable"
    assert len(standin.asked("searchPosts")) < 20


def test_a_session_without_its_key_is_named():
    class Keyless(Bluesky):
        def _session(self, call):
            reply = super()._session(call)
            reply.body.pop("accessJwt")
            return reply

    with Keyless(posts(5)) as standin:
        run = asking(standin)
    assert run.account.reaches[0].error == "AnswerUnreadable"


def test_one_bad_answer_does_not_end_a_check_for_deletions():
    world = [*posts(60)]
    world[55] = world[55].but(is_deleted=True)
    with Bluesky(world) as standin, fetching("bluesky", standin.address, SECRETS, [TAG]) as (driver, _):
        standin.misbehave("status", on="getPosts", status=400, body={"error": "InvalidRequest", "message": "bad uri"})
        gone = set()
        with pytest.raises(SourceRefused):
            for _, _, some in driver.gone([uri_of(each.id, each.author) for each in world]):
                gone |= some
    assert gone == {uri_of(world[55].id, world[55].author)}


@pytest.mark.parametrize("instead", ["odd", "", {}, {"0": {"uri": "at://x"}}])
def test_a_page_that_holds_something_else_in_place_of_its_rows_is_not_an_answer(instead):
    class Odd(Bluesky):
        def _search(self, call):
            reply = super()._search(call)
            reply.body["posts"] = instead
            return reply

    with Odd(posts(5)) as standin:
        run = asking(standin)
    (reach,) = run.account.reaches
    assert (reach.error, reach.answered_from, run.items) == ("AnswerUnreadable", None, [])


@pytest.mark.parametrize("status", [507, 500, 503, 520])
def test_a_server_that_is_broken_for_a_moment_is_asked_again(status):
    with Bluesky(posts(5)) as standin:
        standin.misbehave("status", on="searchPosts", times=2, status=status)
        run = asking(standin)
    assert (len(run.comments), run.failures, run.account.retries) == (5, [], 2)


@pytest.mark.parametrize(
    ("written", "code"),
    [("in", "id"), ("IN", "id"), ("in-ID", "id-ID"), ("iw", "he"), ("ji", "yi"), ("cy", "cy"), ("en_GB", "en_GB"),
     (" fr ", "fr"), ("", None), ("e", None), ("English (UK)", None), (7, None), (None, None), (["en"], None)],
)  # fmt: skip
def test_a_language_code_that_was_withdrawn_is_written_as_it_is_today(written, code):
    assert texts.language(written) == code


def test_a_key_that_no_request_can_carry_is_named_and_not_shown():
    class Odd(Bluesky):
        def _session(self, call):
            reply = super()._session(call)
            reply.body["accessJwt"] = "zanzibarine\u202e"
            return reply

    with Odd(posts(5)) as standin:
        run = asking(standin)
    assert run.account.reaches[0].error == "AnswerUnreadable"
    assert "no request can hold" in run.failures[0] and "zanzibarine" not in run.failures[0]


def test_a_credential_that_no_request_can_carry_is_an_error_of_the_settings():
    with CareOpinion([]) as standin, pytest.raises(SettingsInvalid, match="key holds a letter that no request"):
        ask("care_opinion", standin.address, {"key": "sécret"}, [{"id": "q", "places": ["XFV"]}])


def test_half_a_character_costs_that_character_and_never_the_run():
    class Halved(Bluesky):
        def _search(self, call):
            reply = super()._search(call)
            for shown in reply.body["posts"]:
                shown["record"]["text"] += " \ud83d \U0001f600"
                shown["author"]["handle"] += "\ud800"
            return reply

    with Halved(posts(5)) as standin:
        run = asking(standin)
    assert len(run.comments) == 5
    for comment in run.comments:
        assert comment.text.encode() and comment.text.endswith("\ufffd \U0001f600")
        assert str(comment.author_handle).encode()


@pytest.mark.parametrize("written", ["\u00b2", "9" * 5_000, "-1", "1e3", " 7"])
def test_what_is_no_count_is_none(written):
    assert texts.count(written) is None
    assert texts.count("12") == 12
