"""Titles of links: as posts give them beside their links, whatever a server puts in their place."""

from datetime import timedelta

import pytest

from tests.fixtures.asking import UNTIL, WEEK, ask
from wordround.comments import LinkTitle
from wordround.connectors.asking import texts
from wordround.connectors.mastodon.rows import comment_of
from wordround.demo.standins.bluesky import LOGIN, PASSWORD, Bluesky
from wordround.demo.standins.facebook import PAGE as PAGE_ID
from wordround.demo.standins.facebook import TOKEN, Facebook
from wordround.demo.standins.mastodon import Mastodon
from wordround.demo.standins.world import Post

PAGE = "https://www.tommys.org/pregnancy/sleep?ref=1"
WORLD = [
    Post(
        "1", f"Worth reading {PAGE} #FernvaleNHS", UNTIL - timedelta(hours=1), links=(PAGE,), link_title="Sleep & you"
    ),
    Post("2", f"Without a title {PAGE} #FernvaleNHS", UNTIL - timedelta(hours=2), links=(PAGE,)),
    Post("3", "Without a link #FernvaleNHS", UNTIL - timedelta(hours=3)),
]


SECRETS = {"bluesky": {"login": LOGIN, "password": PASSWORD}, "mastodon": {}}


def titles_of(source: str, address: str) -> list[tuple[LinkTitle, ...]]:
    """The titles of each post, the latest post first."""
    block = {"instances": [address]} if source == "mastodon" else {}
    address = "" if source == "mastodon" else address
    run = ask(source, address, SECRETS[source], [{"id": "tag", "hashtags": ["FernvaleNHS"]}], WEEK, **block)
    return [one.link_titles for one in sorted(run.comments, key=lambda each: each.posted_at, reverse=True)]


def test_bluesky_and_mastodon_give_a_title_with_the_domain_of_its_page():
    expected = [(LinkTitle("tommys.org", "Sleep & you"),), (), ()]
    with Bluesky(WORLD) as bluesky:
        assert titles_of("bluesky", bluesky.address) == expected
    with Mastodon(WORLD) as mastodon:
        assert titles_of("mastodon", mastodon.address) == expected


def test_facebook_gives_the_title_of_a_page_that_is_attached_and_its_domain_and_none_of_its_own():
    own = "https://www.facebook.com/photo/?fbid=7"
    world = [
        Post("p1", "Worth reading", UNTIL - timedelta(hours=1), links=(PAGE,), link_title="Sleep & you"),
        Post("p2", "Our picnic", UNTIL - timedelta(hours=2), links=(own,), link_title="Photos of the picnic"),
        Post(
            "p3", "No page", UNTIL - timedelta(hours=3), extra={"attachments": {"data": [None, {"unshimmed_url": 7}]}}
        ),
    ]
    with Facebook(world) as standin:
        run = ask("facebook", standin.address, {"token": TOKEN}, [{"id": "page", "places": [PAGE_ID]}], WEEK)
    found = {one.text: (one.link_domains, one.link_titles) for one in run.comments}
    assert found == {
        "Worth reading": (("tommys.org",), (LinkTitle("tommys.org", "Sleep & you"),)),
        "Our picnic": ((), ()),
        "No page": ((), ()),
    }


def test_a_repost_has_no_title_of_its_own():
    original = WORLD[0]
    with Mastodon([original, Post("9", "", UNTIL, repost_of="1")]) as standin:
        status = standin.status(standin.posts[1]) | {"card": standin.status(original)["card"]}
        assert comment_of(status, {}, "fern.test").link_titles == ()


@pytest.mark.parametrize("card", [None, [], "A page", {"title": ["A"], "url": PAGE}, {"title": "A", "url": 7}, {}])
def test_an_odd_card_costs_its_title_and_never_the_post(card: object):
    with Mastodon(WORLD) as standin:
        comment = comment_of(standin.status(WORLD[0]) | {"card": card}, {}, "fern.test")
    assert (comment.link_titles, comment.link_domains) == ((), ("tommys.org",))


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("  Sleep\n in&nbsp;pregnancy ", "Sleep in pregnancy"),
        ("Mind.org", "Mind.org"),  # of another page
        ("www.Tommys.org", None),
        ("tommys.org/pregnancy/sleep", None),
        ("Sleep - https://www.tommys.org", None),
        ("   ", None),
        ("long " * 100, None),
    ],
)
def test_what_is_no_title_is_left_out(title: str, kept: str | None):
    found = texts.titles_of([(PAGE, title), (PAGE, title), (None, title), ("no address", title)])
    assert found == ((LinkTitle("tommys.org", kept),) if kept else ())
