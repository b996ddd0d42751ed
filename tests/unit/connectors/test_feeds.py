"""Feeds: what a blog shows becomes comments, in every dialect, and whatever its server does.

feedparser reads them in the connector; fastfeedparser, a second parser of its own, must find the same entries.
"""

from datetime import timedelta

import fastfeedparser
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fixtures.asking import WEEK, ask, fetching, gone_of
from wordround.connectors import registry
from wordround.connectors.asking.contract import Asked, Window
from wordround.demo.standins.feeds import PATH, Feeds
from wordround.demo.standins.world import NOON, Post, posts
from wordround.errors import SourceRefused

# No feed is asked for at an address of the whole source.
NOWHERE = "http://127.0.0.1:1"
DIALECTS = ["rss2", "rss091", "rss1", "atom"]


def query(standin, path=""):
    return {"id": "blog", "places": [f"{standin.address}{path or standin.path}"]}


def asking(standin, window=WEEK, **block):
    return ask("feeds", NOWHERE, {}, [query(standin)], window, **block)


def entry(number: int, text: str = "The <b>ward</b> was calm. #kind", **more) -> Post:
    return Post(f"e{number}", text, NOON - timedelta(hours=number), **more)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_another_parser_finds_the_same_entries_at_the_same_moments(dialect):
    with Feeds(posts(8)) as standin:
        standin.dialect = dialect
        found = asking(standin).by_id
        theirs = fastfeedparser.parse(httpx.get(f"{standin.address}{PATH}").content).entries
    assert len(found) == len(theirs) == 8
    assert {one["id"] if one.get("id") else one["link"] for one in theirs} == found.keys()
    for one in theirs:
        mine = found[one.get("id") or one["link"]]
        assert f"{mine.posted_at:%Y-%m-%dT%H:%M:%S}" == one["published"][:19]


def test_an_entry_is_read_whole_and_as_text_and_its_author_is_not():
    with Feeds(
        [
            entry(
                1,
                'Calm.<script>x()</script> <a href="https://b.example.co.uk/1">Mine</a> #kind',
                title="Re: A &amp; B",
                replies=3,
            )
        ]
    ) as standin:
        comment = asking(standin).comments[0]
    assert (comment.native_id, comment.kind) == ("tag:blog.example.test,e1", "blog_comment")
    assert (comment.text, comment.title, comment.replies) == ("Calm. Mine #kind", None, 3)
    assert (comment.hashtags, comment.link_domains) == (("kind",), ("example.co.uk",))
    assert (comment.author_id, comment.author_handle) == (None, None)


def test_an_entry_of_atom_says_what_it_answers_its_language_and_when_it_was_changed():
    told = entry(2, language="cy", reply_to="tag:blog,e1", edited_at=NOON)
    with Feeds([told]) as standin:
        standin.dialect = "atom"
        comment = asking(standin).comments[0]
    assert (comment.in_reply_to, comment.language, comment.edited_at) == ("tag:blog,e1", "cy", NOON)
    assert comment.posted_at == told.posted_at


@pytest.mark.parametrize(
    ("path", "title", "is_named", "kind"),
    [
        ("/comments/feed/", "Fernvale", False, "blog_comment"),
        ("/a-story/feed/", "Comments on: A story", False, "blog_comment"),
        ("/feed/", "Fernvale Stories", False, "post"),
        ("/feed/", "Fernvale Stories", True, "blog_comment"),
    ],
)
def test_a_feed_is_of_comments_where_its_address_its_title_or_the_settings_say_so(path, title, is_named, kind):
    with Feeds([entry(1)]) as standin:
        standin.path, standin.title = path, title
        named = [f"{standin.address}{path}"] if is_named else []
        assert asking(standin, comment_feeds=named).comments[0].kind == kind


def test_a_feed_that_shows_only_the_latest_says_from_when_on_it_is_whole():
    with Feeds(posts(40, every=timedelta(hours=6))) as standin:
        run = asking(standin)
        reach = run.account.reaches[0]
        assert (reach.cut, reach.answered_from) == ("wall", NOON - timedelta(hours=54))
        assert reach.is_closed
        standin.shows = 40
        reach = asking(standin).account.reaches[0]
        assert (reach.cut, reach.answered_from) == (None, WEEK.since)


def connector_with(standin, memory):
    block = registry.blocks()["feeds"].model_validate({"queries": [query(standin)]})
    return registry.connector("feeds")(block, "XFV", {}, memory)


def test_a_feed_that_has_not_changed_is_not_sent_again_unless_more_of_it_is_wanted():
    with Feeds([entry(1), entry(2)]) as standin:
        memory = asking(standin).account.memory
        again = connector_with(standin, memory)
        with fetching("feeds", NOWHERE, {}, [query(standin)]) as (driver, _):
            driver.connector.memory = memory
            assert list(driver.collect([(driver.connector.block.queries[0], [WEEK])])) == []
            standin.posts.append(entry(0))
            assert len(next(driver.collect([(driver.connector.block.queries[0], [WEEK])]))) == 3
        earlier = Window(WEEK.since - timedelta(days=9), WEEK.until)
        asked = next(again.asks(again.block.queries[0], earlier))
        assert "If-None-Match" not in asked.headers
        assert Asked(again.block.queries[0], earlier, asked).window == earlier


def test_of_broken_xml_what_could_be_read_is_kept_and_the_feed_is_read_again():
    with Feeds([entry(1), entry(2)]) as standin:
        standin.changes = ("<channel>", "<channel>&nbsp;<b>")
        run = asking(standin)
        assert len(run.comments) == 2
        assert run.account.memory[f"etag {standin.address}{PATH}"] == ""


def test_an_answer_is_never_taken_for_the_name_of_a_file(tmp_path):
    file = tmp_path / "feed.xml"
    with Feeds([entry(1)]) as standin:
        file.write_text(standin.body())
        standin.misbehave("status", status=200, body=str(file))
        assert asking(standin).comments == []


@pytest.mark.parametrize("body", ["", "{}", "<rss version='2.0'><channel><item"])
def test_what_is_no_feed_is_unreadable(body):
    with Feeds() as standin:
        standin.misbehave("status", status=200, body=body)
        run = asking(standin)
    assert run.items == []
    assert run.failures[0].startswith("AnswerUnreadable: ")


@pytest.mark.parametrize(("encoding", "said"), [("utf-8", "iso-8859-1"), ("cp1252", "utf-8")])
def test_an_encoding_that_is_not_the_one_that_was_said_loses_no_entry(encoding, said):
    with Feeds([entry(1, "Café “calm”")]) as standin:
        standin.encoding, standin.said_encoding = encoding, said
        assert len(asking(standin).comments) == 1


@pytest.mark.parametrize("date", ["", "<pubDate>yesterday, A. Person</pubDate>"])
def test_an_entry_without_a_date_takes_that_of_its_feed_or_is_set_aside(date):
    whole = f"<rss version='2.0'><channel><title>t</title>%s<item><guid>1</guid>{date}</item></channel></rss>"
    with Feeds() as standin:
        standin.misbehave("status", status=200, body=whole % "")
        run = asking(standin)
        assert [type(item).__name__ for item in run.items] == ["Rejected"]
        assert "Person" not in repr(run.items)
        dated = "<lastBuildDate>Mon, 23 Nov 2026 12:00:00 GMT</lastBuildDate>"
        standin.misbehave("status", status=200, body=whole % dated)
        comment = asking(standin).comments[0]
    assert (comment.posted_at, comment.is_date_corrected) == (NOON, True)


def test_a_feed_whose_server_asks_not_to_be_indexed_is_counted_and_not_kept():
    with Feeds([entry(1), entry(2)]) as standin:
        standin.robots = "noindex, follow"
        run = asking(standin)
    assert (run.comments, run.refused) == ([], ["opted_out", "opted_out"])


@pytest.mark.parametrize("how", ["locked", "redirect", "page", "gone"])
def test_a_feed_behind_a_door_is_refused(how):
    with Feeds([entry(1)]) as standin:
        if how == "locked":
            standin.is_locked = True
        elif how == "gone":
            standin.misbehave("status", status=410)
        else:
            standin.misbehave(how)
        run = asking(standin)
    assert run.items == []
    assert run.failures[0].startswith("SourceRefused: ")


@pytest.mark.parametrize("address", ["http://blog.example.test/feed", "file:///etc/passwd", "ftp://x.example.test/f"])
def test_an_address_that_is_not_https_is_a_mistake_in_the_settings(address):
    with pytest.raises(ValueError, match="must begin with https"):
        ask("feeds", NOWHERE, {}, [{"id": "blog", "places": [address]}])


def test_an_entry_whose_page_is_gone_is_deleted_and_one_that_the_feed_no_longer_shows_is_not():
    world = [entry(1), entry(2, is_deleted=True), entry(3)]
    with Feeds(world) as standin, fetching("feeds", NOWHERE, {}, [query(standin)]) as (driver, _):
        standin.shows = 1
        links = {post.id: standin.link(post) for post in world}
        never = f"{standin.address}/stories/never#comment-1"
        elsewhere = "https://other.example.test/stories/e1"
        asked = [*links.values(), never, elsewhere, "tag:blog.example.test,e1", "http://[broken"]
        assert gone_of(driver, asked) == {links["e2"], never}


def test_a_blog_that_is_not_there_has_lost_no_entry():
    with Feeds([entry(1)]) as standin:
        asking_there = fetching("feeds", NOWHERE, {}, [query(standin, "/moved/feed/")])
        with asking_there as (driver, _), pytest.raises(SourceRefused):
            gone_of(driver, [f"{standin.address}/stories/never"])


@settings(max_examples=25, deadline=None)
@given(
    texts=st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1), max_size=12
    ),
    dialect=st.sampled_from(DIALECTS),
)
def test_whatever_is_written_in_whatever_dialect_every_entry_arrives_once(texts, dialect):
    world = [entry(number, text.replace("]]>", "")) for number, text in enumerate(texts)]
    with Feeds(world) as standin:
        standin.dialect, standin.shows, standin.is_permalink = dialect, 20, True
        run = asking(standin)
        assert sorted(comment.native_id for comment in run.comments) == sorted(map(standin.link, world))
