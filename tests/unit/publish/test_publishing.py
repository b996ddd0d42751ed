"""Publishing: readers never fail and never see half, and what is published describes itself."""

import json
import multiprocessing
import os
import subprocess
import sys
from datetime import datetime, timedelta, tzinfo
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path
from shutil import copyfile

import duckdb
import pytest

from tests.fixtures import published
from wordround.errors import BuildFailed, StorageFailed
from wordround.publish import copying, product
from wordround.publish import publication as publishing
from wordround.settings import Settings
from wordround.warehouse import engine

ROWS = 20_000


def build(settings: Settings, generation: int, rows: int = ROWS) -> None:
    """Marts whose every row carries the generation, so that a mixture would show."""
    with engine.connect(settings) as connection:
        connection.execute("create schema if not exists marts")
        for table in ("fct_one", "fct_two"):
            connection.execute(
                f"create or replace table marts.{table} as select {generation} as generation, i from range({rows}) t(i)"
            )
        connection.execute("comment on table marts.fct_one is 'It''s one. Grain: one row per i.'")
        connection.execute("comment on column marts.fct_one.i is 'A number.'")


def read_without_end(
    folder: str, stop: Event, reads: "Synchronized[int]", problems: "multiprocessing.Queue[str]"
) -> None:
    """Open both copies again and again, as analysts do, and say what was wrong."""
    both = "select count(*), min(generation), max(generation) from published.marts.fct_one "
    both += "full join published.marts.fct_two using (generation, i)"
    parquet = f"select count(*), min(generation), max(generation) from '{folder}/parquet/fct_one.parquet'"
    while not stop.is_set():
        try:
            with duckdb.connect() as connection:
                connection.execute(f"attach '{folder}/wordround.duckdb' as published (read_only)")
                for query in (both, parquet):
                    count, first, last = connection.execute(query).fetchone() or (0, 0, 1)
                    if count != ROWS or first != last:
                        problems.put(f"{count} rows of generations {first} to {last}")
        except duckdb.Error as error:
            problems.put(str(error))
        with reads.get_lock():
            reads.value += 1


@pytest.mark.slow
def test_readers_in_other_processes_never_fail_and_never_see_half(settings: Settings) -> None:
    build(settings, 0)
    publishing.publish(settings)
    context = multiprocessing.get_context("spawn")
    stop, reads, problems = context.Event(), context.Value("i", 0), context.Queue()
    arguments = (str(settings.published), stop, reads, problems)
    readers = [context.Process(target=read_without_end, args=arguments) for _ in range(3)]
    for reader in readers:
        reader.start()
    # Readers take a while to start, longer on a busy machine: what counts is that they met many publications.
    for generation in range(1, 200):
        build(settings, generation)
        publishing.publish(settings)
        if generation >= 15 and reads.value >= 60:
            break
    stop.set()
    for reader in readers:
        reader.join()
    assert reads.value >= 60
    assert problems.empty(), problems.get()


def test_the_published_file_opens_read_only_and_describes_itself(settings: Settings) -> None:
    build(settings, 1)
    outcome = publishing.publish(settings)
    with duckdb.connect(outcome.database, read_only=True) as connection:
        assert connection.execute("select comment from duckdb_tables() where table_name = 'fct_one'").fetchall() == [
            ("It's one. Grain: one row per i.",)
        ]
        assert connection.execute(
            "select comment from duckdb_columns() where column_name = 'i' and table_name = 'fct_one'"
        ).fetchone() == ("A number.",)
        assert connection.execute("select build_id from meta.publication").fetchall() == [(outcome.build_id,)]


def test_only_marts_are_published(settings: Settings) -> None:
    build(settings, 1)
    with duckdb.connect(publishing.publish(settings).database, read_only=True) as connection:
        schemas = {schema for (schema,) in connection.execute("select schema_name from duckdb_tables()").fetchall()}
    assert schemas == {"marts", "meta"}


def test_the_manifest_accounts_for_every_file(settings: Settings) -> None:
    build(settings, 1)
    publishing.publish(settings)
    manifest = json.loads((settings.published / "manifest.json").read_text())
    assert manifest["tables"].keys() == {"fct_one", "fct_two"}
    for name, table in manifest["tables"].items():
        path = settings.published / "parquet" / f"{name}.parquet"
        assert table == {"rows": 20_000, "parquet_sha256": product.sha256(path)}
    assert manifest["sha256"]["wordround.duckdb"] == product.sha256(settings.published / "wordround.duckdb")
    assert json.loads((settings.published / "parquet" / "manifest.json").read_text()) == manifest


def test_a_publication_that_fails_leaves_the_last_one_and_no_litter(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(settings, 1)
    first = publishing.publish(settings)
    build(settings, 2)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr(product, "account", full)
    with pytest.raises(StorageFailed, match="No space left"):
        publishing.publish(settings)
    with duckdb.connect(first.database, read_only=True) as connection:
        assert connection.execute("select distinct generation from marts.fct_one").fetchall() == [(1,)]
    assert not list(settings.published.glob(".draft-*"))


def test_what_a_killed_run_has_left_goes_with_the_next_publication_however_young(settings: Settings) -> None:
    build(settings, 1, 10)
    publishing.publish(settings)
    (settings.published / ".draft-29991231T000000Z-abcdef.duckdb").write_bytes(b"all comments")
    half = settings.published / ".parquet-29991231T000000Z-abcdef"
    half.mkdir()
    (half / "fct_one.parquet").write_bytes(b"all comments")
    (settings.published / ".draft-29991231T000000Z-abcdef.link").symlink_to(half.name)
    outcome = publishing.publish(settings)
    assert not list(settings.published.glob(".draft-*"))
    assert not half.exists()
    assert (settings.published / "parquet").resolve().name == f".parquet-{outcome.build_id}"
    assert len(list(settings.published.glob(".parquet-*"))) == 2, "readers of the last one go on"


def test_a_clock_that_goes_back_takes_no_folder_from_its_readers(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Yesterday(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) - timedelta(days=1)

    build(settings, 1, 10)
    names = [publishing.publish(settings).build_id]
    monkeypatch.setattr(publishing, "datetime", Yesterday)
    names += [publishing.publish(settings).build_id for _ in range(2)]
    assert names == sorted(names)
    kept = {path.name.removeprefix(".parquet-") for path in settings.published.glob(".parquet-*")}
    assert set(names) <= kept, "somebody may be reading what was replaced a moment ago"


def test_old_parquet_folders_go_but_those_that_a_reader_may_hold_stay(settings: Settings) -> None:
    for generation in range(4):
        build(settings, generation, 10)
        publishing.publish(settings)
        for folder in settings.published.glob(".parquet-*"):
            os.utime(folder, (generation, generation))
    assert len(list(settings.published.glob(".parquet-*"))) == 2
    newest = {publishing.publish(settings).build_id for _ in range(3)}
    kept = {path.name.removeprefix(".parquet-") for path in settings.published.glob(".parquet-*")}
    assert newest <= kept, "somebody may be reading what was replaced a moment ago"


def test_without_marts_there_is_nothing_to_publish(settings: Settings) -> None:
    with pytest.raises(BuildFailed, match="wordround build"):
        publishing.publish(settings)


def test_a_home_with_a_quote_in_its_name_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    odd = settings.model_copy(
        update={"environment": settings.environment.model_copy(update={"home": tmp_path / "it's here"})}
    )
    build(odd, 1, 5)
    assert Path(publishing.publish(odd).database).is_file()


def test_the_first_example_neither_ranks_what_is_hidden_nor_judges_what_is_not_monitored(tmp_path: Path) -> None:
    examples = (Path(publishing.__file__).parent / "examples.sql").read_text(encoding="utf-8")
    first = examples.partition("create view examples.trends_that_changed")[0]
    hide = "update marts.fct_service_weeks set negative_share_label = '*' where service_id = 'crisis';"
    path = published.publish(tmp_path, hide + first)
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute("select service_label, negative, point_type from examples.services_now").fetchall()
    shown = [int(negative.split()[0]) for _, negative, _ in rows if negative not in ("*", None)]
    assert len(rows) == 8 and len(shown) > 2 and shown == sorted(shown, reverse=True)
    hidden = [label for label, negative, _ in rows if negative in ("*", None)]
    assert hidden == [label for label, _, _ in rows][len(shown) :] == sorted(hidden)
    assert "Crisis Resolution and Home Treatment" in hidden
    assert {point for label, _, point in rows if label.startswith("Merlin")} == {"not_monitored"}


class TestGrowing:
    """Tables of single comments are published on top of the last publication where that is safe."""

    def comments(self, settings: Settings, *statements: str) -> list[tuple]:
        """Change the mart of comments, publish, and return what analysts then read."""
        with engine.connect(settings) as connection:
            connection.execute("create schema if not exists marts")
            connection.execute(
                "create table if not exists marts.fct_comments (comment_id varchar, comment_text varchar, "
                "updated_at timestamptz, rules_version varchar)"
            )
            for statement in statements:
                connection.execute(statement)
            here = connection.execute("from marts.fct_comments order by all").fetchall()
        publishing.publish(settings)
        parquet = duckdb.sql(f"from '{settings.published}/parquet/fct_comments.parquet' order by all").fetchall()
        with duckdb.connect(str(settings.published / "wordround.duckdb"), read_only=True) as connection:
            there = connection.execute("from marts.fct_comments order by all").fetchall()
        assert here == there == parquet
        return there

    def add(self, number: int, text: str = "Kind", moment: str = "2026-11-20", rules: str = "r1") -> str:
        return f"insert into marts.fct_comments values ('c{number}', '{text}', '{moment}', '{rules}')"

    def test_new_rows_are_added_and_old_ones_stay(self, settings: Settings) -> None:
        assert len(self.comments(settings, self.add(1), self.add(2))) == 2
        assert len(self.comments(settings, self.add(3, moment="2026-11-21"))) == 3
        assert len(self.comments(settings)) == 3, "nothing new"

    @pytest.mark.parametrize(
        "change",
        [
            "update marts.fct_comments set comment_text = 'Calm', updated_at = '2026-11-22' where comment_id = 'c1'",
            "update marts.fct_comments set comment_text = 'Calm', rules_version = 'r2' where comment_id = 'c1'",
            "delete from marts.fct_comments where comment_id = 'c1'",
            "update marts.fct_comments set rules_version = 'r1-copy' where comment_id = 'c2'",
            "update marts.fct_comments set rules_version = 'r2', updated_at = '2026-11-22' where comment_id = 'c2'",
            "update marts.fct_comments set rules_version = 'r1-copy', "
            "comment_text = if(comment_id = 'c1', 'Calm', comment_text)",
            "insert into marts.fct_comments values ('c0', 'Late', '2026-11-19', 'r1')",
            "alter table marts.fct_comments add column more integer",
        ],
    )
    def test_whatever_changed_is_published_and_what_was_deleted_is_in_no_byte(
        self, settings: Settings, change: str
    ) -> None:
        self.comments(settings, self.add(1, "PUBLISHED-ONCE"), self.add(2))
        rows = self.comments(settings, change)
        if not any("PUBLISHED-ONCE" in row for row in rows):
            assert b"PUBLISHED-ONCE" not in (settings.published / "wordround.duckdb").read_bytes()

    @pytest.mark.slow
    def test_words_that_were_corrected_in_a_long_table_are_in_no_byte(self, settings: Settings) -> None:
        many = (
            "insert into marts.fct_comments select 'o' || i, 'Kind ' || i, '2026-11-20', 'r1' from range(150_000) t(i)"
        )
        self.comments(settings, many, self.add(1, "PUBLISHED-ONCE", "2026-11-21"))
        self.comments(
            settings,
            "update marts.fct_comments set comment_text = 'Calm', rules_version = 'r1-copy' where comment_id = 'c1'",
        )
        assert b"PUBLISHED-ONCE" not in (settings.published / "wordround.duckdb").read_bytes()

    def test_of_few_comments_that_stand_otherwise_among_others_the_rest_is_not_written_again(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.comments(settings, *(self.add(number, "Kind and calm") for number in range(2_000)))
        copied: list[Path] = []
        monkeypatch.setattr(copying.shutil, "copyfile", lambda *paths: copied.extend(paths) or copyfile(*paths))
        change = "update marts.fct_comments set rules_version = 'r1-copy' where comment_id = 'c7'"
        assert ("c7", "Kind and calm", "r1-copy") in {
            (one, words, rules) for one, words, _, rules in self.comments(settings, change)
        }
        assert settings.published / "wordround.duckdb" in copied

    def test_rows_of_one_comment_that_nothing_tells_apart_change_together(self, settings: Settings) -> None:
        # One comment with two themes, and one with a single one.
        made = "create table marts.fct_comment_themes as from (select comment_id, updated_at, rules_version, theme, "
        made += "'good' as polarity from marts.fct_comments, unnest(['staff', 'food']) as themes(theme)) "
        self.comments(settings, *map(self.add, range(300)), made + "where comment_id != 'c8' or theme = 'food'")
        copied = "rules_version = 'r1-copy' where comment_id in ('c7', 'c8')"
        changes = (f"fct_comments set {copied}", f"fct_comment_themes set polarity = 'bad', {copied}")
        self.comments(settings, *(f"update marts.{change}" for change in changes))
        with engine.connect(settings) as connection:
            here = connection.execute("from marts.fct_comment_themes order by all").fetchall()
        with duckdb.connect(str(settings.published / "wordround.duckdb"), read_only=True) as connection:
            assert connection.execute("from marts.fct_comment_themes order by all").fetchall() == here

    def test_another_version_of_the_project_writes_everything_again(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.comments(settings, self.add(1))
        # As a changed model would: other words under the same moment and rules.
        change = "update marts.fct_comments set comment_text = 'Calm'"
        monkeypatch.setattr(product, "_dbt_project", lambda: "another")
        assert self.comments(settings, change)[0][1] == "Calm"

    @pytest.mark.parametrize("keeps_it_open", [False, True])
    def test_what_somebody_wrote_into_the_published_file_is_not_carried_on(
        self, settings: Settings, keeps_it_open: bool
    ) -> None:
        self.comments(settings, self.add(1))
        write = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); "
        write += "c.execute(\"update marts.fct_comments set comment_text = 'Tampered'\"); c.execute('checkpoint'); "
        write += "print('written', flush=True); sys.stdin.read()"
        command = [sys.executable, "-c", write, str(settings.published / "wordround.duckdb")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout and other.stdout.readline() == "written\n"
            if not keeps_it_open:
                other.communicate()
            assert self.comments(settings, self.add(2, moment="2026-11-21"))[0][1] == "Kind"
            other.communicate() if keeps_it_open else None
