"""The whole chain on both engines, over the same landed files: what is published agrees, table by table.

The lake has its catalogue in Postgres where a server can be started here, else in a file.
"""

import csv
import hashlib
import shutil
from collections.abc import Callable, Collection, Iterator
from datetime import date
from itertools import islice
from pathlib import Path

import duckdb
import pytest

from tests.fixtures import postgres
from tests.fixtures.chains import of_home
from tests.fixtures.engines import no_history_is_left, on_a_lake
from tests.fixtures.legible import places_of
from tests.fixtures.postgres import Server
from tests.fixtures.social import SECRETS, block
from wordround import erasing, pipeline
from wordround.demo.standins.__main__ import posts_in
from wordround.demo.standins.bluesky import Bluesky
from wordround.folders import SAMPLE_DATA
from wordround.settings import Settings

pytestmark = pytest.mark.slow

FORMS = SAMPLE_DATA / "synthetic_fft" / "fernvale_synthetic_5_latest.csv"
# How many rows of it have come by each day, its header among them.
DAYS = (300, None)
FIRST = date(2026, 9, 28)
CONVERSATION = """
[[conversations]]
name = "fernvale_week"
tags = ["FernvaleNHS"]
begins = 2026-11-02T00:00:00
ends = 2026-11-09T00:00:00
"""
# When a home did something, and what it called the run: they differ between two runs on one engine too.
OF_THE_RUN = {
    "loaded_at", "updated_at", "last_loaded_at", "published_at", "build_id", "issued_at", "governance_valid_from",
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[Server | None]:
    """A Postgres server of the test's own; None where none is installed."""
    if (programs := postgres.programs()) is None:
        yield None
        return
    with postgres.running(programs) as started:
        yield started


def test_both_engines_publish_the_same_tables_day_by_day_and_after_an_erasure(
    settings_with: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    server: Server | None,
    replayed_builds: None,
) -> None:
    collected = collect_posts(settings_with, monkeypatch)
    homes = (tmp_path / "file", tmp_path / "lake")
    for home in homes:
        shutil.copytree(collected.home, home, symlinks=True)
    file, lake = of_home(collected, homes[0]), on_a_lake(collected, homes[1], server.new_database() if server else None)

    for day, rows in enumerate(DAYS):
        for settings in (file, lake):
            feed(settings, f"day_{day}.csv", rows)
            chain(settings, built=(lambda: no_history_is_left(lake)) if settings is lake else None)
            pipeline.watch_trends(settings)
        assert hashes(file) == hashes(lake), f"day {day}"

    erased, text = a_comment(file)
    # The least text of all is one that the catalogue knows.
    assert {place.split("/")[0] for place in places_of(lake.home, text)} >= {"landing", "lake", "published"}
    assert in_the_server(server, text) or not server
    for settings in (file, lake):
        request = erasing.Request("comment", None, (erased,))
        pipeline.erase(settings, request, lambda _: True)
    assert hashes(file) == hashes(lake)
    for value in (text, erased):
        assert places_of(lake.home, value) == set()
    assert not in_the_server(server, text)


def collect_posts(settings_with: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Land the sample's posts of a social source."""
    with Bluesky(posts_in(SAMPLE_DATA / "synthetic_social" / "bluesky.jsonl")) as standin:
        for name, secret in SECRETS.items():
            monkeypatch.setenv(f"WORDROUND_BLUESKY_{name.upper()}", secret)
        settings = settings_with(added=block(standin, FIRST) + CONVERSATION)
        assert pipeline.collect(settings, "bluesky", date.today())["batches"]
    return settings


def feed(settings: Settings, name: str, rows: int | None) -> None:
    folder = settings.home / "inbox" / "fft"
    folder.mkdir(parents=True, exist_ok=True)
    with FORMS.open(encoding="utf-8", newline="") as whole, (folder / name).open("w", newline="") as part:
        csv.writer(part).writerows(islice(csv.reader(whole), rows))
    pipeline.ingest(settings, "fft", date.today())


def chain(settings: Settings, built: Callable[[], None] | None = None) -> None:
    """Do every step after collecting; `built` is called right after the build."""
    pipeline.load(settings)
    pipeline.understand(settings)
    pipeline.gate(settings, "loaded")
    pipeline.build(settings)
    if built:
        built()
    pipeline.gate(settings, "publishable")
    pipeline.publish(settings)


def a_comment(settings: Settings) -> tuple[str, str]:
    """Return the id and the words of the comment whose words come first, of those that nobody else wrote."""
    with duckdb.connect(str(settings.published / "wordround.duckdb"), read_only=True) as connection:
        (found,) = connection.execute(
            """select min(comment_id), comment_text from marts.fct_comments
               group by comment_text having count(*) = 1 order by comment_text limit 1"""
        ).fetchall()
    return found


def in_the_server(server: Server | None, text: str) -> list[str]:
    """Return the files of a server's databases, and of what it knows of their columns, in which a text stands."""
    if server is None:
        return []
    server.write_out()
    files = (path for path in sorted((server.folder / "data" / "base").rglob("*")) if path.is_file())
    return [path.name for path in files if text.encode() in path.read_bytes()]


def hashes(settings: Settings, but: Collection[str] = OF_THE_RUN) -> dict[str, str]:
    """Return a hash of each published table: its columns, their types and descriptions, and its rows in order.

    but: columns whose values are left out.
    """
    found = {}
    with duckdb.connect(str(settings.published / "wordround.duckdb"), read_only=True) as connection:
        columns = connection.execute(
            """select schema_name || '.' || table_name, list((column_name, data_type, is_nullable, comment)
                   order by column_index)
               from duckdb_columns() where not internal group by all order by all"""
        ).fetchall()
        for table, described in columns:
            names = [f'"{name}"' for name, *_ in described if name not in but]
            digest = hashlib.sha256(repr(described).encode())
            for row in connection.execute(f"select {', '.join(names)} from {table} order by all").fetchall():
                digest.update(repr(row).encode())
            found[table] = digest.hexdigest()
    return found
