"""Ten days in which anything happens, built day by day, leave the tables that one build from the start makes."""

import csv
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from small_warehouse import Answer, SmallWarehouse

from tests.fixtures.chains import copied
from tests.fixtures.engines import on_a_lake
from wordround.folders import REFERENCE
from wordround.settings import Settings
from wordround.warehouse import engine, expiry

pytestmark = pytest.mark.slow

# With all that they are made of: on a lake every build is dbt's own.
INCREMENTAL = ("+fct_comment_themes", "+int_service_theme_weeks_counted")
MONDAY = date(2026, 1, 5)
WEEKS = 10
PLACES = ("Kestrel Ward", "Heron Ward", "Crisis Team", "Bay 9", "Perinatal", None)
THEMES = ("staff_manner", "timeliness", "communication", "staff_competence", "environment")
POLARITIES = ("negative", "neutral", "positive")
TEXTS = ("The nurse was kind", "A long wait", "Nobody called back", "Clean rooms and good food", "nothing", "All well")


class Days:
    """Draws what happens, of a warehouse whose comments it knows."""

    def __init__(self, warehouse: SmallWarehouse, seed: int) -> None:
        self.warehouse, self.draw, self.known = warehouse, random.Random(seed), dict[str, Answer]()

    def answer(self, comment_id: str) -> Answer:
        draw = self.draw
        themes = tuple((theme, "word", draw.choice(POLARITIES)) for theme in draw.sample(THEMES, draw.randrange(3)))
        posted = MONDAY + timedelta(draw.randrange(7 * WEEKS))
        text = draw.choice((f"{draw.choice(TEXTS)} {comment_id}", draw.choice(TEXTS)))
        compound, question = draw.uniform(-1, 1), draw.choice(("what_good", "could_improve"))
        if draw.random() < 0.3:
            return Answer(
                comment_id, posted, text, compound, themes, source="bluesky", kind="post", location=None,
                author_key=f"a{len(text) % 5}", relevance=(draw.random(), "model"),
                named=draw.choice(((), ("fernvale_heron_ward",))), group=draw.choice((None, "one", "two")),
                unknown_word_share=draw.random(),
            )  # fmt: skip
        return Answer(
            comment_id, posted, text, compound, themes, draw.randrange(1, 7), f"form {comment_id}", question,
            draw.choice(PLACES), group=draw.choice((None, "three")), unknown_word_share=draw.random(),
        )  # fmt: skip

    def some(self, most: int) -> list[str]:
        return self.draw.sample(sorted(self.known), min(most, len(self.known)))

    def come(self, count: int) -> None:
        self._load([self.answer(f"c{len(self.known)}-{n}") for n in range(count)])

    def are_corrected(self) -> None:
        self._load([self.answer(comment_id) for comment_id in self.some(4)])

    def are_withdrawn(self) -> None:
        self._load([Answer(comment_id, MONDAY, None, location="Heron Ward") for comment_id in self.some(2)])

    def are_erased(self) -> None:
        self._execute("delete from raw.comments where list_contains(?, comment_id)", [self.some(3)])

    def are_coded_by_people(self) -> None:
        self.warehouse.clock += timedelta(minutes=1)
        self._execute("delete from understanding.human_codes")
        for comment_id in self.some(3):
            self._execute(
                "insert into understanding.human_codes values (?, 'very_negative', 'negative', null, ?)",
                [comment_id, self.warehouse.clock],
            )

    def are_read_by_another_model(self) -> None:
        self.warehouse.annotations_version = f"learned-{self.draw.randrange(10**8):08}"
        self.warehouse.sentiment_version = f"vader-{self.draw.randrange(10**8)}"
        with self.warehouse.connect() as connection:
            rows = connection.execute("select comment_id from raw.comments where text is not null").fetchall()
        read = [answer for name, answer in self.known.items() if answer.text is not None and (name,) in rows]
        self.warehouse.understand([
            replace(
                answer, compound=-answer.compound, unknown_word_share=self.draw.random(),
                themes=tuple((theme, word, self.draw.choice(POLARITIES)) for theme, word, _ in answer.themes),
            )
            for answer in read
        ])  # fmt: skip

    def expire(self) -> None:
        expiry.expire_texts(self.warehouse.settings, "fft", MONDAY + timedelta(7 * 2))
        # Dated by the machine's clock: what comes later must have a later moment.
        self.warehouse.clock = datetime.now(UTC) + timedelta(hours=1)

    def _load(self, answers: list[Answer]) -> None:
        self.known |= {answer.comment_id: answer for answer in answers}
        self.warehouse.load(answers, MONDAY + timedelta(7 * WEEKS + 10))

    def _execute(self, statement: str, values: list[object] | None = None) -> None:
        with self.warehouse.connect() as connection:
            connection.execute(statement, values or [])


@pytest.fixture
def rename(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The trust's own folder, into which a register can be put that renames a service and gives it a place."""
    folder = tmp_path / "own"
    folder.mkdir()
    shutil.copyfile(settings.environment.config, folder / "wordround.toml")
    monkeypatch.setenv("WORDROUND_CONFIG", str(folder / "wordround.toml"))

    def renames() -> None:
        with (REFERENCE / "services.csv").open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        for row in rows:
            if row["service_id"] == "fernvale_kestrel_ward":
                row |= {
                    "service_id": "fernvale_merlin_ward",
                    "service_label": "Merlin Ward",
                    "aliases": "kestrel ward|bay 9",
                }
        with (folder / "services.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, rows[0])
            writer.writeheader()
            writer.writerows(rows)

    return renames


def tables(settings: Settings) -> dict[str, object]:
    """What stands in each table of the build, whatever the order of its rows."""
    with engine.connect(settings) as connection:
        names = connection.execute(
            """select schema_name || '.' || table_name from duckdb_tables()
               where schema_name in ('intermediate', 'marts', 'public') and database_name = current_database()"""
        ).fetchall()
        return {
            name: connection.execute(f"select count(*), sum(hash(rows)::hugeint) from {name} as rows").fetchone()
            for (name,) in names
        }


def different(found: dict[str, object], wanted: dict[str, object]) -> list[str]:
    return sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))


def test_ten_days_of_anything_leave_the_tables_of_a_build_from_the_start(
    settings: Settings, rename: Callable[[], None], tmp_path: Path
) -> None:
    for day, warehouse in ten_days(settings, rename, 1):
        if day in (3, 6, 10):
            made = tables(settings)
            other = SmallWarehouse(copied(settings, tmp_path / f"copy {day}"))
            other.build(full_refresh=True)
            assert different(made, tables(other.settings)) == [], f"day {day}"
            assert warehouse.table("marts.fct_service_theme_weeks")


def test_in_a_lake_too(settings: Settings, rename: Callable[[], None], tmp_path: Path) -> None:
    lake = on_a_lake(settings, tmp_path / "lake")
    for day, warehouse in ten_days(lake, rename, 2, *INCREMENTAL):
        if day in (6, 10):
            made = tables(lake)
            warehouse.build(full_refresh=True, only=INCREMENTAL)
            assert different(made, tables(lake)) == [], f"day {day}"


def ten_days(
    settings: Settings, rename: Callable[[], None], seed: int, *only: str
) -> Iterator[tuple[int, SmallWarehouse]]:
    """Yield each day, and the warehouse as it was built on it."""
    warehouse = SmallWarehouse(settings)
    days = Days(warehouse, seed)
    days.come(150)
    warehouse.build(only=only)
    happenings = [
        [days.are_corrected], [days.are_withdrawn, days.are_erased], [days.are_coded_by_people],
        [days.are_read_by_another_model], [days.expire], [days.are_corrected, days.are_coded_by_people],
        [days.are_erased], [days.are_read_by_another_model], [days.are_withdrawn, days.are_corrected], [rename],
    ]  # fmt: skip
    for day, happened in enumerate(happenings, start=1):
        days.come(days.draw.randrange(6))
        for happens in happened:
            happens()
        warehouse.build(only=only)
        yield day, warehouse
