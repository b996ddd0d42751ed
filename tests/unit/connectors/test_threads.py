"""Threads: what a search by word or topic tag finds, within the queries that Meta answers in a day."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from tests.fixtures.asking import ask, fetching, gone_of
from wordround.comments import Rejected
from wordround.connectors.threads import Block
from wordround.demo.standins.facebook import busy, usage
from wordround.demo.standins.threads import ACCOUNT, TOKEN, Threads
from wordround.demo.standins.world import NOON, Post, posts
from wordround.errors import AnswerUnreadable, SourceRefused

SECRETS = {"token": TOKEN}
TAG = {"id": "tag", "hashtags": ["FernvaleNHS"]}
APPROVED = {"approval_reference": "M-1", "account": ACCOUNT}


def asking(standin, queries=(TAG,), secrets=SECRETS, **more):
    return ask("threads", standin.address, secrets, list(queries), **APPROVED, **more)


def post(number: int, text: str = "Kind nurses #FernvaleNHS", **more) -> Post:
    return Post(f"1800{number}", text, NOON - timedelta(minutes=number), **more)


def test_pages_are_followed_by_their_cursor_and_each_is_a_query():
    with Threads(posts(230)) as standin:
        standin.next_host = "http://127.0.0.1:9"
        run = asking(standin)
    assert len(run.by_id) == 230
    assert len(standin.asked("keyword_search")) == 3
    assert all(TOKEN not in f"{call.path}{call.params}" for call in standin.calls)
    assert {call.one("search_type") for call in standin.calls} == {"RECENT"}


def test_short_empty_and_repeated_pages_lose_nothing():
    with Threads(posts(330)) as standin:
        standin.repeats, standin.is_unsorted = True, True
        assert len(asking(standin).by_id) == 330


def test_replies_quotes_and_reposts_say_what_they_are():
    world = [
        post(1),
        post(2, reply_to="18001"),
        post(3, "So true #FernvaleNHS", quote_of="18001", links=("https://blog.example.co.uk/a",)),
        post(4, "Kind nurses #FernvaleNHS", repost_of="18001"),
        post(5, "We are hiring #FernvaleNHS", author="Fernvale_NHS"),
    ]
    with Threads(world) as standin:
        found = asking(standin).by_id
    assert {name: one.kind for name, one in found.items()} == {
        "18001": "post",
        "18002": "reply",
        "18003": "quote",
        "18004": "post",
        "18005": "post",
    }
    assert found["18002"].in_reply_to == "18001"
    assert (found["18003"].reshare_of, found["18003"].link_domains) == ("18001", ("example.co.uk",))
    assert (found["18004"].text, found["18004"].reshare_of) == (None, "18001")
    assert {name for name, one in found.items() if one.author_role} == {"18005"}
    assert found["18001"].hashtags == ("FernvaleNHS",)


def test_a_phrase_stands_in_the_post_exactly_so_though_the_search_is_generous():
    world = [post(1, "The Fernvale  Hospital is fine"), post(2, "Hospital food. Fernvale is a town")]
    with Threads(world) as standin:
        assert asking(standin, [{"id": "p", "phrases": ["Fernvale Hospital"]}]).by_id.keys() == {"18001"}


def test_a_bad_post_costs_itself_alone():
    world = [
        post(1),
        post(2, extra={"timestamp": "soon"}),
        post(3, extra={"text": 7}),
        post(4),
    ]
    with Threads(world) as standin:
        run = asking(standin)
    assert run.by_id.keys() == {"18001", "18004"}
    assert sorted(item.reason for item in run.items if isinstance(item, Rejected)) == ["unreadable_item"] * 2


def test_the_budget_is_a_number_of_queries_and_what_it_leaves_open_is_told():
    queries = [{"id": "two", "hashtags": ["FernvaleNHS"], "phrases": ["Kestrel Ward"]}]
    with Threads(posts(330)) as standin:
        run = asking(standin, queries, budget=2)
    assert len(standin.asked("keyword_search")) == 2
    assert run.notes[0].startswith("BudgetSpent: ")
    assert {reach.window.listing: reach.is_closed for reach in run.account.reaches} == {
        "#FernvaleNHS": False,
        '"Kestrel Ward"': False,
    }


def test_what_was_spent_today_counts():
    with Threads(posts(30)) as standin:
        run = ask("threads", standin.address, SECRETS, [TAG], spent_today=1_100, **APPROVED)
    assert not standin.asked("keyword_search")
    assert run.notes[0].startswith("BudgetSpent: ")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"account": ACCOUNT}, "`approval_reference` is missing"),
        ({"approval_reference": "M-1"}, "`account` is missing"),
        ({**APPROVED, "budget": 1_101}, "less than or equal to 1100"),
        ({**APPROVED, "queries": [{"id": "a", "accounts": ["ann"]}]}, "cannot be asked by accounts"),
    ],
)
def test_it_is_off_until_meta_has_approved_and_never_asks_more_than_it_may(given, says):
    assert not Block().enabled
    assert Block().budget == 1_100
    with pytest.raises(ValidationError, match=says):
        Block(enabled=True, **given)


def test_one_listing_that_fails_costs_the_other_nothing():
    queries = [{"id": "two", "hashtags": ["FernvaleNHS"], "phrases": ["Kind nurses"]}]
    with Threads([post(1)]) as standin:
        standin.misbehave(
            "status", on="keyword_search", times=9, after=1, status=400, body=busy(4), headers=usage(100, 60)
        )
        run = asking(standin, queries)
    assert run.by_id.keys() == {"18001"}
    assert {reach.window.listing: reach.is_closed for reach in run.account.reaches} == {
        "#FernvaleNHS": True,
        '"Kind nurses"': False,
    }


def test_too_many_requests_are_waited_out():
    with Threads(posts(150)) as standin:
        standin.misbehave(
            "status", on="keyword_search", after=1, status=403, body=busy(4), headers=usage(100, minutes=5)
        )
        run = asking(standin)
    assert len(run.by_id) == 150
    assert run.rested == [300]


def test_a_token_that_has_ended_is_said():
    with Threads([post(1)]) as standin:
        run = asking(standin, secrets={"token": "old"})
    assert "the token is not valid any more" in run.failures[0]


def gone(standin, *ids: str) -> set[str]:
    with fetching("threads", standin.address, SECRETS, [TAG], **APPROVED) as (driver, _):
        return gone_of(driver, ids)


def test_what_is_deleted_is_found_by_its_id():
    with Threads([post(1), post(2).but(is_deleted=True), post(3)]) as standin:
        assert gone(standin, "18001", "18002", "18003") == {"18002"}
        assert gone(standin) == set()


@pytest.mark.parametrize("blind", ["by id", "of the account", "of others", "after the token"])
def test_a_token_that_cannot_tell_erases_nothing(blind):
    with Threads([post(1), post(2, author=ACCOUNT)]) as standin:
        standin.shows_others_by_id = blind != "by id"
        standin.is_approved = blind != "of others"
        if blind == "of the account":
            no = {"error": {"message": "no", "code": 100, "error_subcode": 33}}
            standin.misbehave("status", on="/me", times=9, status=400, body=no)
        if blind == "after the token":
            standin.misbehave("status", on="/1800", after=1, times=99, status=400, body={"error": {"code": 190}})
        with pytest.raises((AnswerUnreadable, SourceRefused), match=r"."):
            gone(standin, "18001", "18002", "18009")
