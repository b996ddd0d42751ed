"""Edits between two days: the nightly check brings them for every source whose answers hold posts whole."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest

from tests.e2e.test_source_canaries import SOURCES, block
from tests.fixtures.legible import places_of
from wordround import credentials, erasing, pipeline
from wordround.collect import queries
from wordround.demo.standins.world import Post
from wordround.erasing import withdrawals
from wordround.warehouse.engine import connect

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)
DETAIL, EDITED = "my bed was beside the broken lamp on the landing", "Thank you to everybody who was kind"
PHONE = "07700 900123"


def world(source: str, count: int = 3) -> list[Post]:
    place = {"care_opinion": "XFV", "nhs_reviews": "XFV01"}.get(source, "")
    return [
        Post(f"773100{number}", f"Spent a night here, {DETAIL} #FernvaleNHS", NOW - timedelta(minutes=number),
             place=place, rating=3, likes=1)
        for number in range(count)
    ]  # fmt: skip


@contextmanager
def collected(source, posts, settings_with, monkeypatch, software=None):
    """Yield the stand-in and the settings of a trust that has loaded all of its posts."""
    module = import_module(f"wordround.demo.standins.{source}")
    kind, *_, secrets = SOURCES[source]
    for name, constant in secrets.items():
        monkeypatch.setenv(credentials.variable(source, name), getattr(module, constant))
    with getattr(module, kind)(posts) as standin:
        standin.software = software or getattr(standin, "software", None)
        trust = settings_with(added=block(source, standin, module))
        queries.collect(trust, source, NOW.date(), credentials.of(source))
        assert pipeline.load(trust)["rows"]["loaded"] == len(posts)
        yield standin, trust


def edit(standin, number: int, words: str) -> None:
    standin.posts[number] = standin.posts[number].but(text=words, edited_at=NOW + timedelta(minutes=5))


@pytest.mark.parametrize("source", SOURCES)
def test_what_was_edited_between_two_days_is_replaced_and_a_number_that_it_brings_is_masked(
    source, settings_with, monkeypatch
):
    with collected(source, world(source), settings_with, monkeypatch) as (standin, trust):
        edit(standin, 1, f"{EDITED}, ring {PHONE} #FernvaleNHS")
        outcome = withdrawals.honour(trust, source, credentials.of)
    assert outcome["refused"] == []
    assert (outcome["edited"], outcome["withdrawn"]) == (1, 0)
    with connect(trust) as warehouse:
        places = warehouse.execute("select distinct site_code, location_1, location_2 from raw.comments").fetchall()
    assert len(places) == 1, "it keeps its place"
    assert places_of(trust.home, EDITED)
    assert not places_of(trust.home, PHONE)


@pytest.mark.parametrize("source", SOURCES)
def test_a_post_that_has_lost_all_its_words_keeps_none_of_them_here(source, settings_with, monkeypatch):
    posts = world(source)
    # Somebody else's, by which Threads shows what it can see.
    posts.append(posts[0].but(id="7731009", text="A kind nurse #FernvaleNHS", author="bob"))
    with collected(source, posts, settings_with, monkeypatch) as (standin, trust):
        for number in range(3):
            edit(standin, number, "")
        outcome = withdrawals.honour(trust, source, credentials.of)
    assert outcome["refused"] == []
    assert not places_of(trust.home, DETAIL)


@pytest.mark.parametrize("software", ["gotosocial", "akkoma", "friendica", "pixelfed"])
def test_an_edit_at_a_relative_of_mastodon_is_found_once_whatever_it_shows(software, settings_with, monkeypatch):
    posts = [each.but(likes=3, author=f"ann{number}") for number, each in enumerate(world("mastodon"))]
    with collected("mastodon", posts, settings_with, monkeypatch, software) as (standin, trust):
        with connect(trust) as warehouse:
            before = warehouse.execute("select comment_id, author_key, query_id, likes, language from raw.comments")
            before = before.fetchall()
        edit(standin, 1, f"{EDITED}, ring {PHONE} #FernvaleNHS")
        outcomes = [withdrawals.honour(trust, "mastodon", credentials.of) for _ in range(2)]
        with connect(trust) as warehouse:
            after = warehouse.execute("select comment_id, author_key, query_id, likes, language from raw.comments")
            after = after.fetchall()
        # A run that collects within the overlap brings nothing that differs.
        queries.collect(trust, "mastodon", NOW.date() + timedelta(days=1), credentials.of("mastodon"))
        assert pipeline.load(trust)["rows"]["updated"] == 0
        edit(standin, 1, "")
        withdrawals.honour(trust, "mastodon", credentials.of)
    assert [(one["edited"], one["withdrawn"], one["refused"]) for one in outcomes] == [(1, 0, []), (0, 0, [])]
    assert sorted(after) == sorted(before), "nothing else has changed"
    assert not places_of(trust.home, PHONE)
    assert not places_of(trust.home, EDITED)


@pytest.mark.parametrize("source", ["bluesky", "facebook"])
def test_an_edit_that_a_collecting_run_has_brought_leaves_no_earlier_version(source, settings_with, monkeypatch):
    with collected(source, world(source), settings_with, monkeypatch) as (standin, trust):
        for number in range(3):
            edit(standin, number, f"{EDITED} says {number} #FernvaleNHS")
        queries.collect(trust, source, NOW.date() + timedelta(days=1), credentials.of(source))
        assert pipeline.load(trust)["rows"]["updated"] == 3
        assert withdrawals.honour(trust, source, credentials.of)["edited"] == 0
        assert not places_of(trust.home, DETAIL)
        assert places_of(trust.home, EDITED)
        assert erasing.is_stale(trust)
        erasing.settle(trust)
        withdrawals.honour(trust, source, credentials.of)
        assert not erasing.is_stale(trust), "a night without edits leaves all as it is"


@pytest.mark.parametrize("source", ["facebook", "instagram"])
def test_an_edit_is_found_whatever_kind_of_node_it_is_at(source, settings_with, monkeypatch):
    posts = world(source, 6)
    posts[1] = posts[1].but(reply_to=posts[0].id)
    posts[2] = posts[2].but(reply_to=posts[1].id)
    if source == "instagram":
        posts[3] = posts[3].but(place="tagged")
    with collected(source, posts, settings_with, monkeypatch) as (standin, trust):
        assert withdrawals.honour(trust, source, credentials.of)["edited"] == 0
        for number in range(4):
            edit(standin, number, f"{EDITED}, says number {number} #FernvaleNHS")
        outcome = withdrawals.honour(trust, source, credentials.of)
    assert outcome["refused"] == []
    assert (outcome["edited"], outcome["withdrawn"]) == (4, 0)
    with connect(trust) as warehouse:
        texts = {text for (text,) in warehouse.execute("select text from raw.comments").fetchall()}
        (answers,) = warehouse.execute("select count(in_reply_to) from raw.comments").fetchone()
    assert sum(EDITED in text for text in texts) == 4
    assert answers == 2, "what it answers stays known"


@pytest.mark.parametrize("source", ["facebook", "instagram"])
def test_a_node_that_is_of_another_kind_than_its_row_costs_itself_alone(source, settings_with, monkeypatch):
    posts = world(source, 4)
    posts[1] = posts[1].but(reply_to=posts[0].id)
    with collected(source, posts, settings_with, monkeypatch) as (standin, trust):
        with connect(trust) as warehouse:
            warehouse.execute("update raw.comments set kind = 'post' where kind = 'reply'")
        edit(standin, 2, f"{EDITED} #FernvaleNHS")
        standin.posts[3] = standin.posts[3].but(is_deleted=True)
        outcome = withdrawals.honour(trust, source, credentials.of)
    assert outcome["refused"] == []
    assert (outcome["edited"], outcome["withdrawn"]) == (1, 1)


@pytest.mark.parametrize("source", ["facebook", "instagram"])
def test_rows_that_no_load_has_taken_yet_are_asked_for_without_their_words(source, settings_with, monkeypatch):
    posts = world(source, 4)
    posts[1] = posts[1].but(reply_to=posts[0].id)
    with collected(source, posts, settings_with, monkeypatch) as (standin, trust):
        trust.warehouse_file.unlink()
        standin.posts[3] = standin.posts[3].but(is_deleted=True)
        outcome = withdrawals.honour(trust, source, credentials.of)
    assert outcome["refused"] == []
    assert outcome["withdrawn"] == 1
