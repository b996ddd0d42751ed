"""Facebook: posts on the trust's own Page and the comments under them, as Facebook's own SDK reads them too."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.fixtures.asking import UNTIL, WEEK, ask, fetching, gone_of
from wordround.connectors.facebook import Block
from wordround.demo.standins.facebook import GROUP, PAGE, TOKEN, Facebook, at, busy, usage
from wordround.demo.standins.world import NOON, Post, posts
from wordround.errors import AnswerUnreadable, SourceBusy

SECRETS = {"token": TOKEN}
QUERY = {"id": "page", "places": [PAGE]}


def asking(standin, queries=(QUERY,), secrets=SECRETS, **more):
    return ask("facebook", standin.address, secrets, list(queries), **more)


def post(number: int, text: str = "A kind nurse on Kestrel Ward", **more) -> Post:
    return Post(f"p{number}", text, NOON - timedelta(minutes=number), **more)


def comments(under: Post, count: int, seed: int = 7) -> list[Post]:
    return [each.but(reply_to=under.id) for each in posts(count, seed=seed)]


def theirs(standin, monkeypatch):
    from facebook_business.api import FacebookAdsApi
    from facebook_business.session import FacebookSession

    monkeypatch.setattr(FacebookSession, "GRAPH", standin.address)
    return FacebookAdsApi(FacebookSession(access_token=TOKEN), api_version="v26.0")


def test_the_sdk_reads_the_stand_in_and_finds_the_same_rows_as_the_connector(monkeypatch):
    from facebook_business.adobjects.page import Page as TheirPage

    world = [*posts(130), post(1, author="page"), post(2, author="visitor")]
    world += [*comments(world[0], 3), *comments(world[1], 230, seed=8), post(3, reply_to="80000000")]
    with Facebook(world) as standin:
        found = asking(standin).by_id
        page = TheirPage(PAGE, api=theirs(standin, monkeypatch))
        known = {}
        for one in page.get_feed(fields=["id", "message", "created_time", "from"], params={"limit": 100}):
            known[one["id"]] = one
            fields = ["id", "message", "created_time", "from", "like_count", "parent"]
            params = {"filter": "stream", "order": "chronological", "limit": 100}
            known |= {each["id"]: each for each in one.get_comments(fields=fields, params=params)}
    assert found.keys() == known.keys()
    assert len(found) == 366
    for name, row in known.items():
        mine = found[name]
        assert (mine.text, mine.posted_at) == (row["message"], at(row["created_time"]))
        assert mine.author_id == (row["from"]["id"] if "from" in row else None)
        assert mine.kind == ("reply" if "like_count" in row else "post")
        assert "like_count" not in row or mine.likes == row["like_count"]
    roles = {name: found[f"{PAGE}_{name}"].author_role for name in ("p1", "p2")}
    assert roles == {"p1": "organisation", "p2": None}
    assert found["10000001_p3"].in_reply_to == "10000001_80000000"
    assert found["10000001_80000000"].in_reply_to == f"{PAGE}_10000001"


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("https://www.facebook.com/groups/204570000000002", "groups are closed spaces"),
        ("FernvaleNHS", "number of the trust's own Page"),
    ],
)
def test_a_group_and_a_name_are_errors_of_the_settings(place, says):
    with pytest.raises(ValidationError, match=says):
        Block(queries=[{"id": "x", "places": [place]}])


@pytest.mark.parametrize(
    ("place", "says"),
    [(GROUP, f"{GROUP} is a group and no Page"), ("304570000000003", "304570000000003 is not there, or is closed")],
)
def test_a_number_that_is_a_group_or_nothing_is_refused_by_name_and_the_page_is_read(place, says):
    with Facebook([post(1)]) as standin:
        run = asking(standin, queries=[{"id": "two", "places": [place, PAGE]}])
    assert run.failures[0].startswith("ClosedSpace: ")
    assert says in run.failures[0]
    assert run.by_id.keys() == {f"{PAGE}_p1"}
    assert not standin.asked(f"{place}/feed")


def test_a_page_that_is_not_that_of_the_token_is_refused():
    with Facebook([post(1)]) as standin:
        standin.misbehave("status", on="/me", status=200, body={"id": "999"})
        run = asking(standin)
    assert "is not the Page of this token" in run.failures[0]
    assert run.items == []


def test_a_new_comment_under_an_old_post_is_found_as_far_back_as_the_setting_says():
    old = post(0).but(id="old", posted_at=NOON - timedelta(days=25))
    older = post(0).but(id="older", posted_at=NOON - timedelta(days=60))
    world = [post(1), old, older, *comments(old, 2), *comments(older, 2, seed=8)]
    world.append(post(0, reply_to="old").but(id="stale", posted_at=NOON - timedelta(days=20)))
    with Facebook(world) as standin:
        found = asking(standin).by_id
        few = asking(standin, comments_days=3).by_id
    assert found.keys() == {f"{PAGE}_p1", "old_70000000", "old_70000001"}
    assert few.keys() == {f"{PAGE}_p1"}


def test_posts_without_comments_cost_no_request():
    with Facebook([*posts(90), *comments(posts(1)[0], 1)]) as standin:
        asking(standin)
    assert len(standin.asked("/comments")) == 1
    assert len(standin.calls) == 4


def test_an_address_of_a_next_page_is_never_followed_and_the_token_is_in_none():
    with Facebook([*posts(250), *comments(posts(1)[0], 130)]) as standin:
        standin.next_host = "http://127.0.0.1:9"
        run = asking(standin)
    assert len(run.by_id) == 380
    assert all(call.headers["authorization"] == f"Bearer {TOKEN}" for call in standin.calls)
    assert all(TOKEN not in f"{call.path}{call.params}" for call in standin.calls)


def test_what_is_hidden_or_not_for_everybody_is_counted_and_what_has_no_words_is_no_row():
    world = [
        post(1),
        post(2, extra={"is_hidden": True}),
        post(3, is_private=True),
        post(4, extra={"is_published": False}),
        post(5, text=""),
        post(6, reply_to="p1", extra={"is_hidden": True}),
        post(7, reply_to="p1", is_private=True),
        post(8, reply_to="p1", text=""),
        post(9, reply_to="p3"),
    ]
    with Facebook(world) as standin:
        run = asking(standin)
    assert run.refused == ["not_public"] * 3 + ["removed"] * 2
    assert run.by_id.keys() == {f"{PAGE}_p1"}
    assert not standin.asked("p3/comments")


def test_a_share_is_a_reshare_and_one_with_words_a_comment_and_of_names_only_pages_stay():
    tags = [{"id": "5", "name": "A Page", "type": "page"}, {"id": "6", "name": "Somebody", "type": "user"}]
    world = [
        post(1, text="", repost_of="x"),
        post(2, text="So true https://blog.example.co.uk/a #Kind", repost_of="x", extra={"message_tags": tags}),
    ]
    with Facebook(world) as standin:
        bare, worded = asking(standin).comments
    assert (bare.text, bare.reshare_of, bare.kind) == (None, "777_x", "post")
    assert (worded.kind, worded.reshare_of, worded.mentions) == ("quote", "777_x", ("5",))
    assert (worded.link_domains, worded.hashtags) == (("example.co.uk",), ("Kind",))


def test_a_post_that_is_deleted_while_its_comments_are_asked_for_costs_nothing_else():
    world = [post(1), post(2), *comments(post(1), 1), *comments(post(2), 1, seed=8)]
    with Facebook(world) as standin:
        body = {"error": {"message": "gone", "code": 100, "error_subcode": 33}}
        standin.misbehave("status", on="p1/comments", status=400, body=body)
        run = asking(standin)
    assert run.by_id.keys() == {f"{PAGE}_p1", f"{PAGE}_p2", "p2_80000000"}
    assert run.failures == []


@pytest.mark.parametrize("code", [4, 17, 32, 613])
def test_too_many_requests_are_waited_out_though_they_are_a_400(code):
    with Facebook(posts(250)) as standin:
        standin.misbehave("status", on="/feed", after=1, status=400, body=busy(code), headers=usage(100, minutes=7))
        run = asking(standin)
    assert len(run.by_id) == 250
    assert run.rested == [420]


def test_it_rests_when_what_may_be_asked_is_nearly_spent():
    with Facebook(posts(150)) as standin:
        standin.limits = lambda: usage(97 if len(standin.calls) == 3 else 40)
        run = asking(standin)
    assert run.rested == [60]


def test_a_longer_wait_than_there_is_patience_keeps_what_came_and_leaves_the_window_open():
    with Facebook(posts(250)) as standin:
        standin.misbehave("status", on="/feed", after=1, status=400, body=busy(32), headers=usage(100, minutes=60))
        run = asking(standin)
    assert run.failures[0].startswith("SourceBusy: ")
    assert len(run.by_id) == 100
    assert (run.account.reaches[0].answered_from, run.account.reaches[0].is_closed) == (None, False)


@pytest.mark.parametrize(
    "given", ["", "no json", "[1]", '{"a": 3, "b": [1, {"call_count": "x"}]}', '{"call_count": 1e9}']
)
def test_headers_that_say_nothing_cost_no_rest(given):
    with Facebook(posts(3)) as standin:
        standin.limits = lambda: {"X-App-Usage": given, "X-Business-Use-Case-Usage": given}
        run = asking(standin)
    assert (len(run.by_id), run.rested) == (3, [])


def test_a_token_that_is_over_is_refused_in_facebooks_words_and_without_the_token():
    with Facebook(posts(3)) as standin:
        run = asking(standin, secrets={"token": "EAAwrong-token-987654321"})
    assert "the token is not valid any more" in run.failures[0]
    assert "Session has expired" in run.failures[0]
    assert "wrong-token" not in run.failures[0]


def test_a_permission_that_is_missing_is_a_refusal():
    body = {"error": {"message": "(#10) This endpoint requires permission", "code": 10}}
    with Facebook(posts(3)) as standin:
        standin.misbehave("status", on="/feed", status=403, body=body)
        run = asking(standin)
    assert run.failures[0].startswith("SourceRefused: ")
    assert "requires permission" in run.failures[0]


@pytest.mark.parametrize("happens", ["status", "cut", "half"])
def test_what_is_temporary_is_tried_again(happens):
    with Facebook([*posts(150), *comments(posts(1)[0], 3)]) as standin:
        standin.misbehave(happens, after=1, times=3, status=503)
        assert len(asking(standin).by_id) == 153


def test_a_login_page_is_a_refusal():
    with Facebook(posts(3)) as standin:
        standin.misbehave("page")
        assert "a web page" in asking(standin).failures[0]


def test_a_row_that_cannot_be_read_costs_itself_alone():
    world = [post(1), post(2, extra={"created_time": "yesterday"}), post(3, reply_to="p1", extra={"message": 7})]
    with Facebook(world) as standin:
        run = asking(standin)
    assert sorted(type(item).__name__ for item in run.items) == ["Comment", "Rejected", "Rejected"]


def test_what_is_deleted_or_hidden_at_facebook_is_found_by_asking_again_as_the_sdk_finds_it(monkeypatch):
    from facebook_business.adobjects.comment import Comment as TheirComment

    world = [post(1), post(2, is_deleted=True), post(3, extra={"is_hidden": True}), *posts(60)]
    world.append(post(4, reply_to="p1", is_deleted=True))
    with Facebook(world) as standin, fetching("facebook", standin.address, SECRETS, [QUERY]) as (driver, _):
        ids = [standin.id_of(each) for each in world]
        gone = gone_of(driver, ids)
        calls = len(standin.calls)
        there, missing = [], []
        batch = theirs(standin, monkeypatch).new_batch()
        for name in ids[:3]:
            TheirComment(name).api_get(
                fields=["id", "is_hidden"],
                batch=batch,
                success=lambda answer: there.append(answer.json()),
                failure=missing.append,
            )
        batch.execute()
    assert gone == {f"{PAGE}_p2", f"{PAGE}_p3", "p1_p4"}
    assert calls == 2
    assert [one["is_hidden"] for one in there] == [False, True]
    assert len(missing) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"code": 403, "body": json.dumps({"error": {"code": 10, "message": "no"}})}, AnswerUnreadable),
        ({"code": 400, "body": json.dumps(busy(32))}, SourceBusy),
        (None, AnswerUnreadable),
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_nothing_counts_as_deleted_when_the_token_no_longer_sees_the_page(answer, error, place):
    told = [{"code": 200, "body": '{"id": "1"}'}] * 4
    told[3] = {"code": 400, "body": json.dumps({"error": {"code": 100, "error_subcode": 33}})}
    told[place] = answer
    with Facebook([]) as standin, fetching("facebook", standin.address, SECRETS, [QUERY]) as (driver, _):
        standin.misbehave("status", status=200, body=told)
        with pytest.raises(error, match="Nothing was erased"):
            gone_of(driver, ["1_2", "1_3"])


GONE = {"code": 400, "body": json.dumps({"error": {"code": 100, "error_subcode": 33}})}
NO_RIGHT = {"code": 403, "body": json.dumps({"error": {"code": 10, "message": "no"}})}


@pytest.mark.parametrize(
    "odd",
    [NO_RIGHT, None, {"code": 200, "body": "<html>"}, {"code": 200, "body": "[]"}, {"code": 200, "body": "{}"}, "x", 7],
)
def test_a_row_about_which_the_answer_is_odd_costs_itself_alone_and_is_told_of(odd):
    there = {"code": 200, "body": '{"id": "1"}'}
    with Facebook([]) as standin, fetching("facebook", standin.address, SECRETS, [QUERY]) as (driver, _):
        standin.misbehave("status", status=200, body=[there, there, odd, GONE])
        standin.misbehave("status", status=200, body=[there, there, odd])
        told = driver.gone(["1_2", "1_3"])
        assert next(told)[2] == {"1_3"}
        assert next(told)[2] == set()
        with pytest.raises(AnswerUnreadable, match=r"did not tell of 1 of 2 rows .* Nothing of these was erased"):
            next(told)


def test_a_row_that_answers_at_the_second_request_is_no_failure():
    there = {"code": 200, "body": '{"id": "1"}'}
    with Facebook([]) as standin, fetching("facebook", standin.address, SECRETS, [QUERY]) as (driver, _):
        standin.misbehave("status", status=200, body=[there, there, None, there])
        assert gone_of(driver, ["1_2", "1_3"]) == {"1_2"}


def test_what_is_no_longer_for_everybody_counts_as_withdrawn():
    world = [post(1), post(2, is_private=True), post(3, extra={"is_published": False})]
    world += [post(4, reply_to="p1", is_private=True), post(5, reply_to="p1")]
    with Facebook(world) as standin, fetching("facebook", standin.address, SECRETS, [QUERY]) as (driver, _):
        ids = [standin.id_of(each) for each in world]
        driver.connector.kinds = dict.fromkeys(ids[:3], "post") | dict.fromkeys(ids[3:], "reply")
        assert gone_of(driver, ids) == {f"{PAGE}_p2", f"{PAGE}_p3", "p1_p4"}


@settings(max_examples=20, deadline=None)
@given(
    count=st.integers(0, 230),
    under=st.integers(0, 130),
    short=st.integers(0, 4),
    empty=st.integers(0, 4),
    unsorted=st.booleans(),
    repeats=st.booleans(),
)
def test_however_pages_come_the_same_rows_arrive(count, under, short, empty, unsorted, repeats):
    on_page = posts(count)
    with Facebook([*on_page, *(comments(on_page[0], under) if on_page else [])]) as standin:
        standin.short_every, standin.empty_every, standin.is_unsorted, standin.repeats = short, empty, unsorted, repeats
        run = asking(standin)
    assert run.by_id.keys() == {standin.id_of(each) for each in standin.posts}
    assert run.account.reaches[0].answered_from == WEEK.since
    assert WEEK.until == UNTIL


def test_usage_that_is_nested_without_end_is_no_usage():
    with Facebook([post(1)]) as standin:
        standin.limits = lambda: {"x-business-use-case-usage": "[" * 20_000}
        run = asking(standin)
    assert run.by_id.keys() == {f"{PAGE}_p1"} and not run.failures
