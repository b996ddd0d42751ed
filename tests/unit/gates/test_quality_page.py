"""The quality page says of every source whether all of its rows are accounted for, whatever became of them."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from tests.fixtures.forum import FORUM, post
from wordround.comments import Comment, Refused, Rejected, Repeated
from wordround.gates import page
from wordround.identity import tombstones
from wordround.identity.pseudonyms import pseudonymiser
from wordround.land.batch import Batch
from wordround.land.row_outcomes import OUTCOMES
from wordround.settings import Settings
from wordround.warehouse import engine, load

DAY = date(2026, 11, 20)


@pytest.fixture
def loaded(settings: Settings) -> Settings:
    """Three sources of which rows came to everything that can become of a row."""
    keys = pseudonymiser(settings)
    tombstones.lay(settings, keys, {keys.pseudonym("forum", post(9).native_id)}, ())
    every = [post(1), post(2), post(3)._replace(text=None), Repeated(2), _reshare(4), post(9)]
    every += [Refused("opted_out"), Refused("bot"), Rejected(7, "date", "unreadable_item", {})]
    _land(settings, "forum", every)
    _land(settings, "board", [post(1), _reshare(2)])
    _land(settings, "wall", [post(1), Refused("not_public")])
    load.load(settings)
    _land(settings, "forum", [post(1, text="Edited: the waiting room was warm"), post(2)])
    load.load(settings)
    return settings


def _reshare(number: int) -> Comment:
    return post(number)._replace(text=None, reshare_of="forum-post-1")


def _land(settings: Settings, source: str, items: list) -> None:
    with Batch(settings, source, DAY, "ab" * 32, source, pseudonymiser(settings), FORUM) as batch:
        batch.take(items)
        batch.finish(run_id="1")


def rows_of(written: str) -> dict[str, dict[str, str]]:
    """The table of rows by source as a reader sees it: of each source, what stands under which heading."""
    (table,) = (each for each in re.findall(r"<table[^>]*>.*?</table>", written, re.DOTALL) if "Rows by source" in each)
    headings = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", table)
    lines = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", table, re.DOTALL)
    return {
        source: dict(zip(headings[1:], re.findall(r"<td[^>]*>(.*?)</td>", cells), strict=True))
        for source, cells in lines
    }


def page_of(settings: Settings, folder: Path) -> dict[str, dict[str, str]]:
    return rows_of(_written(settings, folder))


def _written(settings: Settings, folder: Path) -> str:
    with engine.connect(settings) as connection:
        ledger = page.read_ledger(connection)
    return page.write(folder, "loaded", datetime.now(UTC), [], {}, ledger).read_text(encoding="utf-8")


def test_every_source_of_a_chain_with_reshares_and_refusals_reconciles(loaded: Settings, tmp_path: Path) -> None:
    rows = page_of(loaded, tmp_path)
    assert {source: row["Adds up"] for source, row in rows.items()} == dict.fromkeys(
        ("forum", "board", "wall"), "✓ Yes"
    )
    assert (rows["forum"]["Refused"], rows["forum"]["Reshared"], rows["forum"]["Erased"]) == ("2", "1", "1")


def test_a_reader_can_add_every_line_up_from_what_stands_on_the_page(loaded: Settings, tmp_path: Path) -> None:
    for source, row in page_of(loaded, tmp_path).items():
        counts = {name: int(cell) for name, cell in row.items() if name not in ("Adds up", "Batches")}
        assert counts.pop("Rows in") == sum(counts.values()), source
        assert len(counts) == len(OUTCOMES)
    forum = page_of(loaded, tmp_path)["forum"]
    assert [name for name, cell in forum.items() if cell == "0"] == [], "of the forum there is something of everything"


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_row_too_many_or_too_few_is_said(loaded: Settings, tmp_path: Path, outcome: str) -> None:
    with engine.connect(loaded) as connection:
        connection.execute(f"update ops.batches set rows_{outcome} = rows_{outcome} + 1 where source = 'wall'")
    assert {source: row["Adds up"] for source, row in page_of(loaded, tmp_path).items()} == {
        "forum": "✓ Yes",
        "board": "✓ Yes",
        "wall": "✕ No",
    }


def test_places_that_were_merged_stand_on_the_page_with_their_spellings(loaded: Settings, tmp_path: Path) -> None:
    assert "Merged places" not in _written(loaded, tmp_path), "before a build"
    with engine.connect(loaded) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute("create table marts.dim_services (service_label varchar, place_spellings varchar)")
        connection.execute("insert into marts.dim_services values ('Ward 4', 'Ward 4 | WARD <4>.'), ('Elm Ward', null)")
    written = _written(loaded, tmp_path)
    assert '<th scope="row">Ward 4</th><td>Ward 4 | WARD &lt;4&gt;.</td>' in written
    assert "Elm Ward" not in written


def test_before_anything_was_loaded_the_page_says_so(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        engine.prepare(connection)
        ledger = page.read_ledger(connection)
    path = page.write(tmp_path, "loaded", datetime.now(UTC), [], {}, ledger)
    assert "No batch has been loaded yet." in path.read_text(encoding="utf-8")
