"""What the demo makes of social posts: all of them accounted for, and nobody to be found in what it leaves behind."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from wordround.connectors import registry
from wordround.demo.standins import bluesky, x
from wordround.demo.standins.__main__ import posts_in
from wordround.settings import PROJECT

POSTS = {file.stem: posts_in(file) for file in sorted((PROJECT / "sample_data" / "synthetic_social").glob("*.jsonl"))}
ASKED = {source for source in POSTS if registry.is_asked(source)}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def published(demo) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(demo[0]["published"], read_only=True) as connection:
        yield connection


def test_every_stand_in_was_asked_on_this_machine_and_the_demo_says_so(demo):
    outcome, _, printed = demo
    assert {row["source"] for row in outcome["sources"]} == ASKED
    for row in outcome["sources"]:
        assert row["address"].startswith("http://127.0.0.1:")
        assert row["address"] in printed
    assert "Social posts (synthetic" in printed


def test_posts_of_every_source_are_published_and_those_about_care_are_told_from_the_others(demo, published):
    counts = dict(published.sql("select source_code, count(*) from marts.fct_comments group by all").fetchall())
    for row in demo[0]["sources"]:
        assert counts[row["source"]] == row["posts"] > len(POSTS[row["source"]]) / 2
        assert 0 < row["about_care"] <= row["posts"]
    social = [row for row in demo[0]["sources"] if row["source"] in ("bluesky", "mastodon", "x")]
    assert len(social) == 3
    for row in social:
        assert 0.15 < row["about_care"] / row["posts"] < 0.45
        assert row["copies"] + row["reposts"] > 5


def test_posts_are_about_the_service_that_they_name_in_every_way_that_there_is(published):
    found = published.sql(
        "select attributed_by, is_ambiguous, count(*) from marts.fct_comments where source_code != 'fft' group by all"
    ).fetchall()
    by = {(how, is_ambiguous): count for how, is_ambiguous, count in found}
    assert {how for how, _ in by} == {"account", "hashtag", "place", "text", "trust_level"}
    assert by["text", False] > 50
    assert by["trust_level", True] > 0


def test_every_row_that_a_source_gave_is_accounted_for(published):
    rows = published.sql(
        """select source_code, sum(rows_in), sum(rows_loaded + rows_updated + rows_unchanged + rows_no_answer
                  + rows_quarantined + rows_erased + rows_reshared + rows_refused)
           from marts.fct_source_coverage group by all"""
    ).fetchall()
    assert {source for source, _, _ in rows} == {"fft", *ASKED}
    assert [row for row in rows if row[1] != row[2] or not row[1]] == []


def test_nobodys_account_or_post_can_be_named_from_what_the_demo_leaves_outside_the_vault(demo):
    home = Path(demo[1])
    people = {
        post.author for posts in POSTS.values() for post in posts if re.fullmatch(r"[a-z]{10,}\d{3}q?", post.author)
    }
    assert len(people) > 300
    ids = {post.id for source in ("bluesky", "mastodon") for post in POSTS[source]}
    ids |= {f"11{post.id}" for post in POSTS["mastodon"]} | {x.id_of(post) for post in POSTS["x"]}
    wanted = people | ids | {bluesky.did_of(name).rpartition(":")[2] for name in people}
    files = [path for path in home.rglob("*") if path.is_file() and not path.is_relative_to(home / "vault")]
    assert len(files) > 50
    assert [path for path in files if wanted & words_of(path)] == []


def words_of(path: Path) -> set[str]:
    """Every word of a file; of tables also those that are stored compressed."""
    if path.suffix == ".parquet":
        return _words(duckdb.sql(f"select to_json(given)::varchar from read_parquet('{path}') as given").fetchall())
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.sql(
                "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
            ).fetchall()
            rows = [
                row
                for schema, table in tables
                for row in connection.sql(
                    f'select to_json(given)::varchar from "{schema}"."{table}" as given'
                ).fetchall()
            ]
        return _words(rows)
    return set(re.findall(r"\w+", path.read_bytes().decode("latin-1")))


def _words(rows: list[tuple[str]]) -> set[str]:
    return {word for (row,) in rows for word in re.findall(r"\w+", row)}
