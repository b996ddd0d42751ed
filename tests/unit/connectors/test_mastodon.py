"""Mastodon: what several servers show becomes comments once, as the SDK reads them too, and only where it may."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.fixtures.asking import UNTIL, WEEK, ask, fetching
from wordround.connectors import registry
from wordround.connectors.asking.contract import Answer, Asked, Request, Window
from wordround.demo.standins.mastodon import TOKEN, Mastodon, limits
from wordround.demo.standins.world import NOON, Post, posts

QUERY = {"id": "tag", "hashtags": ["FernvaleNHS"]}


def asking(*standins, window=WEEK, queries=(QUERY,), token=None, **block):
    """Ask the servers; with a token the first of them is searched."""
    addresses = [one.address for one in standins]
    search = {"searches_at": addresses[0]} if token else {}
    secrets = {"token": token} if token else {}
    return ask("mastodon", "", secrets, list(queries), window, instances=addresses, **search, **block)


def driving(*standins, queries=(QUERY,)):
    return fetching("mastodon", "", {}, list(queries), instances=[one.address for one in standins])


def reading(standin, *statuses):
    """Read a page of a timeline as the server would answer it."""
    with driving(standin) as (driver, _):
        request = Request(f"{standin.address}/api/v1/timelines/tag/FernvaleNHS", {"limit": 40}, about="")
        asked = Asked(driver.connector.block.queries[0], WEEK, request)
        return driver.connector.read(Answer(list(statuses), {}), asked).items


def post(number: int, text: str = "A kind nurse on Kestrel Ward #FernvaleNHS", **more) -> Post:
    return Post(f"0{number}", text, NOON - timedelta(minutes=number), **more)


def test_the_sdk_reads_the_stand_in_and_finds_the_same_posts_as_the_connector():
    import mastodon

    world = [*posts(130), post(1, quote_of="10000001"), post(2, reply_to="10000002"), post(3, language="cy")]
    world += [post(4, title="About food"), post(5, edited_at=NOON)]
    with Mastodon(world) as standin:
        found = asking(standin).by_id
        client = mastodon.Mastodon(api_base_url=standin.address, ratelimit_method="throw", version_check_mode="none")
        page, theirs = client.timeline_hashtag("FernvaleNHS", limit=40), {}
        while page:
            theirs |= {status.uri: status for status in page}
            page = client.fetch_next(page)
    assert found.keys() == theirs.keys()
    assert len(found) == 135
    for uri, status in theirs.items():
        mine = found[uri]
        assert mine.author_handle == f"{status.account.acct}@{standin.host}"
        assert (mine.posted_at, mine.edited_at) == (status.created_at, status.edited_at)
        assert (mine.language, mine.title or "") == (status.language, status.spoiler_text)
        assert (mine.likes, mine.shares, mine.replies) == (
            status.favourites_count,
            status.reblogs_count,
            status.replies_count,
        )
        assert mine.reshare_of == (status.quote.quoted_status.uri if status.quote else None)
        assert (mine.kind == "reply") == (status.in_reply_to_id is not None)
        assert mine.text.split("#")[0] in status.content
    assert {one.text for one in found.values()} == {one.text for one in world}


def test_the_sdk_finds_by_search_what_the_connector_finds():
    import mastodon

    with Mastodon(posts(60)) as standin:
        found = asking(standin, token=TOKEN, queries=[{"id": "named", "phrases": ["Memory Clinic"]}]).by_id
        client = mastodon.Mastodon(api_base_url=standin.address, access_token=TOKEN, version_check_mode="none")
        asked = {"result_type": "statuses", "resolve": False, "exclude_unreviewed": False, "limit": 40}
        theirs = client.search_v2('"Memory Clinic"', **asked).statuses
    assert found.keys() == {status.uri for status in theirs}
    assert found


def test_short_and_empty_pages_rows_out_of_order_and_rows_shown_twice_lose_nothing():
    with Mastodon(posts(500)) as standin:
        standin.short_every, standin.empty_every, standin.is_unsorted, standin.repeats = 2, 3, True, True
        run = asking(standin)
    assert len(run.by_id) == 500
    assert run.account.reaches[0].answered_from == WEEK.since


@pytest.mark.parametrize("repeats", [False, True])
def test_a_server_that_names_no_next_page_is_asked_for_what_is_older_than_its_last_row(repeats):
    with Mastodon(posts(100)) as standin:
        standin.has_no_links, standin.repeats = True, repeats
        run = asking(standin)
    assert len(run.by_id) == 100
    assert run.failures == []


def test_paging_ends_with_the_window_also_where_nothing_on_a_page_may_be_kept():
    world = [one.but(is_bot=True, edited_at=NOON) for one in posts(400, every=timedelta(hours=1))]
    with Mastodon(world) as standin:
        run = asking(standin, window=Window(NOON - timedelta(hours=50), NOON))
        assert run.refused == ["bot"] * 50
        assert len(standin.asked("timelines")) == 3


def test_paging_backwards_stops_at_the_window_and_brings_nothing_from_outside_it():
    with Mastodon([*posts(400, every=timedelta(hours=1)), post(1, is_bot=True)]) as standin:
        run = asking(standin, window=Window(NOON - timedelta(hours=90), NOON - timedelta(hours=50)))
        assert len(run.by_id) == 40
        assert run.refused == []
        assert len(standin.asked("timelines")) <= 4


def test_a_post_that_several_servers_show_is_one_comment_by_its_address_whichever_of_them_shows_it():
    with ExitStack() as stack:
        home = stack.enter_context(Mastodon(posts(50)))
        other = stack.enter_context(Mastodon(posts(20, seed=2), knows=(home,), prefix="77"))
        run = asking(home, other)
        home.misbehave("status", status=403, times=99, body={"error": "This is closed today"})
        federated = asking(home, other)
    assert len(run.by_id) == 70
    assert len(run.comments) == 120
    assert federated.by_id.keys() == run.by_id.keys()
    named = {uri: comment.author_id for uri, comment in run.by_id.items()}
    assert named == {uri: comment.author_id for uri, comment in federated.by_id.items()}


def test_a_server_that_refuses_does_not_stop_the_others_and_the_window_is_asked_again():
    with ExitStack() as stack:
        first, second = stack.enter_context(Mastodon(posts(5))), stack.enter_context(Mastodon(posts(7, seed=2)))
        first.wants_token = True
        run = asking(first, second)
    assert len(run.by_id) == 7
    (failure,) = run.failures
    assert failure.startswith(f"SourceRefused: query 'tag' at {first.host}: ")
    assert "This method requires an authenticated user" in failure
    reach = run.account.reaches[0]
    assert (reach.error, reach.answered_from, reach.is_closed) == ("SourceRefused", None, False)


def test_a_post_written_on_a_server_that_is_not_listed_is_counted_and_not_kept():
    with ExitStack() as stack:
        stranger = stack.enter_context(Mastodon(posts(3, seed=2)))
        listed = stack.enter_context(Mastodon(posts(4), knows=(stranger,), prefix="77"))
        run = asking(listed)
        assert len(run.by_id) == 4
        assert run.refused == ["not_permitted"] * 3
        assert stranger.calls == []


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"is_private": True}, "not_public"),
        ({"extra": {"visibility": "direct"}}, "not_public"),
        ({"extra": {"visibility": "visibility of tomorrow"}}, "not_public"),
        ({"extra": {"visibility": "unlisted"}}, "opted_out"),
        ({"is_bot": True}, "bot"),
        ({"is_opted_out": True}, "opted_out"),
        ({"extra": {"discoverable": False}}, "not_discoverable"),
        ({"extra": {"note": "Fern lover, #NoBot please"}}, "opted_out"),
        ({"extra": {"note": "#noindex"}}, "opted_out"),
    ],
)
def test_what_is_not_public_and_who_does_not_want_to_be_read_is_counted_and_not_kept(how, reason):
    with Mastodon([post(1, **how), post(2, extra={"discoverable": None, "note": "I say #nobody is a bot"})]) as standin:
        run = asking(standin)
    assert run.refused == [reason]
    assert len(run.comments) == 1


def test_who_does_not_want_to_be_searched_is_kept_from_a_hashtag_and_not_from_a_search():
    queries = [QUERY, {"id": "named", "phrases": ["Kestrel Ward"]}]
    with Mastodon([post(1, extra={"indexable": False})]) as standin:
        run = asking(standin, token=TOKEN, queries=queries)
    assert [comment.query_id for comment in run.comments] == ["tag"]
    assert dict(run.driver.accounts[1].refused) == {"opted_out": 1}


def test_a_boost_is_a_reshare_and_what_it_boosts_comes_along_unless_it_may_not():
    world = [post(1, "#FernvaleNHS thanks", author="bob", repost_of="09"), post(9)]
    with Mastodon(world) as standin:
        boost, original = reading(standin, standin.status(world[0]))
        private = standin.status(world[0]) | {"reblog": standin.status(world[1].but(is_private=True))}
        refused = reading(standin, private)[1]
    assert (boost.text, boost.title, boost.reshare_of) == (None, None, original.native_id)
    assert boost.author_id != original.author_id
    assert original.text == world[1].text
    assert refused.reason == "not_public"


def test_a_quote_names_what_it_quotes_only_where_that_author_let_it_be():
    quoting = [
        post(1, quote_of="09"),
        post(2, quote_of="09", extra={"quote_state": "revoked"}),
        post(3, "", quote_of="09"),
    ]
    with Mastodon([*quoting, post(9)]) as standin:
        worded, revoked, bare = reading(standin, *map(standin.status, quoting))
        assert (worded.kind, worded.reshare_of, worded.text) == ("quote", standin.uri_of("09"), quoting[0].text)
        assert (revoked.kind, revoked.reshare_of) == ("post", None)
        assert (bare.text, bare.reshare_of) == (None, standin.uri_of("09"))


def test_a_reply_names_its_parent_where_the_server_says_enough():
    world = [
        post(1, reply_to="08", author="bob", extra={"to": "bob"}),
        post(2, reply_to="03"),
        post(3),
        post(4, reply_to="unknown"),
    ]
    with Mastodon(world) as standin:
        own, other, first, unknown = reading(standin, *map(standin.status, world))
        assert own.in_reply_to == standin.uri_of("08", "bob")
        assert other.in_reply_to == first.native_id
        assert (unknown.kind, unknown.in_reply_to) == ("reply", None)


def test_text_is_plain_its_warning_is_the_title_and_of_a_link_only_its_domain_is_kept():
    text = "Fish & chips < 3 on Heron Ward\nhttps://blog.example.co.uk/a/b?c=d #FernvaleNHS thanks @camhs"
    with Mastodon([post(1, text, title="About\u00a0food", links=("https://blog.example.co.uk/a/b?c=d",))]) as standin:
        comment = asking(standin).comments[0]
        assert comment.mentions == (f"camhs@{standin.host}",)
    assert comment.text == text.replace("https://", "")
    assert (comment.title, comment.link_domains, comment.hashtags) == (
        "About food",
        ("example.co.uk",),
        ("FernvaleNHS",),
    )


def test_a_country_is_that_of_the_place_that_a_post_of_pixelfed_declares():
    world = [post(1, extra={"country": "United Kingdom"}), post(2), post(3, extra={"country": ["Ireland"]})]
    with Mastodon(world) as standin:
        assert [one.country for one in reading(standin, *map(standin.status, world))] == [None] * 3
        standin.software = "pixelfed"
        assert [one.country for one in reading(standin, *map(standin.status, world))] == ["United Kingdom", None, None]
        odd = standin.status(world[0]) | {"place": "United Kingdom", "language": "cy"}
        assert reading(standin, odd)[0].country is None


def test_an_edit_is_told_and_does_not_move_the_post_to_another_place_in_the_listing():
    edited = post(1).but(posted_at=WEEK.since - timedelta(days=2), edited_at=NOON)
    with Mastodon([*posts(60), edited, *posts(80, seed=3, until=WEEK.since - timedelta(days=3))]) as standin:
        run = asking(standin)
    assert run.by_id[standin.uri_of("01")].edited_at == NOON
    assert len(run.by_id) == 61
    assert len(standin.asked("timelines")) == 3


def test_each_hashtag_is_a_listing_because_not_every_server_takes_several():
    tags = [f"Fern{number}" for number in range(7)]
    with Mastodon([post(number, f"Good #Fern{number}") for number in range(7)]) as standin:
        run = asking(standin, queries=[{"id": "many", "hashtags": tags}])
        assert len(run.by_id) == 7
        assert len({call.path for call in standin.asked("timelines")}) == 7


def test_an_account_is_searched_by_name_and_only_posts_that_mention_just_that_one_are_kept():
    with Mastodon([]) as standin:
        standin.posts = [
            post(1, f"Thanks @fernvale@{standin.host} for calling"),
            post(2, "Thanks @fernvale@another.example.test for calling"),
            post(3, "Thanks @fernvale for calling"),
        ]
        run = asking(standin, token=TOKEN, queries=[{"id": "who", "accounts": [f"@Fernvale@{standin.host}"]}])
        assert run.by_id.keys() == {standin.uri_of("01"), standin.uri_of("03")}


def test_a_search_pages_to_its_end_and_asks_only_about_the_days_of_the_window():
    old = posts(50, seed=5, until=WEEK.since - timedelta(days=9))
    with Mastodon([*posts(130), *old]) as standin:
        run = asking(standin, token=TOKEN, queries=[{"id": "visits", "phrases": ["Visit"]}])
        assert len(run.by_id) == 130
        assert len(standin.asked("search")) == 5


def test_a_token_goes_to_the_server_that_gave_it_and_to_no_other():
    with ExitStack() as stack:
        ours, other = stack.enter_context(Mastodon(posts(1))), stack.enter_context(Mastodon(posts(1, seed=2)))
        ours.wants_token = True
        assert len(asking(ours, other, token=TOKEN).by_id) == 2
        assert ours.calls[0].headers["authorization"] == f"Bearer {TOKEN}"
        assert "authorization" not in other.calls[0].headers


def test_a_wrong_token_is_refused_in_the_servers_own_words_and_without_the_token():
    with Mastodon(posts(3)) as standin:
        run = asking(standin, token="wrong-token-1234567890")
    assert "The access token is invalid" in run.failures[0]
    assert run.failures[0].startswith("SourceRefused: ")
    assert "wrong-token" not in run.failures[0]


@pytest.mark.parametrize(
    ("happens", "how", "words"),
    [
        ("redirect", {}, "SourceRefused"),
        ("page", {}, "SourceRefused"),
        ("status", {"status": 403, "body": {"error": "Limited"}}, "Limited"),
        ("half", {"times": 9}, "AnswerUnreadable"),
        ("cut", {"times": 9}, "SourceDown"),
    ],
)
def test_a_server_that_does_not_answer_as_it_should_is_a_named_failure_after_what_came_before(happens, how, words):
    with Mastodon(posts(90)) as standin:
        standin.misbehave(happens, on="timelines", after=1, **how)
        run = asking(standin)
    assert len(run.by_id) == 40
    assert words in run.failures[0]
    assert run.account.reaches[0].answered_from == NOON


def test_a_spent_limit_is_waited_out_until_the_time_that_the_server_names():
    with Mastodon(posts(130)) as standin:
        standin.misbehave("status", after=2, status=429, headers=limits(0, 70), body={"error": "Too many requests"})
        standin.limits = lambda: limits(0 if len(standin.calls) == 1 else 200, 40)
        run = asking(standin)
    assert len(run.by_id) == 130
    assert any(35 < seconds <= 40 for seconds in run.rested)
    assert any(65 < seconds <= 70 for seconds in run.rested)


def test_what_cannot_be_read_costs_its_own_row_and_nothing_of_it_is_kept():
    with Mastodon([post(1)]) as standin:
        whole = standin.status(post(1))
        broken = whole | {"created_at": "yesterday, by A. Person"}
        items = reading(standin, whole, broken, {}, "A. Person", whole | {"account": None})
    assert [type(item).__name__ for item in items] == ["Comment", *["Rejected"] * 2, "Rejected", "Refused"]
    assert all("Person" not in repr(item) for item in items)


def test_what_is_gone_is_found_at_its_home_and_a_server_that_fails_does_not_stop_the_others():
    world = [post(1), post(2, is_deleted=True), post(3, is_private=True), post(4, is_opted_out=True), *posts(45)]
    with ExitStack() as stack:
        home = stack.enter_context(Mastodon(world))
        down = stack.enter_context(Mastodon([post(1), post(2, is_deleted=True)]))
        third = stack.enter_context(Mastodon([post(5, is_deleted=True)]))
        down.misbehave("status", status=401, times=99, body={"error": "Closed"})
        ids = [standin.uri_of(one.id, one.author) for standin in (home, down, third) for one in standin.posts]
        gone: set[str] = set()
        with driving(home, down, third) as (driver, _), pytest.raises(Exception, match="Closed"):
            for _, _, some in driver.gone(ids):
                gone |= some
        assert gone == {home.uri_of("02"), home.uri_of("03"), home.uri_of("04"), third.uri_of("05")}
        # One asks whether it gives several at once.
        assert len(home.asked("statuses")) == 1 + 3


def test_an_answer_that_is_no_list_of_posts_makes_nothing_gone():
    with Mastodon(posts(3)) as standin, driving(standin) as (driver, _):
        standin.misbehave("status", status=200, body={"message": "under construction"})
        with pytest.raises(Exception, match="no such server answers"):
            list(driver.gone([standin.uri_of(one.id, one.author) for one in standin.posts]))


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ({"queries": [QUERY]}, "instances"),
        ({"queries": [QUERY], "instances": ["http://fern.example.test"]}, "https://"),
        ({"queries": [QUERY], "instances": ["https://fern.example.test/about"]}, "without a path"),
        ({"queries": [QUERY], "address": "https://fern.example.test"}, "address"),
        ({"queries": [QUERY], "instances": ["https://a.test"], "searches_at": "https://b.test"}, "one of"),
        ({"queries": [{"id": "p", "phrases": ["Heron Ward"]}], "instances": ["https://a.test"]}, "searches_at"),
        ({"queries": [{"id": "p", "places": ["local"]}], "instances": ["https://a.test"]}, "cannot be asked by places"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_what_to_do(block, says):
    with pytest.raises(ValidationError, match=says):
        registry.blocks()["mastodon"].model_validate(block)


@settings(max_examples=20, deadline=None)
@given(
    count=st.integers(0, 200),
    short=st.integers(0, 4),
    empty=st.integers(0, 4),
    unsorted=st.booleans(),
    repeats=st.booleans(),
)
def test_however_pages_come_the_same_posts_arrive(count, short, empty, unsorted, repeats):
    with Mastodon(posts(count)) as standin:
        standin.short_every, standin.empty_every, standin.is_unsorted, standin.repeats = short, empty, unsorted, repeats
        run = asking(standin, window=Window(datetime(2026, 1, 1, tzinfo=UTC), UNTIL))
        assert run.by_id.keys() == {standin.uri_of(one.id, one.author) for one in standin.posts}
