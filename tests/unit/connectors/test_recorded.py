"""Answers that real sources gave, made anew: each is read as a reader of the source sees it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fixtures.asking import fetching
from wordround.comments import Comment, Refused
from wordround.connectors.asking.contract import Answer, Asked, Request, Window

RECORDED = Path(__file__).parents[2] / "fixtures" / "recorded"
EVER = Window(datetime(2000, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
QUERIES = {
    "bluesky": {"id": "q", "hashtags": ["FernvaleNHS"]},
    "reddit": {"id": "q", "places": ["Fernvale"]},
    "care_opinion": {"id": "q", "places": ["XFV"]},
    "feeds": {"id": "q", "places": ["https://blog.example.org/comments/feed/"]},
}


def read(file: str):
    """Read a recorded answer with the connector of its source."""
    source = next((name for name in QUERIES if file.startswith(name)), "feeds")
    content = (RECORDED / file).read_bytes()
    about = {"reddit": 0, "care_opinion": 0}.get(source)
    request = Request("https://blog.example.org/comments/feed/", {"skip": 0, "take": 100}, about=about)
    with fetching(source, "http://127.0.0.1:1", {}, [QUERIES[source]]) as (driver, _):
        asked = Asked(driver.connector.block.queries[0], EVER, request)
        answer = Answer(content if source == "feeds" else json.loads(content), {})
        return driver.connector.read(answer, asked)


def comment(file: str) -> Comment:
    (item,) = read(file).items
    assert isinstance(item, Comment)
    return item


@pytest.mark.parametrize(
    "file", ["bluesky_embed_media_is_a_list", "bluesky_external_is_text", "bluesky_facets_features_null"]
)
def test_an_odd_part_of_a_post_of_bluesky_costs_that_part(file):
    found = comment(f"{file}.json")
    assert (found.text, found.is_date_corrected) == ("Waited six hours on the ward", False)


def test_a_record_without_text_is_a_post_without_text():
    assert not comment("bluesky_record_without_text.json").text


def test_a_post_that_the_network_received_in_the_year_0_is_dated_by_its_claim_and_else_by_its_key():
    neither = comment("bluesky_indexed_in_year_0.json")
    assert (neither.posted_at.year, neither.is_date_corrected) == (2023, True)
    post = json.loads((RECORDED / "bluesky_indexed_in_year_0.json").read_text())["posts"][0]
    post["record"]["createdAt"] = "2026-11-20T10:00:00.000Z"
    from wordround.connectors.bluesky.rows import item_of

    found = item_of(post, "XFV", "q")
    assert (found.posted_at, found.is_date_corrected) == (datetime(2026, 11, 20, 10, tzinfo=UTC), True)


def test_a_hashtag_goes_as_far_as_its_source_says():
    assert comment("bluesky_hashtag_with_a_hyphen.json").hashtags == ("long-covid", "a-and-e")


def test_a_story_says_its_rating_its_origin_its_tags_and_its_service_without_another_request():
    page = read("care_opinion_nhsc_with_score.json")
    (found,) = page.items
    assert (found.rating, found.rating_max, found.origin) == (2, 5, "nhs_website")
    assert (found.hashtags, found.site_code, found.locations) == (("waiting",), "XFV01", ("XFV01_110",))
    assert page.following is None or not page.following.url.endswith("/healthservices")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("reddit_struck_through", "Ward 4 was dreadful"),
        ("reddit_numbered_with_bracket", "1) nobody rang\n2) nobody listened"),
        ("reddit_first_word_is_a_year", "2019. That was when I was admitted."),
        ("reddit_code_has_less_than", "My temperature was <36 they said"),
        ("reddit_says_bot", "On the phone they treated me as if I am a bot or something"),
    ],
)
def test_a_comment_of_reddit_is_what_a_reader_sees(file, text):
    assert comment(f"{file}.json").text == text


def test_a_feed_of_comments_names_nobody_and_a_pingback_is_no_comment():
    found, pingback = read("wordpress_comments.rss").items
    assert (found.text, found.title, found.author_id) == ("Same on ward four.", None, None)
    assert found.in_reply_to == "https://blog.example.org/?p=5#comment-6"
    assert not any(name in repr(found) for name in ("wobblyhip62", "Quietlark"))
    assert pingback == Refused("not_a_comment")
