"""Dialects of recorded answers, as the stand-ins speak them: relatives of Mastodon, WordPress, Care Opinion."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fixtures.asking import ask, fetching, gone_of
from wordround.connectors.mastodon.homes import Home, home_of
from wordround.connectors.mastodon.objects import edited_comment_of, is_for_everybody
from wordround.demo.standins.care_opinion import KEY, CareOpinion
from wordround.demo.standins.feeds import Feeds
from wordround.demo.standins.mastodon import Mastodon
from wordround.demo.standins.world import NOON, Post

TEXT = "A kind nurse on Kestrel Ward #FernvaleNHS"
QUERY = {"id": "tag", "hashtags": ["FernvaleNHS"]}


def post(number: int, text: str = TEXT, **more) -> Post:
    return Post(f"{number:03}", text, NOON - timedelta(minutes=number), **more)


@pytest.mark.parametrize("software", ["mastodon", "gotosocial", "akkoma", "friendica", "pixelfed"])
def test_relatives_of_mastodon_are_read_and_asked_in_their_own_way_what_is_gone(software):
    world = [post(1), post(2, is_deleted=True), post(3, is_private=True), post(4), post(5)]
    with Mastodon(world) as standin:
        standin.software = software
        run = ask("mastodon", "", {}, [QUERY], instances=[standin.address])
        uris = [standin.uri_of(each.id) for each in world]
        assert run.by_id.keys() == {uris[0], uris[3], uris[4]}
        assert {comment.text for comment in run.comments} == {TEXT}
        shown = []
        with fetching("mastodon", "", {}, [QUERY], instances=[standin.address]) as (driver, _):
            gone = set().union(*(some for _, _, some in driver.gone(uris, shown.extend)))
        assert gone == {uris[1], uris[2]}
        # A post that is asked for by its own address is there, and is read again once it was edited.
        whole = set() if software in ("akkoma", "friendica") else {uris[0], uris[3], uris[4]}
        assert {comment.native_id for comment in shown} == whole


@pytest.mark.parametrize("software", ["akkoma", "friendica"])
def test_an_edited_post_that_its_own_address_shows_is_the_one_that_a_listing_shows(software):
    edited = post(1, "Kind words for @ann and a [link] https://a.example.org/b #FernvaleNHS", title="On a ward")
    edited = edited.but(edited_at=NOON + timedelta(hours=1), links=("https://a.example.org/b",))
    with Mastodon([edited, post(2)]) as standin:
        standin.software = software
        listed = ask("mastodon", "", {}, [QUERY], instances=[standin.address]).by_id
        uris, shown = [standin.uri_of("001"), standin.uri_of("002")], []
        with fetching("mastodon", "", {}, [QUERY], instances=[standin.address]) as (driver, _):
            assert not set().union(*(some for _, _, some in driver.gone(uris, shown.extend)))
    (found,) = shown
    assert "before" not in found.text
    # Counts and queries are those that are stored, as is a language that it does not tell.
    nothing = dict.fromkeys(("likes", "shares", "replies", "quotes", "author_followers", "query_id", "language"))
    assert found.language == ("en" if software == "akkoma" else None)
    assert found._replace(**nothing) == listed[uris[0]]._replace(**nothing)


def test_a_post_that_is_no_longer_for_everybody_is_gone_and_one_that_names_nobody_is_not():
    followers = "https://a.example/users/ann/followers"
    audiences = [([followers], []), (None, followers), ("as:Public", [followers]), (None, None), ({}, 7), ([None], "")]
    world = [post(n, extra={"to_whom": to, "copied_to": cc}) for n, (to, cc) in enumerate(audiences)]
    with Mastodon(world) as standin:
        standin.software = "akkoma"
        uris = [standin.uri_of(each.id) for each in world]
        with fetching("mastodon", "", {}, [QUERY], instances=[standin.address]) as (driver, _):
            assert gone_of(driver, uris) == {uris[0], uris[1]}


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["ann", "http://[", "#", "@"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(("software", "answers"), [("akkoma", None), ("friendica", 7)])
def test_what_an_edited_post_tells_of_its_answers_is_taken_and_what_it_does_not_tell_is_not(software, answers):
    with Mastodon([post(1).but(edited_at=NOON + timedelta(hours=1), likes=5, shares=3, replies=7)]) as standin:
        standin.software = software
        uris, shown = [standin.uri_of("001")], []
        with fetching("mastodon", "", {}, [QUERY], instances=[standin.address]) as (driver, _):
            assert not gone_of(driver, uris)
            for _ in driver.gone(uris, shown.extend):
                pass
    assert {(one.likes, one.shares, one.replies) for one in shown} == {(None, None, answers)}


_PARTS = ("to", "cc", "tag", "name", "summary", "attributedTo", "contentMap", "inReplyTo", "updated", "likes", "shares")


@settings(max_examples=200, deadline=None)
@given(odd=st.dictionaries(st.sampled_from(_PARTS), _ANYTHING))
def test_an_odd_part_of_a_post_costs_that_part_and_erases_nothing(odd):
    uri = "https://a.example/objects/1"
    plain = {"type": "Note", "id": uri, "published": "2026-11-20T10:00:00Z", "updated": "2026-11-21T10:00:00Z"}
    found = edited_comment_of({**plain, "content": "<p>Kind</p>", **odd}, uri)
    assert "updated" in odd or found.text == "Kind"
    if not {"to", "cc"} & odd.keys():
        assert is_for_everybody({**plain, **odd})


def test_a_server_that_has_moved_away_makes_nothing_gone():
    with Mastodon([post(1)]) as standin:
        standin.misbehave("status", on="/api/v1/instance", status=404, body={"error": "no such page"})
        asking = fetching("mastodon", "", {}, [QUERY], instances=[standin.address])
        with asking as (driver, _), pytest.raises(Exception, match="no such page"):
            gone_of(driver, [standin.uri_of("001"), standin.uri_of("999")])
        assert standin.asked("statuses") == []


@pytest.mark.parametrize(
    ("uri", "home"),
    [
        ("https://a.example/users/ann/statuses/123", Home("https://a.example", "123")),
        ("https://a.example/ap/users/7/statuses/123", Home("https://a.example", "123")),
        ("https://a.example/users/ann/statuses/01HXJ/activity", Home("https://a.example", "01HXJ")),
        ("https://a.example/p/ann/123", Home("https://a.example", "123")),
        ("https://a.example/notes/9abc", Home("https://a.example", "9abc")),
        ("https://a.example/objects/5e3a-4b1c", Home("https://a.example", None)),
        ("https://a.example/activities/5e3a-4b1c", Home("https://a.example", None)),
        ("tag:a.example,2016-11-24:objectId=123:objectType=Status", Home("https://a.example", "123")),
        ("https://a.example/@ann/123", None),
        ("https://a.example/objects/5e3a?token=1", None),
        ("ftp://a.example/objects/5e3a", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_the_home_of_a_post_is_known_by_its_address(uri, home):
    assert home_of(uri) == home


def test_comments_of_wordpress_name_nobody_and_pingbacks_are_refused():
    world = [
        post(6, "Same on ward four.", author="wobblyhip62", reply_to="5", extra={"to": "Quietlark"}),
        post(7, "a patient tells of a stay", author="Weekly round-up", extra={"is_pingback": True}),
        post(8, "[...] is how it felt at first. Later it was fine.", author="ann"),
    ]
    with Feeds(world) as standin:
        standin.dialect = "wordpress"
        run = ask("feeds", "", {}, [{"id": "blog", "places": [f"{standin.address}/comments/feed/"]}])
        answered = f"{standin.address}/?p=5#comment-5"
    assert run.refused == ["not_a_comment"]
    assert {comment.text: comment.in_reply_to for comment in run.comments} == {
        "Same on ward four.": answered,
        "[...] is how it felt at first. Later it was fine.": None,
    }
    assert not any(name in repr(run.comments) for name in ("wobblyhip62", "Quietlark", "My stay"))


@pytest.mark.parametrize("kind", ["text/plain", "text/html", "application/octet-stream", ""])
def test_an_empty_feed_is_one_under_whatever_type_it_comes(kind):
    with Feeds([]) as standin:
        standin.kind = kind
        run = ask("feeds", "", {}, [{"id": "blog", "places": [f"{standin.address}/comments/feed/"]}])
    assert (run.items, run.failures) == ([], [])


def test_a_story_says_by_its_links_what_no_further_request_is_made_for():
    story = post(1, place="XFV", rating=2, replies=1, extra={"source": "nhsc", "tags": ["staff attitude"]})
    with CareOpinion([story]) as standin:
        standin.names_services = True
        run = ask("care_opinion", standin.address, {"key": KEY}, [{"id": "trust", "places": ["XFV"]}])
        assert standin.asked("healthservices") == []
    (found,) = run.comments
    assert (found.rating, found.rating_max, found.replies, found.origin) == (2, 5, 1, "nhs_website")
    assert (found.site_code, found.locations, found.hashtags) == ("XFV01", ("XFV01_110",), ("staff-attitude",))
