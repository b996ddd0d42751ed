"""Edits between two days: the nightly check brings them for every source whose answers hold posts whole."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest

from tests.e2e.test_source_canaries import SOURCES, block
from tests.fixtures.legible import places_of
from wordround import credentials, pipeline
from wordround.collect import queries
from wordround.demo.standins.world import Post
from wordround.erasing import withdrawals
from wordround.warehouse.engine import connect

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)
DETAIL, EDITED = "my bed was beside the broken lamp on the landing", "Thank you to everybody who was kind"
PHONE = "07700 900123"
# What their answers to a check hold: whether a post is there, and no word of it.
NOT_SHOWN = ("facebook", "instagram", "nhs_reviews", "feeds")


def world(source: str) -> list[Post]:
    place = "XFV" if source == "care_opinion" else ""
    return [
        Post(f"773100{number}", f"Spent a night here, {DETAIL} #FernvaleNHS", NOW - timedelta(minutes=number),
             place=place, rating=3, likes=1)
        for number in range(3)
    ]  # fmt: skip


@pytest.mark.parametrize("source", [name for name in SOURCES if name not in NOT_SHOWN])
def test_what_was_edited_between_two_days_is_replaced_and_a_number_that_it_brings_is_masked(
    source, settings_with, monkeypatch
):
    module = import_module(f"wordround.demo.standins.{source}")
    kind, *_, secrets = SOURCES[source]
    for name, constant in secrets.items():
        monkeypatch.setenv(credentials.variable(source, name), getattr(module, constant))
    with getattr(module, kind)(world(source)) as standin:
        trust = settings_with(added=block(source, standin, module))
        queries.collect(trust, source, NOW.date(), credentials.of(source))
        assert pipeline.load(trust)["rows"]["loaded"] == 3
        words = f"{EDITED}, ring {PHONE} #FernvaleNHS"
        standin.posts[1] = standin.posts[1].but(text=words, edited_at=NOW + timedelta(minutes=5))
        outcome = withdrawals.honour(trust, source, credentials.of)
    assert outcome["refused"] == []
    assert (outcome["edited"], outcome["withdrawn"]) == (1, 0)
    with connect(trust) as warehouse:
        places = warehouse.execute("select distinct site_code, location_1, location_2 from raw.comments").fetchall()
    assert len(places) == 1, "it keeps its place"
    assert places_of(trust.home, EDITED)
    assert not places_of(trust.home, PHONE)
