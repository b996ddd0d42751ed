"""An odd part of a recorded item costs that part and never the post, in every source."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.asking import WEEK, fetching
from wordround.comments import Comment, Refused, Rejected
from wordround.connectors import registry
from wordround.connectors.asking.contract import Answer, Asked, Connector, Item, Request, each
from wordround.connectors.blocks import Query
from wordround.connectors.care_opinion.rows import item_of as care_opinion_item
from wordround.connectors.facebook.rows import comment_of as facebook_comment
from wordround.connectors.facebook.rows import post_of as facebook_post
from wordround.connectors.feeds.rows import item_of as feeds_item
from wordround.connectors.google_reviews.rows import item_of as google_item
from wordround.connectors.instagram.rows import comment_of as instagram_comment
from wordround.connectors.nhs_reviews.rows import item_of as nhs_item
from wordround.connectors.reddit.rows import item_of as reddit_item
from wordround.connectors.threads.rows import post_of as threads_post
from wordround.connectors.youtube.rows import items_of as youtube_items
from wordround.demo.standins import google_reviews, nhs_reviews
from wordround.demo.standins.bluesky_views import view
from wordround.demo.standins.facebook import Facebook
from wordround.demo.standins.mastodon import Mastodon
from wordround.demo.standins.reddit import Reddit
from wordround.demo.standins.world import NOON, Post
from wordround.demo.standins.x import X
from wordround.demo.standins.youtube import YouTube
from wordround.errors import AnswerUnreadable

Path = tuple[str | int, ...]

TEXT = "A kind nurse on Kestrel Ward #FernvaleNHS thanks @camhs.fernvale.example.test https://blog.example.co.uk/a"
ODD: tuple[Any, ...] = (
    None, "", "odd", "0000-10-14T15:06:10.730Z", 7, -1, 2.5, True, float("nan"), 10**30, [], [None], [[]], {},
    {"a": []},
    [{"a": 1}], [{"val": None}], ["x", 3, None], {"uri": 5, "id": [1]}, [[{"features": [None]}]],
)  # fmt: skip


class Recorded(NamedTuple):
    """One item, how it is read, what of it must be whole, and what its refusal may rest on."""

    item: Any
    read: Callable[[Any], list[Item]]
    whole: tuple[Path, ...]
    refuses_by: tuple[Path, ...] = ()


def post(**more: Any) -> Post:
    return Post("0001", TEXT, NOON, links=("https://blog.example.co.uk/a",), **more)


def through_connector(source: str, request: Request, content: Callable[[Any], Any], **block: Any) -> Any:
    """How the connector itself reads a page with that item alone."""

    def read(item: Any) -> list[Item]:
        query = {"id": "tag", "hashtags": ["FernvaleNHS"]}
        address = "" if source == "mastodon" else "http://127.0.0.1:1"
        with fetching(source, address, {}, [query], **block) as (driver, _):
            asked = Asked(driver.connector.block.queries[0], WEEK, request)
            return list(driver.connector.read(Answer(content(item), {}), asked).items)

    return read


def bluesky() -> Recorded:
    features = [{"$type": "app.bsky.richtext.facet#tag", "tag": "FernvaleNHS"}, {"uri": "https://a.example.org"}]
    shown = view(post(reply_to="0002", language="en"), {})
    record = shown["record"] | {
        "facets": [{"index": {"byteStart": 0, "byteEnd": 9}, "features": features}],
        "tags": ["kind"],
        "embed": {"$type": "app.bsky.embed.external", "external": {"uri": "https://news.example.org/a"}},
    }
    shown |= {"record": record, "labels": [{"val": "fine", "neg": False}]}
    request = Request("http://127.0.0.1:1", {"cursor": "0"})
    read = through_connector("bluesky", request, lambda item: {"posts": [item]})
    whole = (("uri",), ("record", "createdAt"), ("indexedAt",), ("record", "text"))
    return Recorded(shown, read, whole, (("labels",), ("author",)))


def mastodon() -> Recorded:
    with Mastodon([Post("0002", "Original #FernvaleNHS", NOON)]) as standin:
        status = standin.status(post(quote_of="0002", title="Care", reply_to="0003", edited_at=NOON))
        address = standin.address
    request = Request(f"{address}/api/v1/timelines/tag/FernvaleNHS", {"limit": 40}, about="")
    read = through_connector("mastodon", request, lambda item: [item], instances=[address])
    refuses_by = (("visibility",), ("account",))
    return Recorded(status, read, (("uri",), ("created_at",), ("content",)), refuses_by)


def x() -> Recorded:
    fields = "created_at,public_metrics,referenced_posts,entities,lang,author_id,withheld".split(",")
    shown = X([]).post(post(quote_of="0002", edited_at=NOON, extra={"withheld": {"copyright": False}}), fields)
    included = {"users": [{"id": shown["author_id"], "username": "ann", "protected": False}], "posts": []}
    request = Request("http://127.0.0.1:1", {})
    content = lambda item: {"data": [item], "meta": {}, "includes": included}  # noqa: E731
    read = through_connector("x", request, content, budget=1.0)
    return Recorded(shown, read, (("id",), ("created_at",), ("text",)), (("withheld",),))


def reddit() -> Recorded:
    thing = Reddit([]).thing(post(reply_to="0002", edited_at=NOON))
    read = lambda item: each([item], lambda one: reddit_item(one, "XFV", "q"))  # noqa: E731
    whole = (("kind",), ("data", "name"), ("data", "created_utc"), ("data", "body"))
    shut = ("author", "removed_by_category", "over_18", "quarantine", "subreddit_type", "distinguished", "selftext")
    return Recorded(thing, read, whole, tuple(("data", name) for name in shut))


def youtube() -> Recorded:
    thread = YouTube([post()]).thread(post(edited_at=NOON + timedelta(hours=1)))
    read = lambda item: each([item], lambda one: youtube_items(one, "XFV", "q", True))  # noqa: E731
    top = ("snippet", "topLevelComment")
    whole = ((*top, "id"), (*top, "snippet", "publishedAt"), (*top, "snippet", "textDisplay"))
    return Recorded(thread, read, whole, (("snippet", "isPublic"), (*top, "snippet", "moderationStatus")))


def facebook() -> Recorded:
    shown = {
        "id": "1_2",
        "message": TEXT,
        "created_time": "2026-11-23T12:00:00+0000",
        "from": {"id": "77"},
        "privacy": {"value": "EVERYONE"},
        "is_hidden": False,
        "is_published": True,
        "message_tags": [{"id": "5", "type": "page", "name": "Fernvale"}],
        "shares": {"count": 2},
        "reactions": {"data": [], "summary": {"total_count": 4}},
        "comments": {"data": [], "summary": {"total_count": 1}},
    }
    read = lambda item: each([item], lambda one: facebook_post(one, frozenset({"1"}), "XFV", "q"))  # noqa: E731
    shut = (("is_hidden",), ("privacy",), ("is_published",))
    return Recorded(shown, read, (("id",), ("created_time",), ("message",)), shut)


def facebook_answer() -> Recorded:
    with Facebook([]):
        shown = {
            "id": "2_3",
            "message": TEXT,
            "created_time": "2026-11-23T12:00:00+0000",
            "from": {"id": "77"},
            "parent": {"id": "2_1"},
            "is_hidden": False,
            "is_private": False,
            "like_count": 1,
            "comment_count": 0,
            "message_tags": [],
        }
    read = lambda item: each([item], lambda one: facebook_comment(one, "1_2", frozenset(), "XFV", "q"))  # noqa: E731
    return Recorded(shown, read, (("id",), ("created_time",), ("message",)), (("is_hidden",), ("is_private",)))


def instagram() -> Recorded:
    shown = {
        "id": "17990000000000001",
        "text": TEXT,
        "timestamp": "2026-11-23T12:00:00+0000",
        "from": {"id": "77"},
        "hidden": False,
        "like_count": 1,
    }
    own = frozenset({"1"})
    read = lambda item: each([item], lambda one: instagram_comment(one, "1", own, "XFV", "q"))  # noqa: E731
    return Recorded(shown, read, (("id",), ("timestamp",), ("text",)), (("hidden",),))


def threads() -> Recorded:
    shown = {
        "id": "18000000000000001",
        "text": TEXT,
        "timestamp": "2026-11-23T12:00:00+0000",
        "username": "ann",
        "media_type": "TEXT_POST",
        "is_quote_post": True,
        "is_reply": False,
        "topic_tag": "Fernvale",
        "link_attachment_url": "https://blog.example.co.uk/a",
        "quoted_post": {"id": "17"},
    }
    read = lambda item: each([item], lambda one: threads_post(one, "fernvale_nhs", "XFV", "q"))  # noqa: E731
    return Recorded(shown, read, (("id",), ("timestamp",), ("text",)))


def google() -> Recorded:
    shown = google_reviews._review(post(rating=4))
    read = lambda item: each([item], lambda one: google_item(one, None, "XFV", "q"))  # noqa: E731
    return Recorded(shown, read, (("name",), ("createTime",), ("comment",)))


def nhs() -> Recorded:
    shown = nhs_reviews._comment(post(rating=4, title="Kind", place="XFV01", extra={"department": "Kestrel Ward"}))
    read = lambda item: each([item], lambda one: nhs_item(one, None, "XFV", "q"))  # noqa: E731
    return Recorded(shown, read, (("commentId",), ("dateSubmitted",), ("commentText",)), (("status",),))


def care_opinion() -> Recorded:
    shown = {
        "id": 1,
        "title": "Kept waiting",
        "body": TEXT,
        "authorRole": "a carer",
        "criticality": "mildly critical",
        "dateOfSubmission": "2026-11-20T10:00:00",
        "dateOfPublication": "2026-11-20T12:00:00",
        "progress": "Unread story",
        "source": "nhsc",
        "healthservices": [{"nacs": "XFV01", "name": "Kestrel Ward", "type": "service", "siteNacs": "XFV01"}],
        "links": [
            {"rel": "healthservice", "id": "XFV01_110", "href": "h", "score": 2},
            {"relation": "tag", "id": "waiting", "link": "h"},
        ],
    }
    read = lambda item: each([item], lambda one: care_opinion_item(one, (), "XFV", "q"))  # noqa: E731
    return Recorded(shown, read, (("id",), ("dateOfPublication",), ("body",)), (("progress",),))


def feeds() -> Recorded:
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Stories</title><entry><id>tag:a,1</id><title>Kind</title>
    <author><name>wobblyhip62</name></author><published>2026-11-23T12:00:00Z</published>
    <updated>2026-11-23T13:00:00Z</updated><content type="html" xml:lang="en">{TEXT}</content></entry></feed>"""
    entry = dict(feedparser.parse(atom).entries[0])
    read = lambda item: each([item], lambda one: feeds_item(one, {}, "blog_comment", "XFV", "q"))  # noqa: E731
    return Recorded(entry, read, (("id",), ("published_parsed",), ("content",)))


RECORDED = {
    make.__name__: make()
    for make in (
        bluesky, mastodon, x, reddit, youtube, facebook, facebook_answer, instagram, threads, google, nhs,
        care_opinion, feeds,
    )
}  # fmt: skip


def places(value: Any, before: Path = ()) -> Iterator[Path]:
    """Yield the path to every part of an item."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield (*before, name)
        yield from places(part, (*before, name))


def changed(value: Any, path: Path, odd: Any) -> Any:
    copy = deepcopy(value)
    holder = copy
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = odd
    return copy


def is_akin(path: Path, other: Path) -> bool:
    return is_below(path, other) or is_below(other, path)


def is_below(path: Path, other: Path) -> bool:
    return path[: len(other)] == other


@pytest.mark.parametrize("source", sorted(RECORDED))
def test_a_recorded_item_is_read_whole(source):
    recorded = RECORDED[source]
    (comment,) = [item for item in recorded.read(recorded.item) if isinstance(item, Comment)][:1]
    assert "A kind nurse on Kestrel Ward" in comment.text


@pytest.mark.parametrize("source", sorted(RECORDED))
@given(data=st.data())
def test_a_part_that_is_odd_costs_that_part_and_not_the_post(source, data):
    recorded = RECORDED[source]
    paths = [path for path in places(recorded.item) if not any(is_akin(path, must) for must in recorded.whole)]
    path, odd = data.draw(st.sampled_from(paths)), data.draw(st.sampled_from(ODD))
    found = recorded.read(changed(recorded.item, path, odd))
    if any(is_below(path, shut) for shut in recorded.refuses_by) and isinstance(found[0], Refused):
        return
    assert isinstance(found[0], Comment), (path, odd, found)
    assert "A kind nurse on Kestrel Ward" in found[0].text
    assert all(isinstance(value, str) for value in (*found[0].hashtags, *found[0].mentions, *found[0].link_domains))
    for name in "native_id author_id author_handle title language site_code in_reply_to reshare_of".split():
        assert isinstance(getattr(found[0], name), str | None), name
    assert all(isinstance(moment, datetime | None) for moment in (found[0].posted_at, found[0].edited_at))


def checking(source: str) -> Connector:
    kind = registry.connector(source)
    assert kind is not None
    places = {"instances": ["https://a.example"]} if source == "mastodon" else {}
    block = kind.block_type.model_construct(queries=(), limits=None, **places)
    return kind(block, "XFV", defaultdict(str))


CHECKS = {
    "bluesky": (["at://a/app.bsky.feed.post/1"], "posts", {"uri": "at://a/app.bsky.feed.post/2"}),
    "youtube": (["Ugx1"], "items", {"id": "Ugx2"}),
    "reddit": (["t3_1"], "children", {"kind": "t3", "data": {"name": "t3_2", "title": "A walk"}}),
    "mastodon": (["https://a.example/users/b/statuses/1"], None, {"uri": "https://a.example/users/b/statuses/2"}),
    "instagram": (["tagged:178:1"], "data", {"id": "2"}),
}


@pytest.mark.parametrize("source", CHECKS)
@pytest.mark.parametrize("odd", [None, {}, "", "x", 0, [None], [[]], [{}], ["x", {}]], ids=repr)
def test_an_answer_that_is_no_list_of_posts_is_no_list_of_deletions(source, odd):
    native_ids, field, another = CHECKS[source]
    connector = checking(source)

    def answer(rows):
        content = {field: rows} if field else rows
        return Answer({"data": content} if source == "reddit" else content, {})

    assert connector.gone(native_ids, answer([another])) == set(native_ids)
    if odd is None and source == "mastodon":
        return  # the server itself says that there is nothing
    with pytest.raises((TypeError, KeyError, AttributeError, AnswerUnreadable)):
        connector.gone(native_ids, answer(odd))


@pytest.mark.parametrize("moment", [1e308, 10**30, -(10**30), float("nan")])
def test_a_moment_beyond_every_calendar_costs_its_own_thread(moment):
    thread = {"id": "T", "snippet": {"topLevelComment": {"id": "U", "snippet": {"publishedAt": moment}}}}
    connector = checking("youtube")
    asked = Asked(Query(id="q", places=("UC1",)), WEEK, Request("https://x/youtube/v3/commentThreads", {}))
    (item,) = connector.read(Answer({"items": [thread]}, {}), asked).items
    assert isinstance(item, Rejected)
