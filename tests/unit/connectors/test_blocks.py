"""The settings of asked sources: what would ask something else than was meant, or tell a secret, is an error."""

import pytest
from pydantic import ValidationError

from wordround.connectors import registry
from wordround.connectors.blocks import OF_CONVERSATIONS, Query
from wordround.errors import SettingsInvalid
from wordround.folders import PROJECT

TAG = {"id": "tag", "hashtags": ["FernvaleNHS"]}


def block(source="bluesky", queries=(TAG,), **more):
    return registry.blocks()[source].model_validate({"queries": list(queries), **more})


@pytest.mark.parametrize(
    "terms", [{"hashtags": ["##"]}, {"phrases": ["  "]}, {"accounts": ["@@"]}, {"hashtags": []}, {}, {"phrases": ["a"]}]
)
def test_a_query_of_which_nothing_is_left_is_an_error(terms):
    with pytest.raises(ValidationError):
        Query.model_validate({"id": "empty", **terms})


def test_signs_in_front_and_spaces_around_do_not_matter():
    query = Query.model_validate(
        {"id": "a", "hashtags": [" #NHS "], "accounts": ["@x.example"], "phrases": [" Heron Ward "]}
    )
    assert (query.hashtags, query.accounts, query.phrases) == (("NHS",), ("x.example",), ("Heron Ward",))


@pytest.mark.parametrize(
    ("source", "account"),
    [
        ("bluesky", "camhs@fernvale"),
        ("bluesky", "Jane Dowling"),
        ("mastodon", "community"),
        ("x", "camhs.fernvale.example"),
        ("x", "fern vale trust"),
    ],
)
def test_what_is_no_account_of_a_source_could_be_somebodys_name_and_is_refused(source, account):
    with pytest.raises(ValidationError, match="is no account of this source"):
        block(
            source,
            [{"id": "who", "accounts": [account]}],
            **({"instances": ["https://a.example"]} if source == "mastodon" else {}),
        )


@pytest.mark.parametrize(
    "address",
    [
        "http://api.example",
        "https://",
        "https://user:pw@api.example",
        "http://127.0.0.1:x@evil.example",
        "http://localhost.evil.example",
        "ftp://api.example",
        "api.example",
    ],
)
def test_only_a_safe_address_without_a_secret_in_it_is_taken(address):
    with pytest.raises(ValidationError):
        block(address=address)


def test_two_queries_with_one_id_are_named(settings_with):
    twice = "[sources.bluesky]\n" + '[[sources.bluesky.queries]]\nid = "tag"\nhashtags = ["NHS"]\n' * 2
    sources = settings_with(added=twice).sources
    with pytest.raises(SettingsInvalid, match=r"\[sources.bluesky\] two queries have the same id: 'tag'"):
        sources.named("bluesky")


def test_a_query_called_like_the_question_for_a_conversation_is_an_error(settings_with):
    added = '[sources.bluesky]\n[[sources.bluesky.queries]]\nid = "conversation-hour"\nhashtags = ["NHS"]\n'
    sources = settings_with(added=added).sources
    with pytest.raises(
        SettingsInvalid, match=r"queries\.0\.id\] 'conversation-hour' begins with 'conversation-'.*otherwise"
    ):
        sources.named("bluesky")
    macro = (PROJECT / "dbt/macros/is_conversation_query.sql").read_text(encoding="utf-8")
    assert f"'{OF_CONVERSATIONS}'" in macro, "what keeps no week of a source open"


def test_of_the_address_of_a_feed_coverage_shows_neither_user_nor_key():
    query = Query(id="blog", places=("https://blog.example/comments/feed/?key=zq-secret",))
    assert query.label == "blog.example/comments/feed/"


def test_since_in_the_future_asks_nothing():
    from datetime import UTC, datetime

    from wordround.collect import coverage

    assert coverage.pending(block(since="2126-01-01"), [], datetime.now(UTC).date(), datetime.now(UTC)) == []
