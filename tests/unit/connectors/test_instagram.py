"""Instagram: comments under the trust's own media, and media that tag it, as Meta's own SDK reads them too."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from tests.fixtures.asking import ask, fetching, gone_of
from wordround.comments import Rejected
from wordround.connectors.instagram import Block
from wordround.connectors.instagram.rows import tagged_id
from wordround.demo.standins.facebook import busy, usage
from wordround.demo.standins.instagram import ACCOUNT, PERSON, TAGGED, TOKEN, Instagram
from wordround.demo.standins.world import NOON, Post, posts
from wordround.errors import AnswerUnreadable, SourceBusy, SourceRefused

SECRETS = {"token": TOKEN}
QUERY = {"id": "account", "places": [ACCOUNT]}


def asking(standin, queries=(QUERY,), **more):
    return ask("instagram", standin.address, SECRETS, list(queries), **more)


def post(number: int, text: str = "Meet the nurses of Kestrel Ward", **more) -> Post:
    return Post(f"m{number}", text, NOON - timedelta(minutes=number), **more)


def comments(under: Post, count: int, seed: int = 7) -> list[Post]:
    return [each.but(reply_to=under.id) for each in posts(count, seed=seed)]


def tagged(number: int) -> str:
    return tagged_id(ACCOUNT, f"m{number}")


def test_the_sdk_reads_the_stand_in_and_finds_the_same_comments_as_the_connector(monkeypatch):
    from facebook_business.adobjects.iguser import IGUser
    from facebook_business.api import FacebookAdsApi
    from facebook_business.session import FacebookSession

    world = [post(1), post(2), *comments(post(1), 120)]
    world += [post(3 + number, "I agree", reply_to="70000000") for number in range(60)]
    with Instagram(world) as standin:
        found = asking(standin).by_id
        monkeypatch.setattr(FacebookSession, "GRAPH", standin.address)
        api = FacebookAdsApi(FacebookSession(access_token=TOKEN), api_version="v26.0")
        known = {}
        for medium in IGUser(ACCOUNT, api=api).get_media(fields=["id", "caption"], params={"limit": 100}):
            known[medium["id"]] = medium["caption"]
            for one in medium.get_comments(fields=["id", "text"], params={"limit": 50}):
                known[one["id"]] = one["text"]
                known |= {each["id"]: each["text"] for each in one.get_replies(fields=["id", "text"])}
    assert {name: one.text for name, one in found.items()} == known
    assert len(found) == 182
    assert found["m1"].author_role == "organisation"
    assert found["70000001"].in_reply_to == "m1"
    assert found["m5"].in_reply_to == "70000000"
    assert {one.kind for one in found.values()} == {"post", "reply"}


def test_a_name_or_a_page_of_the_web_is_an_error_of_the_settings():
    for place in ("fernvale_nhs", "https://www.instagram.com/fernvale_nhs"):
        with pytest.raises(ValidationError, match="number of the trust's own professional account"):
            Block(queries=[{"id": "x", "places": [place]}])


def test_a_profile_that_is_no_account_of_the_token_is_refused_by_name_and_the_other_is_read():
    with Instagram([post(1), post(2, place=TAGGED)]) as standin:
        run = asking(standin, queries=[{"id": "two", "places": [PERSON, ACCOUNT]}])
    assert all(one.startswith("ClosedSpace: ") and PERSON in one for one in run.failures)
    assert len(run.failures) == 2
    assert run.by_id.keys() == {"m1", tagged(2)}


def test_media_that_tag_the_account_come_with_their_captions_and_nothing_of_who_took_them():
    with Instagram([post(1, "Lovely care #Fernvale https://a.example.co.uk", place=TAGGED, author="zoe")]) as standin:
        (found,) = asking(standin).comments
        fields = {call.one("fields") for call in standin.asked(ACCOUNT)}
    assert (found.kind, found.author_role, found.author_id) == ("post", None, "zoe")
    assert (found.hashtags, found.link_domains) == (("Fernvale",), ("example.co.uk",))
    assert not any("owner" in one or "permalink" in one for one in fields)


def test_no_comment_is_asked_for_the_name_of_who_wrote_it():
    with Instagram([post(1), *comments(post(1), 3)]) as standin:
        found = asking(standin).by_id
        (call,) = standin.asked("/comments")
    assert "username" not in call.one("fields")
    assert found["70000000"].author_handle is None
    assert found["70000000"].author_id.startswith("igs")


def test_what_is_hidden_is_counted_what_is_own_is_the_organisations_and_a_bad_row_costs_itself():
    world = [
        post(1),
        post(2, "Rude", reply_to="m1", extra={"hidden": True}),
        post(3, "Thank you", reply_to="m1", author="page"),
        post(4, "", reply_to="m1"),
        post(5, "Lost its date", reply_to="m1", extra={"timestamp": None}),
        post(6, "Kind nurses", reply_to="m1", extra={"like_count": "many", "from": []}),
        post(7, ""),
    ]
    with Instagram(world) as standin:
        run = asking(standin)
    assert run.refused == ["removed"]
    assert run.by_id.keys() == {"m1", "m3", "m6"}
    assert run.by_id["m3"].author_role == "organisation"
    assert (run.by_id["m6"].likes, run.by_id["m6"].author_id) == (None, None)
    assert [item.reason for item in run.items if isinstance(item, Rejected)] == ["unreadable_item"]


def test_a_new_reply_under_an_old_comment_is_found():
    old = post(0).but(id="old", posted_at=NOON - timedelta(days=20))
    first = post(0, "First", reply_to="old").but(id="first", posted_at=NOON - timedelta(days=19))
    with Instagram([old, first, post(1, "Me too", reply_to="first")]) as standin:
        assert asking(standin).by_id.keys() == {"m1"}
        assert asking(standin, comments_days=3).by_id == {}


def test_an_address_of_a_next_page_is_never_followed_and_the_token_is_in_none():
    with Instagram([*posts(130), *comments(posts(1)[0], 130)]) as standin:
        standin.next_host = "http://127.0.0.1:9"
        run = asking(standin)
    assert len(run.by_id) == 260
    assert all(TOKEN not in f"{call.path}{call.params}" for call in standin.calls)


@pytest.mark.parametrize("code", [4, 17, 32, 613, 80002])
def test_too_many_requests_are_waited_out_though_they_are_a_400(code):
    with Instagram(posts(150)) as standin:
        standin.misbehave("status", on="/media", after=1, status=400, body=busy(code), headers=usage(100, minutes=7))
        run = asking(standin)
    assert len(run.by_id) == 150
    assert run.rested == [420]


def test_a_token_that_has_ended_is_said_and_the_window_stays_open():
    with Instagram([post(1)]) as standin:
        run = ask("instagram", standin.address, {"token": "old"}, [QUERY])
    assert "the token is not valid any more" in run.failures[0]
    assert {reach.is_closed for reach in run.account.reaches} == {False}


def test_one_listing_that_fails_costs_the_other_nothing_and_its_days_stay_open():
    with Instagram([post(1), post(2, place=TAGGED)]) as standin:
        standin.misbehave("status", on="/tags", times=9, status=400, body=busy(4), headers=usage(100, minutes=60))
        run = asking(standin)
    assert run.by_id.keys() == {"m1"}
    by_listing = {reach.window.listing: reach.is_closed for reach in run.account.reaches}
    assert by_listing == {f"{ACCOUNT} media": True, f"{ACCOUNT} tags": False}


def test_what_is_deleted_or_hidden_is_found_and_what_is_there_stays():
    world = [post(1), post(2, reply_to="m1"), post(3, reply_to="m1", extra={"hidden": True}), post(4, reply_to="m1")]
    world += [post(5, place=TAGGED), post(6, place=TAGGED).but(is_deleted=True)]
    ids = ["m1", "m2", "m3", "m4", tagged(5), tagged(6)]
    world = [one.but(is_deleted=True) if one.id == "m4" else one for one in world]
    with Instagram(world) as standin, fetching("instagram", standin.address, SECRETS, [QUERY]) as (driver, _):
        driver.connector.kinds = {"m1": "post", "m2": "reply", "m3": "reply", tagged(5): "post", tagged(6): "post"}
        assert gone_of(driver, ids) == {"m3", "m4", tagged(6)}


def test_media_of_others_are_looked_for_on_as_many_pages_as_it_takes():
    world = [each.but(place=TAGGED) for each in posts(230)]
    there = [tagged_id(ACCOUNT, each.id) for each in world]
    with Instagram(world) as standin, fetching("instagram", standin.address, SECRETS, [QUERY]) as (driver, _):
        assert gone_of(driver, there[:90]) == set()
        assert len(standin.asked("/tags")) == 1, "no page behind the last one that is wanted"
        assert gone_of(driver, [tagged(1), there[229]]) == {tagged(1)}
        assert len(standin.asked("/tags")) == 4


def test_of_a_listing_that_is_not_shown_whole_nothing_is_taken_for_deleted():
    world = [each.but(place=TAGGED) for each in posts(230)]
    with Instagram(world) as standin, fetching("instagram", standin.address, SECRETS, [QUERY]) as (driver, _):
        standin.misbehave("status", on="/tags", after=1, status=400, body={"error": {"code": 10, "message": "no"}})
        told = driver.gone([tagged(1)])
        assert next(told)[2] == set()
        with pytest.raises(SourceRefused):
            next(told)


@pytest.mark.parametrize(
    ("body", "error"),
    [({"code": 100, "error_subcode": 33}, AnswerUnreadable), ({"code": 4}, SourceBusy)],
)
def test_a_token_that_sees_its_account_no_more_erases_nothing(body, error):
    with Instagram([post(1)]) as standin:
        standin._get = lambda call: (_ for _ in ()).throw(_refusal(body))
        with fetching("instagram", standin.address, SECRETS, [QUERY]) as (driver, _), pytest.raises(error):
            gone_of(driver, ["m1"])


def _refusal(body):
    from wordround.demo.standins.server import Refuse

    return Refuse(400, {"error": {"message": "no", **body}})
