"""Reviews of the NHS website become comments with their stars, and whatever the server does on the way.

There is no SDK of this API and no published schema of its answers: the stand-in follows the source's own page and
nothing else validates it.
"""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fixtures.asking import WEEK, ask, fetching, gone_of
from wordround.connectors.asking.contract import Window
from wordround.connectors.nhs_reviews import TERMS
from wordround.demo.standins.nhs_reviews import KEY, QUOTA, NhsReviews
from wordround.demo.standins.world import NOON, Post, posts
from wordround.errors import AnswerUnreadable, SourceDown, TimeSpent

SECRETS = {"key": KEY}
QUERY = {"id": "trust", "places": ["XFV"]}


def asking(standin, window=WEEK, secrets=SECRETS, queries=(QUERY,), **block):
    return ask("nhs_reviews", standin.address, secrets, list(queries), window, **block)


def checking(standin, queries=(QUERY,)):
    return fetching("nhs_reviews", standin.address, SECRETS, list(queries))


def review(number: int, text: str = "Kind staff, cold waiting room.", **more) -> Post:
    more = {"place": "XFV01", "rating": 4, **more}
    return Post(f"r{number}", text, NOON - timedelta(minutes=number), **more)


def reviews(count: int) -> list[Post]:
    return [post.but(place="XFV01", rating=1 + number % 5) for number, post in enumerate(posts(count))]


def test_a_review_brings_its_words_its_stars_and_the_place_and_no_name():
    told = review(
        1,
        "Kind staff &amp; a cold room.<br>See https://blog.example.co.uk/x",
        title="Mixed",
        edited_at=NOON + timedelta(hours=5),
        author="Pat Example",
        extra={"department": " Memory\u00a0Clinic ", "response": "Thank you for telling us."},
    )
    with NhsReviews([told]) as standin:
        run = asking(standin)
    comment = run.comments[0]
    assert (comment.native_id, comment.kind, comment.title) == ("r1", "review", "Mixed")
    assert comment.text == "Kind staff & a cold room.\nSee https://blog.example.co.uk/x"
    assert (comment.rating, comment.rating_max) == (4, 5)
    assert (comment.site_code, comment.locations) == ("XFV01", ("Memory Clinic",))
    assert (comment.posted_at, comment.edited_at) == (told.posted_at, told.edited_at)
    assert (comment.author_id, comment.author_handle, comment.author_role) == (None, None, None)
    assert comment.link_domains == ("example.co.uk",)
    assert "Pat" not in repr(comment)


def test_what_the_organisation_answers_is_no_comment_and_only_that_it_did_is_kept():
    with NhsReviews([review(1, extra={"response": "Thank you for telling us."}), review(2)]) as standin:
        run = asking(standin)
    assert {comment.native_id: comment.replies for comment in run.comments} == {"r1": 1, "r2": 0}
    assert "Thank you" not in repr(run.items)


@pytest.mark.parametrize(
    ("ratings", "held"),
    [
        ([{"question": "Overall rating", "rating": 5}], 5),
        ([{"question": "How was it?", "rating": "2"}], 2),
        ([{"question": "Cleanliness", "rating": 1}, {"question": "Overall, how was it?", "rating": 3}], 3),
        ([{"question": "Cleanliness", "rating": 1}, {"question": "Dignity", "rating": 3}], None),
        ([{"question": "Overall rating", "rating": 0}], None),
        ([{"question": "Overall rating", "rating": 9}], None),
        ([{"question": "Overall rating", "rating": None}], None),
        ([], None),
        (None, None),
    ],
)
def test_of_several_ratings_the_overall_one_counts_and_what_is_no_star_does_not(ratings, held):
    with NhsReviews([review(1, extra={"ratings": ratings})]) as standin:
        comment = asking(standin).comments[0]
    assert (comment.rating, comment.rating_max) == (held, held and 5)


def test_stars_without_words_are_a_review_without_text():
    with NhsReviews([review(1, text="")]) as standin:
        comment = asking(standin).comments[0]
    assert (comment.text, comment.rating) == (None, 4)


def test_a_review_that_was_never_changed_has_no_moment_of_change():
    with NhsReviews([review(1)]) as standin:
        assert asking(standin).comments[0].edited_at is None


def test_the_days_at_the_ends_of_the_window_are_asked_for_and_what_lies_outside_is_left_out():
    first, before = review(1).but(posted_at=WEEK.since), review(2).but(posted_at=WEEK.since - timedelta(seconds=1))
    last, after = review(3).but(posted_at=NOON - timedelta(seconds=1)), review(4).but(posted_at=NOON)
    with NhsReviews([first, before, last, after]) as standin:
        assert set(asking(standin, Window(WEEK.since, NOON)).by_id) == {"r1", "r3"}


def test_the_kind_of_organisation_is_said_where_the_settings_say_it():
    with NhsReviews([review(1)]) as standin:
        asking(standin, organisation_type="TRU")
        assert {call.one("orgType") for call in standin.calls} == {"TRU"}
        asking(standin)
        assert "orgType" not in standin.calls[-1].params


def test_a_kind_of_organisation_that_the_source_does_not_know_is_a_mistake_in_the_settings():
    with pytest.raises(ValueError, match="organisation_type"):
        ask("nhs_reviews", "http://127.0.0.1:1", SECRETS, [QUERY], organisation_type="WARD")


def test_a_row_without_an_id_or_a_date_costs_itself_and_nothing_of_it_is_kept():
    with NhsReviews([review(1), review(2).but(id=""), review(3)]) as standin:
        run = asking(standin)
    assert sorted(type(item).__name__ for item in run.items) == ["Comment", "Comment", "Rejected"]
    assert "Kind staff" not in repr([item for item in run.items if type(item).__name__ == "Rejected"])


def test_a_wrong_key_is_refused_in_the_sources_own_words_and_without_the_key():
    with NhsReviews(reviews(3)) as standin:
        run = asking(standin, secrets={"key": "wrong-key-123456789"})
    assert run.failures[0].startswith("SourceRefused: ")
    assert "invalid subscription key" in run.failures[0]
    assert "wrong-key" not in run.failures[0]


def test_a_429_is_waited_out_for_as_long_as_it_says():
    with NhsReviews(reviews(150)) as standin:
        body = {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 9 seconds."}
        standin.misbehave("status", after=1, status=429, headers={"Retry-After": "9"}, body=body)
        run = asking(standin)
    assert len(run.by_id) == 150
    assert 9 in run.rested


def test_a_spent_quota_ends_the_day_and_is_no_refusal():
    with NhsReviews(reviews(150)) as standin:
        standin.misbehave("status", after=1, status=403, body={"statusCode": 403, "message": QUOTA})
        run = asking(standin)
    assert run.notes[0].startswith("BudgetSpent: ")
    reach = run.account.reaches[0]
    assert (reach.cut, reach.is_closed, reach.answered_from) == ("budget", False, None)
    assert len(run.comments) == 100


@pytest.mark.parametrize("happens", ["redirect", "page"])
def test_a_login_page_is_a_refusal(happens):
    with NhsReviews(reviews(3)) as standin:
        standin.misbehave(happens)
        assert asking(standin).failures[0].startswith("SourceRefused: ")


def test_half_an_answer_a_cut_connection_and_a_broken_server_are_asked_again():
    with NhsReviews(reviews(150)) as standin:
        for happens in ("half", "cut", "status"):
            standin.misbehave(happens)
        run = asking(standin)
    assert (len(run.by_id), run.account.retries) == (150, 3)


def test_an_answer_that_is_documented_nowhere_is_named_and_keeps_the_window_open():
    with NhsReviews(reviews(3)) as standin:
        standin.misbehave("status", status=200, body={"reviews": []})
        run = asking(standin)
    assert run.failures[0].startswith("AnswerUnreadable: ")
    assert not run.account.reaches[0].is_closed


def test_what_was_taken_down_is_told_by_the_list_of_removals_page_by_page():
    removed = [review(number, is_deleted=True) for number in range(1, 251)]
    elsewhere = review(900, is_deleted=True, place="XFZ01")
    with NhsReviews([*removed, review(500), elsewhere]) as standin, checking(standin) as (driver, _):
        standin.short_every = 2
        assert gone_of(driver, ["r1", "r250", "r500", "r900"]) == {"r1", "r250"}


def test_every_place_has_its_own_list_of_removals():
    queries = [QUERY, {"id": "more", "places": ["XFZ", "XFV"]}]
    world = [review(1, is_deleted=True), review(2, is_deleted=True, place="XFZ01")]
    with NhsReviews(world) as standin, checking(standin, queries) as (driver, _):
        assert gone_of(driver, ["r1", "r2", "r3"]) == {"r1", "r2"}
        lists = [
            call.one("odsCode")
            for call in standin.calls
            if (call.one("status"), call.one("offset")) == ("removed", "0")
        ]
        assert lists == ["XFV", "XFZ"]


def test_a_list_of_what_is_published_in_its_place_erases_nothing():
    with NhsReviews([review(1), review(2)]) as standin, checking(standin) as (driver, _):
        standin.ignores_status = True
        assert gone_of(driver, ["r1", "r2"]) == set()


def test_a_list_of_removals_that_cannot_be_read_is_an_error_and_erases_nothing():
    with NhsReviews([review(1)]) as standin, checking(standin) as (driver, _):
        standin.misbehave("status", status=200, body={"comments": [{"comment": None}]})
        with pytest.raises(AnswerUnreadable, match="Nothing was erased"):
            gone_of(driver, ["r1"])
        standin.misbehave("status", times=9)
        with pytest.raises(SourceDown):
            gone_of(driver, ["r1"])


def test_what_published_reviews_say_now_is_read_page_by_page_until_all_that_are_known_were_shown():
    world = [review(number).but(posted_at=NOON - timedelta(days=number)) for number in range(450)]
    world[150] = world[150].but(text="The same without my bed number.", edited_at=NOON)
    shown = []
    with NhsReviews(world) as standin, checking(standin) as (driver, _):
        assert not set().union(*(gone for _, _, gone in driver.gone(["r150", "r7", "r9999"], shown.extend)))
        lists = [(call.one("status"), call.one("fromDate"), call.one("offset")) for call in standin.calls]
        standin.calls.clear()
        list(driver.gone(["r150"], lambda _: None))
        assert [call.one("offset") for call in standin.calls if call.one("status") == "published"] == ["0", "100"]
    assert {comment.native_id: comment.text for comment in shown} == {
        "r7": review(7).text,
        "r150": "The same without my bed number.",
    }
    offsets = ("0", "100", "200", "300", "400", "450")
    assert lists == [("removed", "", "0"), *(("published", "", offset) for offset in offsets)]


def test_a_list_that_gives_one_page_for_ever_is_left_and_what_it_named_before_is_honoured():
    class Stuck(NhsReviews):
        def page(self, found, cursor, size):
            return found[:size], "1"

    with Stuck([review(1, is_deleted=True), review(2)]) as standin, checking(standin) as (driver, _):
        gone = set()
        with pytest.raises(AnswerUnreadable, match="same page for ever"):
            for _, _, some in driver.gone(["r1", "r2"]):
                gone |= some
        assert (gone, len(standin.calls)) == ({"r1"}, 2)


def test_a_check_ends_when_its_time_is_over():
    limits = {"run_seconds": 1}
    with NhsReviews(reviews(300)) as standin:
        standin.misbehave("slow", times=9, seconds=0.6)
        asking = fetching("nhs_reviews", standin.address, SECRETS, [QUERY], limits=limits)
        with asking as (driver, _), pytest.raises(TimeSpent, match="run_seconds"):
            gone_of(driver, ["elsewhere"])
        assert len(standin.calls) < 4


def test_reviews_are_not_quoted_and_nobody_is_counted_or_located():
    assert (TERMS.may_quote_verbatim, TERMS.keeps_author_key, TERMS.locates_author) == (False, False, False)
    assert (TERMS.needs_locator, TERMS.deletion_check) == (True, "feed of removals")


@settings(max_examples=25, deadline=None)
@given(count=st.integers(0, 420), short=st.integers(0, 4), unsorted=st.booleans(), days=st.integers(1, 7))
def test_however_pages_come_the_same_reviews_arrive(count, short, unsorted, days):
    window = Window(WEEK.until - timedelta(days=days), WEEK.until)
    with NhsReviews(reviews(count)) as standin:
        standin.short_every, standin.is_unsorted = short, unsorted
        run = asking(standin, window)
    there = {post.id for post in standin.posts if window.since <= post.posted_at < window.until}
    assert set(run.by_id) == there
    assert len(run.comments) == len(there)
    assert run.account.reaches[0].answered_from == window.since
