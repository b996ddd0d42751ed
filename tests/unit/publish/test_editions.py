"""Editions: what the public reads is made once a month, stays as it is, and differs from the last in company only."""

import errno
import json
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.fixtures.public_tables import Cells, build
from wordround.errors import StorageFailed
from wordround.publish import editions, product
from wordround.published.editions import all_editions
from wordround.settings import Settings
from wordround.storage import DRAFT
from wordround.warehouse import engine

JANUARY, FEBRUARY, MARCH = "2026-01", "2026-02", "2026-03"
SERVICES = ("a", "b", "c")


def month(code: str, comments: int = 40) -> Cells:
    """Three services in two weeks of a month, each with comments of which half are negative and half about staff."""
    first = date.fromisoformat(f"{code}-05")
    monday = first - timedelta(days=first.weekday())
    return {
        ("T", service, code, monday + timedelta(weeks=week)): [comments, comments // 2, comments // 2]
        for service in SERVICES
        for week in range(2)
    }


def changed(cells: Cells, service: str, week: int, comments: int = 0, negative: int = 0, staff: int = 0) -> Cells:
    """The same with other counts in one week of a service."""
    key = sorted(key for key in cells if key[1] == service)[week]
    now = cells[key]
    return cells | {key: [now[0] + comments, now[1] + negative, now[2] + staff]}


def moved(cells: Cells, trust: str, name: str) -> Cells:
    """The same after the service c has moved to another trust, where it has a name."""
    return {(trust, name, m, w) if s == "c" else (t, s, m, w): counts for (t, s, m, w), counts in cells.items()}


def make(settings: Settings, *months: Cells) -> editions.EditionMade:
    cells: Cells = {}
    for each in months:
        cells |= each
    with engine.connect(settings) as connection:
        build(connection, cells)
    return editions.make(settings)


def rows(settings: Settings, table: str, code: str = JANUARY) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.published / "public" / "wordround_public.duckdb"), read_only=True) as connection:
        return connection.execute(f"from public.{table} where month_code = ? order by all", [code]).fetchall()


def detail(settings: Settings, code: str = JANUARY) -> tuple[int, str]:
    ((_, _, number, fine),) = rows(settings, "public_editions", code)
    return number, fine


def everything(settings: Settings, code: str = JANUARY) -> list[list[tuple[Any, ...]]]:
    return [rows(settings, table.name, code) for table in editions.FIGURES]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestMaking:
    def test_the_first_has_every_closed_month_and_the_usual_names_lead_to_it(self, settings: Settings) -> None:
        made = make(settings, month(JANUARY), month(FEBRUARY))
        assert (made.edition, made.made, made.new) == (1, True, 2)
        public = settings.published / "public"
        assert (public / "latest").resolve() == public / "editions" / "0001-2026-02"
        manifest = json.loads((public / "manifest.json").read_text())
        assert manifest["edition_number"] == 1 and manifest["months"] == {"T": [JANUARY, FEBRUARY]}
        assert duckdb.sql(f"select count(*) from '{public}/parquet/public_trust_months.parquet'").fetchall() == [(2,)]
        assert not list(settings.published.rglob(f"{DRAFT}*"))

    def test_drafts_of_killed_runs_go_whether_an_edition_is_due_or_not(self, settings: Settings) -> None:
        make(settings, month(JANUARY))
        public = settings.published / "public"
        (public / "editions" / f"{DRAFT}abcdef").mkdir()
        (public / "editions" / f"{DRAFT}abcdef" / "wordround_public.duckdb").touch()
        (public / f"{DRAFT}latest-abcdef").symlink_to("editions")
        assert not make(settings, month(JANUARY)).made
        assert not list(settings.published.rglob(f"{DRAFT}*"))

    def test_nothing_but_a_month_that_has_closed_makes_another(self, settings: Settings) -> None:
        make(settings, month(JANUARY))
        again = make(settings, changed(month(JANUARY), "a", 0, comments=-30))
        assert (again.edition, again.made, again.reason) == (1, False, "no month has closed since")
        assert make(settings, month(JANUARY), month(FEBRUARY)).edition == 2

    def test_earlier_editions_are_kept_byte_by_byte(self, settings: Settings) -> None:
        make(settings, month(JANUARY))
        first = settings.published / "public" / "editions" / "0001-2026-01"
        before = bytes_of(first)
        make(settings, changed(month(JANUARY), "a", 0, comments=-30), month(FEBRUARY))
        assert bytes_of(first) == before and [each.is_as_made for each in all_editions(settings)] == [True] * 2
        second = settings.published / "public" / "manifest.json"
        assert json.loads(second.read_text())["before"] == json.loads((first / "manifest.json").read_text())["sha256"]

    def test_without_public_tables_or_a_closed_month_there_is_none(self, settings: Settings) -> None:
        with engine.connect(settings):
            pass
        assert "wordround build" in str(editions.make(settings).reason)
        assert make(settings).reason == "no month has closed yet"

    def test_one_that_would_break_its_own_rules_is_not_made_and_the_last_stays(self, settings: Settings) -> None:
        made = make(settings, month(JANUARY))
        with engine.connect(settings) as connection:
            build(connection, month(JANUARY) | month(FEBRUARY))
            connection.execute(
                "update public.public_service_weeks set comment_count = 4 where service_id = 'a' and month_code = ?",
                [FEBRUARY],
            )
        refused = editions.make(settings)
        assert (refused.edition, refused.made) == (made.edition, False)
        assert refused.reason == "it would break its own rules: No public count is small (1 up to the rule " + (
            "largest_hidden_count)."
        )
        assert [each.number for each in all_editions(settings)] == [1]
        assert not list(settings.published.rglob(f"{DRAFT}*"))

    def test_a_full_disk_leaves_the_last_one(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        make(settings, month(JANUARY))

        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(product, "write_parquet", full)
        with pytest.raises(StorageFailed):
            make(settings, month(JANUARY), month(FEBRUARY))
        assert (settings.published / "public" / "latest").resolve().name == "0001-2026-01"
        assert not list(settings.published.rglob(f"{DRAFT}*"))

    def test_what_a_kill_left_is_finished_by_the_next_run(self, settings: Settings) -> None:
        make(settings, month(JANUARY))
        make(settings, month(JANUARY), month(FEBRUARY))
        public = settings.published / "public"
        # Killed after the rename of the folder, and another one in the middle of a draft.
        (public / "latest").unlink()
        (public / "latest").symlink_to(Path("editions") / "0001-2026-01")
        (public / "editions" / f"{DRAFT}abc").mkdir()
        assert make(settings, month(JANUARY), month(FEBRUARY)).made is False
        assert (public / "latest").resolve().name == "0002-2026-02"
        assert not list(settings.published.rglob(f"{DRAFT}*"))

    def test_a_month_without_comments_between_two_trusts_makes_no_edition_of_its_own(self, settings: Settings) -> None:
        later = {("NEW", s, m, w): counts for (_, s, m, w), counts in month(MARCH).items()}
        assert make(settings, month(JANUARY), later).edition == 1
        with engine.connect(settings) as connection:
            connection.execute(
                "insert into public.public_months values (?, date '2026-02-02', date '2026-03-01', 4)", [FEBRUARY]
            )
        assert editions.make(settings).made is False

    def test_a_number_is_never_given_twice(self, settings: Settings) -> None:
        make(settings, month(JANUARY))
        make(settings, month(JANUARY), month(FEBRUARY))
        shutil.rmtree(settings.published / "public" / "editions" / "0001-2026-01")
        assert make(settings, month(JANUARY), month(FEBRUARY), month(MARCH)).edition == 3


def test_rows_stand_in_the_order_of_their_keys(settings: Settings) -> None:
    """The order of judging would tell which hidden count is larger."""
    make(settings, month(JANUARY), month(FEBRUARY))
    for table in editions.FIGURES:
        path = settings.published / "public" / "parquet" / f"{table.name}.parquet"
        found = duckdb.sql(f"from '{path}'").fetchall()
        assert found == sorted(found, key=lambda row: [str(value) for value in row[: len(table.keys)]])


class TestDifferences:
    """A published month is restated where no figure of it changes by fewer than ten comments, and else waits."""

    @pytest.fixture(autouse=True)
    def first(self, settings: Settings) -> Iterator[None]:
        make(settings, month(JANUARY))
        self.before = everything(settings)
        yield

    def next(self, settings: Settings, january: Cells) -> editions.EditionMade:
        return make(settings, january, month(FEBRUARY))

    @pytest.mark.parametrize(
        "change",
        [
            {"comments": -1, "negative": -1, "staff": -1},  # an erasure
            {"comments": 1},  # a late row
            {"negative": -1},  # another model
            {"comments": 12, "negative": 12, "staff": 3},  # twelve, and three of one theme
        ],
    )
    def test_a_small_difference_waits_and_every_figure_stands(self, settings: Settings, change: dict[str, int]) -> None:
        made = self.next(settings, changed(month(JANUARY), "a", 0, **change))
        assert detail(settings) == (1, "weeks")
        assert made.waiting == 1 and everything(settings) == self.before

    def test_of_twelve_that_went_the_number_is_told_and_nothing_of_what_they_said(self, settings: Settings) -> None:
        made = self.next(settings, changed(month(JANUARY), "a", 0, comments=-12, negative=-11))
        assert detail(settings) == (2, "trust_month_comments") and made.restated == 1

    def test_many_that_change_together_are_taken_up_in_full(self, settings: Settings) -> None:
        made = self.next(settings, changed(month(JANUARY), "a", 0, comments=100, negative=50, staff=30))
        assert detail(settings) == (2, "weeks") and made.restated == 1
        assert (340, 170) in {row[2:4] for row in rows(settings, "public_trust_months")}

    def test_of_many_that_are_erased_here_and_there_only_their_number_is_told(self, settings: Settings) -> None:
        cells = month(JANUARY)
        for service in SERVICES:
            for week in range(2):
                cells = changed(cells, service, week, comments=-2, negative=-1, staff=-1)
        made = self.next(settings, cells)
        assert detail(settings) == (2, "trust_month_comments") and made.restated == 1
        ((_, _, comments, negative, share, hidden),) = rows(settings, "public_trust_months")
        assert (comments, negative, share, hidden) == (228, None, None, True)
        assert not rows(settings, "public_service_months") and not rows(settings, "public_trust_theme_months")
        assert len(rows(settings, "public_service_weeks", FEBRUARY)) == 6

    def test_nine_erased_in_one_month_wait_for_a_tenth(self, settings: Settings) -> None:
        cells = month(JANUARY)
        for service in SERVICES:
            cells = changed(cells, service, 0, comments=-3, negative=-2, staff=-1)
        self.next(settings, cells)
        assert everything(settings) == self.before

    def test_a_service_that_goes_under_another_name_is_not_restated(self, settings: Settings) -> None:
        cells = {(t, "d" if s == "c" else s, m, w): counts for (t, s, m, w), counts in month(JANUARY).items()}
        self.next(settings, changed(cells, "d", 0, comments=-1))
        assert everything(settings) == self.before

    def test_a_trust_that_takes_a_month_over_is_not_shown_beside_it(self, settings: Settings) -> None:
        cells = {("NEW", s, m, w): counts for (_, s, m, w), counts in month(JANUARY).items()}
        self.next(settings, changed(cells, "a", 0, comments=-1))
        assert everything(settings) == self.before

    @pytest.mark.parametrize("name", ["c", "d"])
    def test_a_service_that_moves_to_a_trust_without_the_month_is_not_shown_there(
        self, settings: Settings, name: str
    ) -> None:
        """Two of three services stay where they were; an erased comment of the third would be the difference."""
        cells = moved(month(JANUARY), "NEW", name)
        self.next(settings, changed(cells, name, 0, comments=-1, negative=-1, staff=-1))
        assert {row[1] for row in rows(settings, "public_service_months")} <= {"T"}
        assert {row[0] for row in rows(settings, "public_trust_months")} == {"T"}

    @pytest.mark.parametrize("name", ["c", "d"])
    def test_a_service_that_moves_to_a_trust_with_the_month_waits_there(self, settings: Settings, name: str) -> None:
        both = month(FEBRUARY) | {("U", f"u{s}", m, w): counts for (_, s, m, w), counts in month(FEBRUARY).items()}
        make(settings, month(JANUARY), both)
        before = [[row for row in table if "U" in row] for table in everything(settings, FEBRUARY)]
        cells = changed(moved(both, "U", name), name, 0, comments=-1, negative=-1, staff=-1)
        made = make(settings, month(JANUARY), cells, month(MARCH))
        assert [[row for row in table if "U" in row] for table in everything(settings, FEBRUARY)] == before
        assert made.waiting == 1

    def test_a_month_is_compared_with_every_edition_and_not_only_the_last(self, settings: Settings) -> None:
        self.next(settings, changed(month(JANUARY), "a", 0, comments=100, negative=50, staff=50))
        make(settings, changed(month(JANUARY), "a", 0, comments=1), month(FEBRUARY), month(MARCH))
        assert detail(settings) == (2, "weeks")


def with_small(code: str, comments: int) -> Cells:
    """A month in which two of three services have few comments in every week, all of them negative and about staff."""
    return {
        key: [comments] * 3 if key[1] in ("a", "b") else counts for key, counts in month(code).items()
    }  # fmt: skip


def test_what_was_hidden_stays_hidden_when_its_month_is_restated(settings: Settings) -> None:
    """Otherwise the new total, less what did not change, would be the old hidden figure."""
    small = with_small(JANUARY, 3)
    make(settings, small)
    hidden = [row[:3] for row in rows(settings, "public_service_weeks") if row[4] is None]
    assert [service for service, _, _ in hidden] == ["a", "a", "b", "b"]
    make(settings, changed(small, "a", 0, comments=100, negative=50, staff=50), month(FEBRUARY))
    assert detail(settings) == (2, "weeks")
    assert [row[:3] for row in rows(settings, "public_service_weeks") if row[4] is None] == hidden


def test_a_part_that_is_hidden_may_not_have_changed_a_little(settings: Settings) -> None:
    """Totals and all shown parts changed by enough; what is left for the hidden ones is one comment."""
    small = with_small(JANUARY, 1)
    make(settings, small)
    before = everything(settings)
    large = changed(small, "c", 0, comments=60, negative=30, staff=30)
    make(settings, changed(large, "a", 0, comments=1), month(FEBRUARY))
    assert everything(settings) == before
    make(settings, large, month(FEBRUARY), month(MARCH))
    assert detail(settings) == (3, "weeks")
