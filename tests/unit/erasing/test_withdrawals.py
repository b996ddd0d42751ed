"""Deletions at a source: who is gone there is erased here, and a source that does not answer erases nothing else."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from tests.fixtures.legible import files_below
from tests.fixtures.social import SECRETS, asking_bluesky
from wordround import pipeline
from wordround.collect import queries as querying
from wordround.demo.standins.bluesky import Bluesky
from wordround.demo.standins.bluesky_views import uri_of
from wordround.demo.standins.world import posts
from wordround.erasing import withdrawals
from wordround.errors import CredentialMissing
from wordround.identity import vault_opening
from wordround.records import store

TODAY = datetime.now(UTC).date()


@pytest.fixture
def standin():
    with Bluesky(posts(60, until=datetime.now(UTC) - timedelta(minutes=1))) as standin:
        yield standin


@pytest.fixture
def trust(standin, settings_with, monkeypatch):
    trust = asking_bluesky(standin, settings_with, monkeypatch, TODAY - timedelta(days=2))
    querying.collect(trust, "bluesky", TODAY, SECRETS)
    pipeline.load(trust)
    return trust


def texts(trust) -> set[str]:
    with pipeline_connection(trust) as connection:
        return {text for (text,) in connection.execute("select text from raw.comments").fetchall()}


def pipeline_connection(trust):
    from wordround.warehouse.engine import connect

    return connect(trust)


def test_a_deleted_post_is_erased_everywhere_and_does_not_come_back(trust, standin):
    assert len(texts(trust)) == 60
    for number in (5, 41):
        standin.posts[number] = standin.posts[number].but(is_deleted=True)
    outcome = withdrawals.honour(trust, "bluesky", lambda _: SECRETS)
    assert (outcome["asked_about"], outcome["withdrawn"], outcome["comments"]) == (60, 2, 2)
    assert len(texts(trust)) == 58
    assert len(list(vault_opening.locators(trust, "bluesky"))) == 58
    standin.posts[5] = standin.posts[5].but(is_deleted=False)
    querying.collect(trust, "bluesky", TODAY, SECRETS)
    assert pipeline.load(trust)["rows"]["erased"] == 1
    assert len(texts(trust)) == 58


def test_somebody_who_opts_out_later_is_erased_too(trust, standin):
    author = standin.posts[0].author
    theirs = [number for number, each in enumerate(standin.posts) if each.author == author]
    for number in theirs:
        standin.posts[number] = standin.posts[number].but(is_opted_out=True)
    assert withdrawals.honour(trust, "bluesky", lambda _: SECRETS)["comments"] == len(theirs)


def test_a_source_that_stops_answering_loses_nothing_and_what_it_said_before_is_honoured(trust, standin, monkeypatch):
    monkeypatch.setattr("wordround.connectors.asking.fetching.time.sleep", lambda _: None)
    native_ids = sorted(locator.native_id for locator in vault_opening.locators(trust, "bluesky"))
    for number, post in enumerate(standin.posts):
        if uri_of(post.id, post.author) not in native_ids[:3]:
            standin.posts[number] = post.but(is_deleted=True)
    standin.misbehave("status", on="getPosts", after=1, times=99, status=503)
    outcome = withdrawals.honour(trust, "bluesky", lambda _: SECRETS)
    assert outcome["withdrawn"] == 22, "of the 25 that it was asked about"
    assert outcome["refused"][0].startswith("SourceDown")
    assert len(texts(trust)) == 38


def test_a_server_that_says_of_everything_that_it_is_gone_is_not_believed(trust, standin):
    standin.posts.clear()
    outcome = withdrawals.honour(trust, "bluesky", lambda _: SECRETS)
    assert (outcome["withdrawn"], len(texts(trust))) == (0, 60)
    assert "says of all 60 posts" in outcome["refused"][0]


def test_where_a_budget_ends_the_check_the_next_night_goes_on_behind_it(trust, standin, monkeypatch):
    from wordround.connectors.asking.contract import Price
    from wordround.connectors.bluesky.connector import Source

    monkeypatch.setattr(Source, "price", Price("dollars", per_request=1.0))
    block = trust.sources.bluesky.model_copy(update={"budget": 3.0})
    dear = trust.model_copy(update={"sources": trust.sources.model_copy(update={"bluesky": block})})
    first = withdrawals.honour(dear, "bluesky", lambda _: SECRETS)
    assert first["refused"] == [] and first["notes"][0].startswith("BudgetSpent")
    assert withdrawals.honour(dear, "bluesky", lambda _: SECRETS)["notes"], "of the same day nothing is left"
    with store.writing(trust) as connection:
        connection.exec_driver_sql("update spending set day = '2026-01-01'")
    withdrawals.honour(dear, "bluesky", lambda _: SECRETS)
    asked = [uri for call in standin.asked("getPosts") for uri in call.params["uris"]]
    assert len(set(asked)) == 60


def test_two_checks_at_once_do_not_spend_a_days_budget_twice(trust, standin, monkeypatch):
    from wordround.connectors.asking.contract import Price
    from wordround.connectors.bluesky.connector import Source

    monkeypatch.setattr(Source, "price", Price("dollars", per_request=1.0))
    block = trust.sources.bluesky.model_copy(update={"budget": 3.0})
    dear = trust.model_copy(update={"sources": trust.sources.model_copy(update={"bluesky": block})})
    answer, both = standin.answer, threading.Barrier(2)

    def answer_both(call):
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=1)
        return answer(call)

    monkeypatch.setattr(standin, "answer", answer_both)
    with ThreadPoolExecutor(2) as runs:
        outcomes = list(runs.map(lambda _: withdrawals.honour(dear, "bluesky", lambda _: SECRETS), range(2)))
    assert [outcome["refused"] for outcome in outcomes] == [[], []]
    with store.writing(dear) as connection:
        spent = connection.exec_driver_sql("select sum(amount) from spending where purpose = 'checking'").scalar()
    assert spent <= 3.0


def test_a_login_page_is_no_deletion(trust, standin):
    standin.misbehave("redirect", on="getPosts", times=9)
    outcome = withdrawals.honour(trust, "bluesky", lambda _: SECRETS)
    assert outcome["withdrawn"] == 0
    assert outcome["refused"][0].startswith("SourceRefused")


def test_without_credentials_the_run_is_red_and_says_which(trust, monkeypatch):
    monkeypatch.delenv("WORDROUND_BLUESKY_PASSWORD")
    with pytest.raises(Exception, match="WORDROUND_BLUESKY_PASSWORD") as raised:
        pipeline.honour_source(trust, "bluesky")
    assert type(raised.value).__name__ == "Incomplete"
    with pytest.raises(CredentialMissing, match="WORDROUND_BLUESKY_PASSWORD"):
        pipeline.collect(trust, "bluesky", TODAY)


def test_no_native_id_handle_or_secret_is_written_outside_the_sealed_vault(trust, standin):
    needles = {b"at://did", standin.posts[0].author.encode() + b".example", SECRETS["password"].encode()}
    found = [
        path.relative_to(trust.home)
        for path in files_below(trust.home)
        if any(needle in path.read_bytes() for needle in needles)
    ]
    assert found == []


def test_what_somebody_edits_out_on_the_third_day_is_stored_nowhere_and_counts_grow(trust, standin):
    edited = standin.posts[7]
    standin.posts[7] = edited.but(text="Not good enough. #FernvaleNHS", likes=edited.likes)
    standin.posts[9] = standin.posts[9].but(likes=900)
    before = texts(trust)
    old = next(text for text in before if text and "Visit 7." in text)
    outcome = withdrawals.honour(trust, "bluesky", lambda _: SECRETS)
    assert (outcome["updated"], outcome["edited"], outcome["withdrawn"]) == (2, 1, 0)
    assert "Not good enough. #FernvaleNHS" in texts(trust)
    assert old not in texts(trust)
    with pipeline_connection(trust) as connection:
        rows = connection.execute("select query_id, author_key from raw.comments where likes = 900").fetchall()
    assert len(rows) == 1
    assert all(all(row) for row in rows)
    landed = [pq.read_table(path, columns=["text"])["text"].to_pylist() for path in trust.landing.glob("*/*/*.parquet")]
    assert sorted(map(len, landed)) == [2, 59]
    assert all(old not in some for some in landed)
    # Nothing has changed since, so nothing is landed; and nobody is asked about for longer.
    assert withdrawals.honour(trust, "bluesky", lambda _: SECRETS)["updated"] == 0
    assert len(list(vault_opening.locators(trust, "bluesky"))) == 60
    assert pipeline.load(trust)["rows"]["in"] == 0
