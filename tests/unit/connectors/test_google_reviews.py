"""Google reviews become comments with their stars, and whatever the server does on the way.

The sign-in is validated by Google's own library, google-auth, against the stand-in. For the reviews of version 4 there
is no SDK in Python any more, and no package ships their discovery document: the stand-in follows the reference pages of
Google and nothing else validates that part.
"""

from datetime import timedelta

import pytest
from google.auth.transport.requests import Request as Transport
from google.oauth2.credentials import Credentials
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fixtures.asking import WEEK, ask, fetching, gone_of
from wordround.connectors.asking.contract import Window
from wordround.connectors.google_reviews import TERMS
from wordround.demo.standins.google_reviews import CLIENT, PLACE, REFRESH, SECRET, GoogleReviews, name_of
from wordround.demo.standins.world import NOON, Post, posts
from wordround.errors import AnswerUnreadable

SECRETS = {"login": CLIENT, "password": SECRET, "refresh_token": REFRESH}
QUERY = {"id": "maps", "places": [PLACE]}


def there(standin, query=QUERY, secrets=SECRETS):
    return "google_reviews", f"{standin.address}/v4", secrets, [query]


def asking(standin, window=WEEK, query=QUERY, secrets=SECRETS, **block):
    return ask(*there(standin, query, secrets), window, token_address=f"{standin.address}/token", **block)


def checking(standin, version="v4"):
    kind, _, secrets, queries = there(standin)
    return fetching(kind, f"{standin.address}/{version}", secrets, queries, token_address=f"{standin.address}/token")


def review(number: int, text: str = "Kind staff, long wait.", **more) -> Post:
    return Post(f"r{number}", text, NOON - timedelta(minutes=number), **{"rating": 4, **more})


def reviews(count: int) -> list[Post]:
    return [post.but(rating=1 + number % 5) for number, post in enumerate(posts(count))]


def test_googles_own_library_signs_in_at_the_stand_in_as_the_connector_does():
    with GoogleReviews([review(1)]) as standin:
        theirs = Credentials(None, REFRESH, None, f"{standin.address}/token", CLIENT, SECRET)
        theirs.refresh(Transport())
        assert theirs.token in standin.tokens
        assert len(asking(standin).comments) == 1
        library, connector = standin.asked("token")
        assert library.form == connector.form | ({"scope": library.form["scope"]} if "scope" in library.form else {})


def test_a_review_brings_its_words_its_stars_and_the_site_and_neither_a_name_nor_the_reply():
    told = review(1, edited_at=NOON + timedelta(hours=1), author="Pat Example", extra={"reply": "We are sorry."})
    with GoogleReviews([told, review(2)]) as standin:
        found = asking(standin, sites={PLACE: "XFV01"}).by_id
    comment = found[name_of(told)]
    assert (comment.kind, comment.text, comment.rating, comment.rating_max) == ("review", told.text, 4, 5)
    assert comment.posted_at == told.posted_at
    assert comment.surfaced_at == comment.edited_at == told.edited_at
    assert (comment.site_code, comment.replies, comment.author_id) == ("XFV01", 1, None)
    assert "Pat" not in repr(comment)
    assert "sorry" not in repr(comment)
    assert (found[f"{PLACE}/reviews/r2"].edited_at, found[f"{PLACE}/reviews/r2"].replies) == (None, 0)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("(Translated by Google) Good\n\n(Original)\nDa iawn", "Da iawn"),
        ("Da iawn\n\n(Translated by Google)\nGood", "Da iawn"),
        ("(Translated by Google) Good", "Good"),
        ("Good (Original) soup", "Good (Original) soup"),
        ("", None),
    ],
)
def test_of_a_translation_only_what_was_written_is_kept(written, text):
    with GoogleReviews([review(1, written)]) as standin:
        comment = asking(standin).comments[0]
    assert (comment.text, comment.rating) == (text, 4)


def test_stars_that_are_not_given_are_none():
    with GoogleReviews([review(1, rating=0)]) as standin:
        comment = asking(standin).comments[0]
    assert (comment.rating, comment.rating_max) == (None, None)


def test_a_place_that_is_no_location_is_a_mistake_in_the_settings():
    with pytest.raises(ValueError, match="is no location"):
        ask("google_reviews", "http://127.0.0.1:1", SECRETS, [{"id": "maps", "places": ["Fernvale Hospital"]}])


def test_paging_ends_with_the_first_page_that_is_wholly_older_and_an_old_review_that_was_changed_is_found():
    old = review(1, edited_at=NOON).but(posted_at=WEEK.since - timedelta(days=400))
    with GoogleReviews([old, *posts(900)]) as standin:
        run = asking(standin, Window(NOON - timedelta(days=1), WEEK.until))
        assert len(standin.asked("reviews")) < 7
    assert name_of(old) in run.by_id


def test_a_row_without_a_date_costs_itself_and_nothing_of_it_is_kept():
    with GoogleReviews([review(1)]) as standin:
        body = {"reviews": [{"name": f"{PLACE}/reviews/x", "comment": "A. Person"}]}
        standin.misbehave("status", on="reviews", status=200, body=body)
        run = asking(standin)
    assert [type(item).__name__ for item in run.items] == ["Rejected"]
    assert "Person" not in repr(run.items)


def test_a_revoked_token_is_refused_in_the_sources_own_words_and_without_secrets():
    with GoogleReviews([review(1)]) as standin:
        run = asking(standin, secrets={**SECRETS, "refresh_token": "1//gone-token-987654321"})
    assert run.failures[0].startswith("SourceRefused: ")
    assert "expired or revoked" in run.failures[0]
    assert not any(secret in run.failures[0] for secret in ("gone-token", SECRET, CLIENT))


def test_a_key_that_ends_on_the_way_is_renewed():
    with GoogleReviews(reviews(120)) as standin:
        standin.misbehave("status", on="reviews", after=1, status=401, body={"error": {"message": "x"}})
        assert len(asking(standin).by_id) == 120
        assert len(standin.asked("token")) == 2


def test_a_spent_quota_is_waited_out_and_half_an_answer_is_asked_again():
    with GoogleReviews(reviews(120)) as standin:
        body = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "Quota exceeded"}}
        standin.misbehave("status", on="reviews", status=429, headers={"Retry-After": "21"}, body=body)
        standin.misbehave("half", on="reviews", after=2)
        run = asking(standin)
    assert len(run.by_id) == 120
    assert 21 in run.rested


def test_what_came_before_a_failure_is_whole_down_to_there():
    with GoogleReviews(reviews(120)) as standin:
        standin.misbehave("status", on="reviews", after=1, times=9, status=503)
        reach = asking(standin).account.reaches[0]
    assert (reach.error, reach.is_closed) == ("SourceDown", False)
    assert reach.answered_from is not None


def test_a_location_that_is_not_there_is_refused_by_name():
    with GoogleReviews([review(1)]) as standin:
        run = asking(standin, query={"id": "maps", "places": ["accounts/1/locations/99"]})
    assert "no such location" in run.failures[0]


def test_reviews_that_are_gone_are_found_by_asking_for_each_and_not_at_a_wrong_address():
    world = [review(1), review(2, is_deleted=True)]
    with GoogleReviews(world) as standin:
        with checking(standin) as (driver, _):
            assert gone_of(driver, [*map(name_of, world), "no name"]) == {name_of(world[1])}
        with checking(standin, "v9") as (driver, _), pytest.raises(AnswerUnreadable, match="Nothing was erased"):
            gone_of(driver, [name_of(world[0])])


def test_the_terms_keep_reviews_for_a_month_and_quote_none():
    assert (TERMS.longest_retention_days, TERMS.may_quote_verbatim, TERMS.keeps_author_key) == (30, False, False)


@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(0, 260),
    short=st.integers(0, 4),
    empty=st.integers(0, 4),
    unsorted=st.booleans(),
    repeats=st.booleans(),
)
def test_however_pages_come_the_same_reviews_arrive(count, short, empty, unsorted, repeats):
    with GoogleReviews(reviews(count)) as standin:
        standin.short_every, standin.empty_every, standin.is_unsorted, standin.repeats = short, empty, unsorted, repeats
        run = asking(standin)
    assert set(run.by_id) == set(map(name_of, standin.posts))
