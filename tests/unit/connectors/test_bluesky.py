"""Bluesky: what a search gives becomes comments, as the SDK reads it too, and whatever the server does on the way."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fixtures.asking import UNTIL, WEEK, ask, fetching, gone_of
from wordround.connectors.asking.contract import Answer, Asked, Request, Window
from wordround.demo.standins.bluesky import LOGIN, PASSWORD, Bluesky, did_of, limits, uri_of
from wordround.demo.standins.bluesky_views import view
from wordround.demo.standins.world import NOON, Post, posts

SECRETS = {"login": LOGIN, "password": PASSWORD}
QUERY = {"id": "tag", "hashtags": ["FernvaleNHS"]}


def asking(standin, window=WEEK, queries=(QUERY,), **block):
    return ask("bluesky", standin.address, SECRETS, list(queries), window, **block)


def post(number: int, text: str = "A kind nurse on Kestrel Ward #FernvaleNHS", **more) -> Post:
    return Post(f"p{number}", text, NOON - timedelta(minutes=number), **more)


def test_the_sdk_reads_the_stand_in_and_finds_the_same_posts_as_the_connector():
    from atproto import Client

    world = [*posts(230), post(1, quote_of="0001"), post(2, reply_to="0002"), post(3, language="cy")]
    with Bluesky(world) as standin:
        found = asking(standin).by_id
        client = Client(base_url=f"{standin.address}/xrpc")
        client.login(LOGIN, PASSWORD, fetch_bsky_profile=False)
        theirs, cursor = {}, None
        while True:
            params = {"q": "#FernvaleNHS", "tag": ["FernvaleNHS"], "sort": "latest", "limit": 100, "cursor": cursor}
            page = client.app.bsky.feed.search_posts(params)
            theirs |= {view.uri: view for view in page.posts}
            cursor = page.cursor
            if not cursor:
                break
    assert found.keys() == theirs.keys()
    assert len(found) == 233
    for uri, seen in theirs.items():
        mine = found[uri]
        assert mine.text == seen.record.text
        assert mine.author_id == seen.author.did
        assert mine.posted_at == datetime.fromisoformat(seen.record.created_at)
        assert mine.language == seen.record.langs[0]
        assert (mine.likes, mine.shares, mine.replies) == (seen.like_count, seen.repost_count, seen.reply_count)
        assert mine.in_reply_to == (seen.record.reply.parent.uri if seen.record.reply else None)
        assert mine.reshare_of == (seen.record.embed.record.uri if seen.record.embed else None)
        assert mine.hashtags == ("FernvaleNHS",)


def test_short_and_empty_pages_rows_out_of_order_and_rows_shown_twice_lose_nothing():
    with Bluesky(posts(950)) as standin:
        standin.short_every, standin.empty_every, standin.is_unsorted, standin.repeats = 2, 3, True, True
        run = asking(standin)
    assert len(run.by_id) == 950
    assert len(run.comments) > 950
    assert run.account.reaches[0].answered_from == WEEK.since


def test_a_search_that_ends_at_its_wall_goes_on_before_it():
    with Bluesky(posts(2_600, every=timedelta(minutes=3))) as standin:
        standin.wall = 1_000
        with fetching("bluesky", standin.address, SECRETS, [QUERY]) as (driver, _):
            driver.connector.wall = 1_000
            items = [item for page in driver.collect([(driver.connector.block.queries[0], [WEEK])]) for item in page]
        assert len({item.native_id for item in items}) == 2_600
        reach = driver.accounts[0].reaches[0]
        assert (reach.cut, reach.answered_from) == (None, WEEK.since)


def test_more_posts_in_one_second_than_a_search_shows_are_a_cut_that_the_account_tells():
    with Bluesky(posts(300, every=timedelta(0))) as standin:
        standin.wall = 200
        with fetching("bluesky", standin.address, SECRETS, [QUERY]) as (driver, _):
            driver.connector.wall = 200
            list(driver.collect([(driver.connector.block.queries[0], [WEEK])]))
        reach = driver.accounts[0].reaches[0]
        assert (reach.cut, reach.answered_from) == ("wall", NOON)


@pytest.mark.parametrize(
    ("claimed", "received", "held", "is_corrected"),
    [
        (NOON, NOON + timedelta(seconds=3), NOON, False),
        (NOON + timedelta(hours=9), NOON, NOON, True),
        (NOON - timedelta(days=400), NOON, NOON, True),
        (NOON - timedelta(hours=2), NOON, NOON - timedelta(hours=2), False),
    ],
)
def test_a_forged_date_gives_way_to_the_moment_at_which_the_network_saw_the_post(claimed, received, held, is_corrected):
    with Bluesky([Post("1", "Lovely team #FernvaleNHS", claimed, received_at=received)]) as standin:
        comment = asking(standin, Window(datetime(2025, 1, 1, tzinfo=UTC), UNTIL)).comments[0]
    assert (comment.posted_at, comment.is_date_corrected) == (held, is_corrected)


def test_who_asked_not_to_be_read_and_bots_are_counted_and_not_kept():
    with Bluesky([post(1, is_opted_out=True), post(2, is_bot=True), post(3)]) as standin:
        run = asking(standin)
    assert run.refused == ["bot", "opted_out"]
    assert [comment.native_id for comment in run.comments] == [uri_of("p3")]
    assert dict(run.account.refused) == {"bot": 1, "opted_out": 1}


def test_a_quote_with_nothing_added_is_a_reshare_and_one_with_words_a_comment():
    page = read([post(1, text="", quote_of="p9"), post(2, quote_of="p9")])
    bare, worded = page.items
    assert (bare.text, bare.reshare_of) == (None, uri_of("p9"))
    assert (worded.kind, worded.reshare_of) == ("quote", uri_of("p9"))


def read(world, change=lambda view: [view]):
    """What the connector reads of these posts, once their views were changed."""
    views = [one for each in world for one in change(view(each, {}))]
    with fetching("bluesky", "http://127.0.0.1:1", SECRETS, [QUERY]) as (driver, _):
        asked = Asked(driver.connector.block.queries[0], WEEK, Request("http://127.0.0.1:1"))
        return driver.connector.read(Answer({"posts": views}, {}), asked)


def test_a_link_beside_a_quote_and_a_hashtag_beside_the_text_are_read_too():
    card = {"$type": "app.bsky.embed.external", "external": {"uri": "https://news.example.co.uk/a", "title": "A"}}

    def with_a_card(shown):
        embed = {"$type": "app.bsky.embed.recordWithMedia", "record": shown["record"]["embed"], "media": card}
        return [shown | {"record": shown["record"] | {"embed": embed}}]

    [comment] = read([post(1, text="Read this", quote_of="p9", extra={"tags": ["FernvaleNHS"]})], with_a_card).items
    assert (comment.kind, comment.reshare_of) == ("quote", uri_of("p9"))
    assert (comment.link_domains, comment.hashtags) == (("example.co.uk",), ("FernvaleNHS",))


def test_a_hashtag_that_stands_only_beside_the_text_is_searched_too():
    with Bluesky([post(1, text="Read this", extra={"tags": ["fernvaleNHS"]})]) as standin:
        assert [comment.hashtags for comment in asking(standin).comments] == [("fernvaleNHS",)]


def test_an_edit_of_the_same_day_changes_the_text_and_not_the_date():
    edited = post(1, text="Four hours #FernvaleNHS", edited_at=NOON + timedelta(hours=3))
    with Bluesky([edited]) as standin:
        [comment] = asking(standin).comments
    assert (comment.posted_at, comment.is_date_corrected) == (edited.posted_at, False)


@pytest.mark.parametrize("header", ["", "Bearer a.b.c", "Basic YTpi"])
def test_the_sdk_understands_a_refusal_of_the_stand_in(header):
    from atproto import Client
    from atproto.exceptions import AtProtocolError

    with Bluesky(posts(1)) as standin:
        client = Client(base_url=f"{standin.address}/xrpc")
        with pytest.raises(AtProtocolError) as refusal:
            client.app.bsky.feed.search_posts({"q": "x"}, headers={"Authorization": header} if header else {})
    assert refusal.value.response.content.error == ("InvalidToken" if header else "AuthMissing")


def test_accounts_phrases_and_links_are_found_and_of_a_link_only_its_domain_is_kept():
    world = [
        post(1, text="Thanks @camhs.fernvale.example.test for listening"),
        post(
            2,
            text="Fernvale Hospital lost my notes https://blog.example.co.uk/a/b?c=d",
            links=("https://blog.example.co.uk/a/b?c=d",),
        ),
        post(3, text="Nothing of the kind"),
        post(
            4,
            text="Fernvale Hospital sent me to https://www.nhs.uk/sleep and https://111.nhs.uk/",
            links=("https://www.nhs.uk/sleep", "https://111.nhs.uk/"),
        ),
    ]
    queries = [
        {"id": "who", "accounts": ["@camhs.fernvale.example.test"]},
        {"id": "named", "phrases": ["Fernvale Hospital"]},
    ]
    with Bluesky(world) as standin:
        run = asking(standin, queries=queries)
    first, second, fourth = sorted(run.comments, key=lambda comment: comment.native_id)
    assert first.mentions == ("camhs.fernvale.example.test",)
    assert (second.link_domains, second.query_id) == (("example.co.uk",), "named")
    assert fourth.link_domains == ("nhs.uk", "111.nhs.uk")


def test_what_cannot_be_read_costs_its_own_row_and_nothing_of_it_is_kept():
    page = read([post(1)], lambda view: [view, view | {"indexedAt": "yesterday, by A. Person"}, {}])
    assert [type(item).__name__ for item in page.items] == ["Comment", "Comment", "Refused"]
    assert [item.is_date_corrected for item in page.items[:2]] == [False, True]
    assert all("Person" not in repr(item) for item in page.items)


@pytest.mark.parametrize("ends", ["expired", "unknown"])
def test_a_session_that_ends_on_the_way_is_opened_again(ends):
    with Bluesky(posts(300)) as standin, fetching("bluesky", standin.address, SECRETS, [QUERY]) as (driver, _):
        pages = driver.collect([(driver.connector.block.queries[0], [WEEK])])
        items = next(pages)
        standin.over, standin.tokens = (standin.tokens if ends == "expired" else set()), set()
        items += [item for page in pages for item in page]
    assert len({item.native_id for item in items}) == 300
    assert (len(standin.asked("createSession")), driver.failures) == (2, [])


def test_the_limit_of_signing_in_does_not_hold_up_the_search():
    with Bluesky(posts(3)) as standin:
        standin.sign_ins_left = 0
        run = asking(standin)
    assert (len(run.comments), run.rested) == (3, [])


def test_an_account_that_is_deactivated_reads_and_one_that_is_taken_down_is_refused():
    with Bluesky(posts(3)) as standin:
        standin.is_deactivated = True
        assert len(asking(standin).comments) == 3
        standin.is_taken_down = True
        assert "Account has been taken down (HTTP 401)" in asking(standin).failures[0]


def test_a_wrong_password_is_refused_in_the_sources_own_words_and_without_the_password():
    with Bluesky(posts(3)) as standin:
        run = ask("bluesky", standin.address, {"login": LOGIN, "password": "wrong-password-1234"}, [QUERY])
    assert run.items == []
    assert "Invalid identifier or password" in run.failures[0]
    assert run.failures[0].startswith("SourceRefused: ")
    assert "wrong-password" not in run.failures[0]
    assert run.account.reaches[0].is_closed is False


def test_a_spent_limit_is_waited_out_and_a_429_for_as_long_as_it_says():
    with Bluesky(posts(250)) as standin:
        standin.misbehave(
            "status",
            on="searchPosts",
            after=1,
            status=429,
            headers={"Retry-After": "17"},
            body={"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"},
        )
        standin.limits = lambda: limits(0 if len(standin.calls) == 2 else 100, 40)
        run = asking(standin)
    assert len(run.by_id) == 250
    assert any(35 < seconds <= 40 for seconds in run.rested)
    assert 17 in run.rested


def test_somebody_who_is_gone_is_found_by_asking_again():
    world = [post(1), post(2, is_deleted=True), post(3, is_opted_out=True), *posts(60)]
    with Bluesky(world) as standin, fetching("bluesky", standin.address, SECRETS, [QUERY]) as (driver, _):
        gone = gone_of(driver, [uri_of(each.id, each.author) for each in world])
        assert gone == {uri_of("p2"), uri_of("p3")}
        assert len(standin.asked("getPosts")) == 3


@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(0, 400),
    short=st.integers(0, 4),
    empty=st.integers(0, 4),
    unsorted=st.booleans(),
    repeats=st.booleans(),
    wall=st.sampled_from([None, 150, 270]),
)
def test_however_pages_come_the_same_posts_arrive(count, short, empty, unsorted, repeats, wall):
    with Bluesky(posts(count)) as standin:
        standin.short_every, standin.empty_every, standin.is_unsorted, standin.repeats = short, empty, unsorted, repeats
        standin.wall = wall
        with fetching("bluesky", standin.address, SECRETS, [QUERY]) as (driver, _):
            driver.connector.wall = wall
            items = [item for page in driver.collect([(driver.connector.block.queries[0], [WEEK])]) for item in page]
    assert {item.native_id for item in items} == {uri_of(each.id, each.author) for each in standin.posts}
    assert did_of("ann").startswith("did:plc:")
