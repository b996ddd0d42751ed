"""An attacker who keeps every edition, a report, the digests and a solver learns nothing of a comment that was erased.

Two builds with erasures and a further month between them. The same attack on two rebuilt publications, as they were
before there were editions, tells what the erased comments had said.
"""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import adversarial
import duckdb
import pytest
from linear_attack import Attack, Row, add_labels, attack_on, compared, grid_of
from small_warehouse import SmallWarehouse
from test_public_disclosure import TABLES, Tables, settings_in

from wordround.build import dbt as marts
from wordround.publish import editions
from wordround.published.disclosure import in_company

HELD_FROM = date(2025, 4, 28)
LEAST = 10


class History(NamedTuple):
    """Tables of both publications by way of publishing, how many were erased by block, and the blocks made anew."""

    editions: tuple[Tables, Tables]
    rebuilt: tuple[Tables, Tables]
    labels: tuple[list[Row], list[Row]]
    erased: dict[tuple[str, str], int]
    restated: set[tuple[str, str]]


def tables_of(file: Any) -> Tables:
    found: Tables = {}
    with duckdb.connect(str(file), read_only=True) as connection:
        for name in TABLES:
            cursor = connection.execute(f"from public.{name} order by all")
            columns = [column[0] for column in cursor.description or ()]
            found[name] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return found


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    for settings in settings_in(tmp_path_factory.mktemp("editions")):
        warehouse, chance = SmallWarehouse(settings), random.Random(7)
        adversarial.load(warehouse, 5)
        with warehouse.connect() as connection:
            connection.execute("create table held as from raw.comments where posted_date >= ?", [HELD_FROM])
            connection.execute("delete from raw.comments where posted_date >= ?", [HELD_FROM])
        marts.build(settings)
        first = editions.make(settings)
        labels = warehouse.table("marts.fct_service_weeks join marts.dim_weeks using (week_date)")
        before, rebuilt = tables_of(first.database), tables_of(settings.warehouse_file)
        with warehouse.connect() as connection:
            known = connection.execute(
                "select comment_id, trust_code, strftime(date_trunc('week', posted_date)::date + 3, '%Y-%m')"
                " from raw.comments order by 1"
            ).fetchall()
            blocks: dict[tuple[str, str], list[str]] = {}
            for comment_id, trust, month in known:
                blocks.setdefault((trust, month), []).append(comment_id)
            # Of most blocks one comment goes, of some a handful or a dozen; never all, which needs no working out.
            chosen = {
                block: chance.sample(ids, chance.choice((1, 1, 1, 5, 12)) if len(ids) > 30 else 1)
                for block, ids in blocks.items()
            }
            for ids in chosen.values():
                connection.execute("delete from raw.comments where list_contains(?, comment_id)", [ids])
            connection.execute("insert into raw.comments from held; drop table held")
        marts.build(settings, full_refresh=True)
        second = editions.make(settings)
        assert (first.edition, second.edition) == (1, 2)
        made = warehouse_rows(second.database, "public_editions")
        again = {(row["trust_code"], row["month_code"]) for row in made if row["edition_number"] == 2}
        yield History(
            editions=(before, tables_of(second.database)),
            rebuilt=(rebuilt, tables_of(settings.warehouse_file)),
            labels=(labels, warehouse.table("marts.fct_service_weeks join marts.dim_weeks using (week_date)")),
            erased={block: len(ids) for block, ids in chosen.items()},
            restated=again & set(blocks),
        )


def warehouse_rows(file: Any, table: str) -> list[Row]:
    with duckdb.connect(str(file), read_only=True) as connection:
        cursor = connection.execute(f"from public.{table}")
        columns = [column[0] for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def blocks_of(tables: Tables) -> set[tuple[str, str]]:
    return {(row["trust_code"], row["month_code"]) for row in tables["public_trust_months"]}


def told(pair: tuple[Tables, Tables], block: tuple[str, str], history: History, *, digest: bool) -> dict[Any, int]:
    """What the attacker works out of a block: small numbers that are hidden, and how much of what has gone."""
    grid = grid_of(pair[0], *block)
    before, after = attack_on(pair[0], *block, grid), attack_on(pair[1], *block, grid, hides_noughts=True)
    if digest:
        shown, now = (
            [row for row in rows if (row["trust_code"], row["month_code"]) == block] for rows in history.labels
        )
        add_labels(before, shown)
        add_told_again(after, shown, now)
    found = compared(before, after, history.erased[block]).disclosed()
    return {cell: value for cell, value in found.items() if value and (cell[0] == "gone" or value < 5)}


def add_told_again(after: Attack, shown: list[Row], now: list[Row]) -> None:
    """A digest tells a week again where its comments differ in company, and else as it was issued."""
    issued = {(row["service_id"], row["week_date"]): row["comment_count_label"] for row in shown}
    for row in now:
        key, label = (row["service_id"], row["week_date"]), row["comment_count_label"]
        first = issued.get(key, "*")
        cell = ("comments", *key)
        if cell in after.places and "*" not in (first, label) and first != label and in_company(first, label, LEAST):
            after.know({cell: 1}, int(label), int(label))


def test_two_editions_a_report_and_the_digests_tell_nothing_of_what_was_erased(history: History) -> None:
    both = blocks_of(history.editions[0]) & set(history.erased)
    assert len(both) > 20 and len(blocks_of(history.editions[1])) > len(blocks_of(history.editions[0]))
    for block in sorted(both - history.restated):
        for name in TABLES:
            of_block = [
                [row for row in tables[name] if (row["trust_code"], row["month_code"]) == block]
                for tables in history.editions
            ]
            assert of_block[0] == of_block[1], (block, name)
    assert len(both & history.restated) > 3
    for block in sorted(both & history.restated):
        assert history.erased[block] >= LEAST
        for digest in (False, True):
            found = told(history.editions, block, history, digest=digest)
            small = {cell: value for cell, value in found.items() if value < (LEAST if cell[0] == "gone" else 5)}
            assert {cell: small[cell] for cell in small if cell[0] == "gone" or not digest} == {}, (block, digest)


def test_the_same_attack_on_rebuilt_publications_tells_what_single_comments_had_said(history: History) -> None:
    """Without editions: the month as it was published, and as the build after the erasure publishes it."""
    single = sorted(
        block for block, count in history.erased.items() if count == 1 and block in blocks_of(history.rebuilt[0])
    )
    found = {block: told(history.rebuilt, block, history, digest=False) for block in single[:12]}
    gone = {block: {cell for cell in cells if cell[0] == "gone"} for block, cells in found.items()}
    assert sum(bool(cells) for cells in gone.values()) > 3
    assert any(
        cell[1][0] == "negative" or cell[1][0] in adversarial.THEMES for cells in gone.values() for cell in cells
    )
