"""X: what a search finds becomes comments without authors, as tweepy reads it too, and never dearer than the budget."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.fixtures.asking import ask, fetching, gone_of
from wordround.connectors import registry
from wordround.connectors.asking.contract import Answer, Asked, Request, Window
from wordround.demo.standins.world import Post, posts
from wordround.demo.standins.x import TOKEN, X, id_of, limits

# X looks back seven days from now, whatever day that is.
NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
DAYS = Window(NOW - timedelta(days=6), NOW)
SECRETS = {"bearer_token": TOKEN}
QUERY = {"id": "tag", "hashtags": ["FernvaleNHS"]}


def asking(standin, window=DAYS, queries=(QUERY,), secrets=SECRETS, spent_today=0.0, **block):
    return ask("x", standin.address, secrets, list(queries), window, spent_today, **block)


def world(count: int, **more) -> list[Post]:
    return posts(count, until=NOW - timedelta(minutes=1), **more)


def post(number: int, text: str = "A kind nurse on Kestrel Ward #FernvaleNHS", **more) -> Post:
    return Post(f"{number}", text, NOW - timedelta(minutes=number), **more)


def reading(standin, content):
    with fetching("x", standin.address, SECRETS, [QUERY]) as (driver, _):
        asked = Asked(driver.connector.block.queries[0], DAYS, Request("http://127.0.0.1:1", {}))
        return driver.connector.read(Answer(content, {}), asked)


def sdk(standin):
    import tweepy

    client = tweepy.Client(TOKEN)
    send = client.session.request
    client.session.request = lambda how, url, **more: send(
        how, url.replace("https://api.twitter.com", standin.address), **more
    )
    return client


@pytest.mark.parametrize("vocabulary", ["post", "tweet"])
def test_the_sdk_reads_the_stand_in_and_finds_the_same_posts_as_the_connector(vocabulary):
    import tweepy

    some = [*world(230), post(300, quote_of="10000001"), post(301, reply_to="10000002"), post(302, language="cy")]
    with X(some) as standin:
        found = asking(standin, vocabulary=vocabulary).by_id
        fields = ["created_at", "public_metrics", "referenced_tweets", "lang", "author_id", "entities"]
        when = {"start_time": DAYS.since, "end_time": DAYS.until}
        pages = tweepy.Paginator(
            sdk(standin).search_recent_tweets,
            "#FernvaleNHS",
            tweet_fields=fields,
            expansions=["author_id"],
            max_results=100,
            **when,
        )
        theirs = {str(one.id): one for page in pages for one in page.data}
    assert found.keys() == theirs.keys()
    assert len(found) == 233
    for native_id, tweet in theirs.items():
        mine = found[native_id]
        assert (mine.text, mine.language, mine.posted_at) == (tweet.text, tweet.lang, tweet.created_at)
        counts = tweet.public_metrics
        assert (mine.likes, mine.shares, mine.replies) == (
            counts["like_count"],
            counts["retweet_count"],
            counts["reply_count"],
        )
        assert (mine.quotes, mine.views) == (counts["quote_count"], counts["impression_count"])
        referred = {one.type: str(one.id) for one in tweet.referenced_tweets or ()}
        assert (mine.in_reply_to, mine.reshare_of) == (referred.get("replied_to"), referred.get("quoted"))


def test_short_and_empty_pages_rows_out_of_order_and_rows_shown_twice_lose_nothing():
    with X(world(850)) as standin:
        standin.short_every, standin.empty_every, standin.is_unsorted, standin.repeats = 2, 3, True, True
        run = asking(standin)
    assert len(run.by_id) == 850
    assert run.account.reaches[0].answered_from == DAYS.since


def test_nobody_is_kept_and_an_account_name_is_only_there_to_tell_organisations():
    with X([post(1, author="fernvale")]) as standin:
        known, unknown = asking(standin).comments[0], asking(standin, tells_organisations=False).comments[0]
        asked = standin.calls[1].params
    assert (known.author_id, known.author_handle) == (None, "fernvale")
    assert (unknown.author_id, unknown.author_handle) == (None, None)
    assert "user.fields" not in asked
    terms = registry.terms()["x"]
    assert not terms.keeps_author_key
    assert not terms.locates_author


def test_a_week_is_all_that_a_search_reaches_and_the_account_tells():
    with X(world(200, every=timedelta(hours=1))) as standin:
        run = asking(standin, Window(NOW - timedelta(days=20), NOW))
    reach = run.account.reaches[0]
    assert reach.cut == "window"
    assert reach.answered_from > NOW - timedelta(days=7)
    assert 160 < len(run.by_id) < 170


def test_the_archive_reaches_all_years_at_one_request_a_second():
    with X(world(700, every=timedelta(hours=5))) as standin:
        run = asking(standin, Window(NOW - timedelta(days=400), NOW), archive=True)
        assert len(run.by_id) == 700
        assert standin.calls[0].one("max_results") == "500"
    assert run.account.reaches[0].cut is None
    assert any(0 < seconds <= 1 for seconds in run.rested)


def test_what_is_too_young_to_be_answered_is_left_to_the_next_run():
    with X(world(3)) as standin:
        run = asking(standin, Window(NOW, datetime.now(UTC) + timedelta(minutes=5)))
    assert run.failures == []
    assert run.account.reaches[0].window.until < datetime.now(UTC) - timedelta(seconds=10)


def test_the_last_part_of_a_second_is_asked_about_too():
    last = Post("1", "Kind #FernvaleNHS", NOW + timedelta(milliseconds=200))
    with X([last]) as standin:
        run = asking(standin, Window(DAYS.since, NOW + timedelta(milliseconds=500)))
    assert len(run.comments) == 1


def test_a_repost_from_the_archive_is_a_reshare_and_what_it_reposts_comes_along():
    some = [post(1, "RT @ann: A kind nurse #FernvaleNHS", author="bob", repost_of="2"), post(2)]
    with X(some) as standin:
        run = asking(standin, archive=True)
        recent = asking(standin)
    boost, original = run.by_id[id_of(some[0])], run.by_id[id_of(some[1])]
    assert (boost.text, boost.reshare_of) == (None, original.native_id)
    assert original.text == some[1].text
    assert recent.by_id.keys() == {id_of(some[1])}


def test_an_edited_post_stays_the_same_comment_and_tells_when_it_was_edited():
    edited = post(60, edited_at=NOW - timedelta(minutes=40))
    with X([edited]) as standin:
        comment = asking(standin).comments[0]
    assert comment.native_id == id_of(edited)
    assert (comment.posted_at, comment.edited_at) == (edited.posted_at, edited.edited_at)


def test_a_long_post_is_read_whole_and_of_a_link_only_its_domain_is_kept():
    whole = "Fish &amp; chips &lt; 3 on Heron Ward, and more"
    note = {"note_post": {"text": whole, "entities": {"hashtags": [{"tag": "Heron"}]}}}
    some = [
        post(1, extra=note),
        post(2, "Thanks @fernvale https://blog.example.co.uk/a?b https://x.com/ann #FernvaleNHS"),
    ]
    with X(some) as standin:
        long, linked = asking(standin).comments
    assert (long.text, long.hashtags) == ("Fish & chips < 3 on Heron Ward, and more", ("Heron",))
    assert (linked.link_domains, linked.mentions) == (("example.co.uk",), ("fernvale",))


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"is_private": True}, "not_public"),
        ({"extra": {"withheld": {"copyright": True, "country_codes": []}}}, "removed"),
        ({"extra": {"withheld": {"copyright": False, "country_codes": ["GB", "FR"]}}}, "removed"),
    ],
)
def test_what_is_protected_or_withheld_here_is_counted_and_not_kept(how, reason):
    elsewhere = {"withheld": {"copyright": False, "country_codes": ["TR"]}}
    with X([post(1, author="bob", **how), post(2, extra=elsewhere)]) as standin:
        run = asking(standin)
    assert run.refused == [reason]
    assert len(run.comments) == 1


def test_many_terms_are_asked_in_few_questions_none_of_them_too_long():
    phrases = [f"Fernvale Community Hospital Ward Number {number}" for number in range(30)]
    with X([post(1, f"About {phrases[29]} today"), post(2, "Thanks @fernvale"), post(3)]) as standin:
        query = {"id": "all", "hashtags": ["FernvaleNHS"], "accounts": ["@fernvale"], "phrases": phrases}
        run = asking(standin, queries=[query])
        assert len(run.by_id) == 3
        assert 2 < len(standin.calls) < 6
        assert all(len(call.one("query")) <= 512 for call in standin.calls)


def test_a_budget_is_never_passed_and_its_rest_buys_a_shorter_page():
    with X(world(500)) as standin:
        run = asking(standin, tells_organisations=False, budget=1.2)
        rows = [int(call.one("max_results")) for call in standin.calls]
    assert rows == [100, 100, 40]
    assert len(run.by_id) == 240
    assert run.account.spent == pytest.approx(1.2)
    assert run.notes[0].startswith("BudgetSpent: ")
    assert run.account.reaches[0].cut == "budget"
    assert not run.account.reaches[0].is_closed


def test_accounts_and_posts_that_come_along_are_paid_for_too():
    with X(world(30)) as standin:
        run = asking(standin, budget=10)
    authors = len({one.author for one in standin.posts})
    assert run.account.spent == pytest.approx(30 * 0.005 + authors * 0.01)


def test_what_a_day_has_cost_already_counts():
    with X(world(50)) as standin:
        run = asking(standin, tells_organisations=False, budget=1.0, spent_today=0.96)
    assert (run.items, standin.calls) == ([], [])
    assert run.notes[0].startswith("BudgetSpent: ")


def test_a_source_that_costs_is_not_switched_on_without_a_budget():
    kind = registry.blocks()["x"]
    with pytest.raises(ValidationError, match="budget"):
        kind.model_validate({"enabled": True, "queries": [QUERY]})
    assert kind.model_validate({"enabled": True, "budget": 2, "queries": [QUERY]}).enabled


def test_credits_that_are_used_up_end_the_run_and_not_as_an_error_of_the_settings():
    with X(world(150)) as standin:
        standin.misbehave("status", status=402, after=1, body={"title": "CreditsDepleted", "detail": "No credits"})
        run = asking(standin)
    assert len(run.by_id) == 100
    assert run.notes[0].startswith("BudgetSpent: ")
    assert "No credits" in run.notes[0]


def test_a_spent_limit_is_waited_out_until_the_second_that_it_names():
    with X(world(250)) as standin:
        standin.misbehave("status", after=1, status=429, headers=limits(0, 300), body={"title": "Too Many Requests"})
        standin.limits = lambda: limits(0 if len(standin.calls) == 3 else 100, 40)
        run = asking(standin)
    assert len(run.by_id) == 250
    assert any(295 < seconds <= 300 for seconds in run.rested)
    assert any(35 < seconds <= 40 for seconds in run.rested)


@pytest.mark.parametrize(
    ("happens", "how", "words"),
    [
        ("redirect", {}, "SourceRefused"),
        ("page", {}, "SourceRefused"),
        ("status", {"status": 403, "body": {"title": "Forbidden", "detail": "Client not enrolled"}}, "not enrolled"),
        ("half", {"times": 9}, "AnswerUnreadable"),
        ("cut", {"times": 9}, "SourceDown"),
        ("status", {"status": 200, "body": {"data": []}}, "AnswerUnreadable"),
    ],
)
def test_an_answer_that_is_none_is_a_named_failure_after_what_came_before(happens, how, words):
    with X(world(150)) as standin:
        standin.misbehave(happens, after=1, **how)
        run = asking(standin)
    assert len(run.by_id) == 100
    assert words in run.failures[0]


def test_a_wrong_token_is_refused_in_its_own_words_and_without_the_token():
    with X(world(3)) as standin:
        run = asking(standin, secrets={"bearer_token": "wrong-token-1234567890"})
    assert run.failures[0].startswith("SourceRefused: ")
    assert "Unauthorized" in run.failures[0]
    assert "wrong-token" not in run.failures[0]
    assert all("token" not in str(call.params) for call in standin.calls)


def test_what_cannot_be_read_costs_its_own_row_and_nothing_of_it_is_kept():
    with X([post(1)]) as standin:
        whole = standin.post(post(1), ["created_at"])
        rows = [whole, whole | {"created_at": "by A. Person"}, {}, whole | {"text": None}]
        page = reading(standin, {"data": rows, "meta": {}})
    assert [type(item).__name__ for item in page.items] == ["Comment", "Comment", "Rejected", "Comment"]
    assert page.items[1].posted_at.replace(microsecond=0) == page.items[0].posted_at.replace(microsecond=0)
    assert all("Person" not in repr(item) for item in page.items)


def test_what_is_deleted_or_protected_is_found_by_asking_again_and_nothing_else_is_gone():
    some = [post(1), post(2, is_deleted=True), post(3, is_private=True, author="bob"), *world(120)]
    some += [post(5, extra={"withheld": {"copyright": True}})]
    with X(some) as standin, fetching("x", standin.address, SECRETS, [QUERY]) as (driver, _):
        gone = gone_of(driver, [id_of(one) for one in some])
        assert gone == {id_of(some[1]), id_of(some[2]), id_of(some[-1])}
        assert len(standin.asked("/2/tweets")) == 2
        troubled = {"errors": [{"value": id_of(some[0]), "type": "https://api.twitter.com/2/problems/over-capacity"}]}
        assert driver.connector.gone([id_of(some[0])], Answer(troubled, {})) == set()


@settings(max_examples=20, deadline=None)
@given(
    count=st.integers(0, 400),
    short=st.integers(0, 4),
    empty=st.integers(0, 4),
    unsorted=st.booleans(),
    repeats=st.booleans(),
    vocabulary=st.sampled_from(["post", "tweet"]),
)
def test_however_pages_come_the_same_posts_arrive(count, short, empty, unsorted, repeats, vocabulary):
    with X(world(count)) as standin:
        standin.short_every, standin.empty_every, standin.is_unsorted, standin.repeats = short, empty, unsorted, repeats
        run = asking(standin, vocabulary=vocabulary)
    assert run.by_id.keys() == {id_of(one) for one in standin.posts}
