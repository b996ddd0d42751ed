"""The store: opened, migrated, held, damaged, out of reach. On SQLite and on Postgres."""

import random
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.fixtures import postgres
from wordround.errors import (
    RecordsBusy,
    RecordsDamaged,
    RecordsFailed,
    RecordsTooNew,
    RecordsUnreachable,
    SettingsInvalid,
    StorageFailed,
)
from wordround.records import (
    comment_flags,
    new_store,
    place,
    review_coders,
    reviews,
    rewrites,
    saved_searches,
    sent_reports,
    spending,
    store,
)
from wordround.records.migrations import migrate
from wordround.records.sent_reports import SentReport
from wordround.records.tables import REVISION, VERSION_TABLE, metadata
from wordround.records.tables import sent_reports as sent_table
from wordround.settings import Settings, load_settings

TODAY = date(2026, 11, 28)
REVISIONS = tuple(f"{number:04}" for number in range(1, 18))
SENT = SentReport(datetime(2026, 11, 23, 7, 4, tzinfo=UTC), "2026-W46", "<1@trust.example>", 3, "b7", "0" * 64)


def file_of(settings: Settings) -> Path:
    return settings.records / "records.sqlite"


def fill(settings: Settings, count: int = 200) -> None:
    rows = [{**vars(SENT), "week": f"week {number}"} for number in range(count)]
    with store.writing(settings) as connection:
        connection.execute(sa.insert(sent_table), rows)


class TestOpening:
    def test_what_was_logged_is_there_in_the_next_process(self, trust: Settings) -> None:
        assert sent_reports.last_sent(trust, SENT.week) is None
        sent_reports.log(trust, SENT)
        program = (
            "from wordround.records import sent_reports; from wordround.settings import load_settings;"
            f"print(sent_reports.last_sent(load_settings(), '{SENT.week}'))"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == str(SENT)

    def test_the_file_and_its_folder_are_for_their_owner_whatever_the_mask(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = """
import os, stat
os.umask(0)
from wordround.records import store
from wordround.settings import load_settings
settings = load_settings()
with store.alone(settings, "alerts"), store.writing(settings):
    pass
with store.writing(settings) as connection:
    connection.exec_driver_sql("insert into deletion_checks values ('x', 1)")
    for path in sorted((settings.home / "records").iterdir()):
        print(path.name, oct(stat.S_IMODE(path.stat().st_mode)))
"""
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        files = dict(line.split() for line in done.stdout.splitlines())
        assert {"records.sqlite", "records.sqlite-wal", "records.sqlite-shm"} <= files.keys()
        assert set(files.values()) == {"0o600"}
        assert stat.S_IMODE(settings.records.stat().st_mode) == 0o700

    def test_reading_what_was_never_written_finds_nothing_and_makes_no_file(self, settings: Settings) -> None:
        assert sent_reports.last_sent(settings, SENT.week) is None
        assert rewrites.standing(settings) == {} and rewrites.comments(settings) == set()
        assert spending.spent(settings, "x", "asking", TODAY) == spending.last_place(settings, "x") == 0
        assert not settings.home.exists()

    def test_a_commit_waits_for_the_disk_and_keys_are_checked(self, settings: Settings) -> None:
        sent_reports.log(settings, SENT)
        with store.reading(settings) as connection:
            found = {
                name: connection.exec_driver_sql(f"pragma {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
            }
        assert found == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "secure_delete": 1,
            "busy_timeout": 30_000,
        }

    def test_a_store_that_is_up_to_date_is_opened_without_the_migration_tool(self, settings: Settings) -> None:
        spending.add(settings, "x", "asking", TODAY, 1.5)
        program = (
            "import sys; from datetime import date; from wordround.records import spending;"
            "from wordround.settings import load_settings;"
            "print(spending.spent(load_settings(), 'x', 'asking', date(2026, 11, 28)), 'alembic' in sys.modules)"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["1.5", "False"]

    def test_nothing_of_a_transaction_that_failed_is_kept(self, trust: Settings) -> None:
        with pytest.raises(ZeroDivisionError), store.writing(trust) as connection:
            connection.execute(sa.insert(sent_table), {**vars(SENT)})
            raise ZeroDivisionError
        assert sent_reports.last_sent(trust, SENT.week) is None

    def test_an_error_shows_no_value_of_a_row(self, trust: Settings) -> None:
        with pytest.raises(RecordsFailed) as raised, store.writing(trust) as connection:
            row = {"rewrite_id": 999, "text": "A parent waited very long"}
            connection.execute(sa.insert(metadata.tables["rewrite_texts"]), row)
        assert "parent" not in str(raised.value)
        assert raised.value.__cause__ is None and raised.value.__suppress_context__

    def test_moments_come_back_in_the_zone_that_they_are_in(self, trust: Settings) -> None:
        from datetime import timedelta, timezone

        at = datetime(2026, 7, 6, 8, 4, tzinfo=timezone(timedelta(hours=1)))
        sent_reports.log(trust, SentReport(at, "2026-W27", "<2@trust.example>", 1, None, "0" * 64))
        found = sent_reports.last_sent(trust, "2026-W27")
        assert found and found.at == at and found.at.utcoffset() == timedelta(0)


class TestMigrations:
    """Each revision on a store of the one before, with rows in every table of it."""

    def test_the_code_names_the_last_revision_and_they_are_numbered_without_a_gap(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(store.__file__).parent / "migrations"))
        revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
        assert sorted(revisions) == list(REVISIONS)
        assert revisions[0] == REVISION
        names = sorted(path.name[:4] for path in (Path(store.__file__).parent / "migrations/versions").glob("0*.py"))
        assert names == list(REVISIONS)

    @pytest.mark.parametrize("revision", REVISIONS)
    def test_each_migration_goes_up_from_the_one_before_and_keeps_what_is_there(
        self, trust: Settings, revision: str, at_revision: Callable[[Settings, str | None], sa.Engine]
    ) -> None:
        before = REVISIONS[REVISIONS.index(revision) - 1] if revision != REVISIONS[0] else None
        engine = at_revision(trust, before)
        with engine.begin() as connection:
            held = {name: insert_a_row(connection, name) for name in tables_of(connection)}
        with engine.connect() as connection, connection.begin():
            migrate(connection, revision)
        with engine.connect() as connection:
            assert connection.scalar(sa.text(f"select version_num from {VERSION_TABLE}")) == revision
            kept = {name: connection.scalar(sa.text(f"select count(*) from {name}")) for name in held}
        assert set(kept.values()) <= {1}

    def test_a_store_of_an_earlier_revision_is_brought_up_to_date_when_it_is_opened(
        self, trust: Settings, at_revision: Callable[[Settings, str | None], sa.Engine]
    ) -> None:
        at_revision(trust, "0002").dispose()
        assert store.examine(trust).revision == "0002"
        sent_reports.log(trust, SENT)
        assert store.examine(trust).revision == REVISION

    def test_the_tables_and_the_migrations_agree(
        self, trust: Settings, at_revision: Callable[[Settings, str | None], sa.Engine]
    ) -> None:
        at_revision(trust, REVISION).dispose()
        with store.writing(trust) as connection:
            context = MigrationContext.configure(
                connection, opts={"version_table": VERSION_TABLE, "compare_type": True, "target_metadata": metadata}
            )
            assert compare_metadata(context, metadata) == []

    def test_a_new_file_has_what_the_migrations_make(self, settings: Settings) -> None:
        spending.add(settings, "x", "asking", TODAY, 1.5)
        with store.reading(settings) as connection:
            made = new_store.tables_of(connection)
        assert made == new_store.by_migrations(), "run `python -m wordround.records.new_store`"

    def test_a_new_file_is_made_without_the_migration_tool(self, settings: Settings) -> None:
        program = (
            "import sys; from datetime import date; from wordround.records import spending;"
            "from wordround.settings import load_settings;"
            "spending.add(load_settings(), 'x', 'asking', date(2026, 11, 28), 1.5); print('alembic' in sys.modules)"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["False"]
        assert store.examine(settings).revision == REVISION

    def test_what_every_table_holds_is_said_in_it_or_in_the_code(self) -> None:
        assert [table.name for table in metadata.tables.values() if "row per" not in (table.comment or "")] == [
            "comment_keys"
        ]

    def test_processes_that_open_a_new_store_at_once_make_one(self, trust: Settings) -> None:
        program = (
            "from datetime import date; from wordround.records import spending;"
            "from wordround.settings import load_settings;"
            "spending.add(load_settings(), 'x', 'asking', date(2026, 11, 28), 1.0)"
        )
        command = [sys.executable, "-c", program]
        started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
        assert [one.communicate()[1] for one in started] == [""] * 3
        assert spending.spent(trust, "x", "asking", TODAY) == 3.0

    def test_a_store_of_a_newer_wordround_is_refused_and_left_as_it_is(self, trust: Settings) -> None:
        sent_reports.log(trust, SENT)
        with store.writing(trust) as connection:
            connection.execute(sa.text(f"update {VERSION_TABLE} set version_num = '0099'"))
        for attempt in (lambda: sent_reports.last_sent(trust, SENT.week), lambda: sent_reports.log(trust, SENT)):
            with pytest.raises(
                RecordsTooNew, match=rf"revision 0099.*up to {REVISION}.*Use the Wordround that wrote it"
            ):
                attempt()
        assert store.examine(trust).revision == "0099"

    @pytest.mark.parametrize(
        "table", ["notices", "sent_reports", "report_decisions", "public_changes", "conversation_events"]
    )
    @pytest.mark.parametrize("change", ["update {} set id = 7", "delete from {}"])
    def test_the_database_itself_keeps_history(self, trust: Settings, table: str, change: str) -> None:
        with store.writing(trust) as connection:
            insert_a_row(connection, table)
        with pytest.raises(RecordsFailed, match="refused what was to be done"), store.writing(trust) as connection:
            connection.execute(sa.text(change.format(table)))

    def test_who_wrote_or_approved_a_rewrite_cannot_be_changed(self, trust: Settings) -> None:
        rewrites.write(trust, "c" * 32, "In other words.", "AB", None)
        for column in ("by", "event", "at"):
            with pytest.raises(RecordsFailed), store.writing(trust) as connection:
                connection.execute(sa.text(f"update rewrite_events set \"{column}\" = '2026-01-01'"))


@pytest.fixture
def at_revision() -> Callable[[Settings, str | None], sa.Engine]:
    """Makes a store at a revision, or one without tables."""

    def make(settings: Settings, revision: str | None) -> sa.Engine:
        at = place.place_of(settings)
        if at.path:
            at.path.parent.mkdir(parents=True)
            with sqlite3.connect(at.path) as database:
                database.execute("pragma journal_mode = wal")
        engine = store._engine(at.url)
        if revision:
            with engine.connect() as connection, connection.begin():
                migrate(connection, revision)
        return engine

    return make


def tables_of(connection: sa.Connection) -> list[str]:
    names = set(sa.inspect(connection).get_table_names()) - {VERSION_TABLE}
    return [table.name for table in metadata.sorted_tables if table.name in names]


def insert_a_row(connection: sa.Connection, name: str) -> None:
    table = metadata.tables[name]
    events = {
        "alert_actions": "noted", "alert_deliveries": "begun", "public_changes": "opened",
        "conversation_events": "dismissed",
    }  # fmt: skip
    event = events.get(name, "written")
    way = {"report_decisions": "page"}.get(name, "mail")
    values = {"event": event, "way": way, "role": "reader", "purpose": "asking", "id": 1, "action_id": 1}
    values["wrong"] = "theme"
    values["rewrite_id"] = 1 if name == "rewrite_texts" else None
    made = {
        column.name: values[column.name] if column.name in values else a_value(column)
        for column in table.c
        if column.name in values or not column.nullable
    }
    connection.execute(sa.insert(table), made)


def a_value(column: sa.Column) -> object:
    kinds = {"Moment": datetime.now(UTC), "Date": TODAY, "Boolean": True, "Integer": 1, "Double": 1.5, "JSON": {"a": 1}}
    return kinds.get(type(column.type).__name__, "x")


class TestDamage:
    """A file that is not whole is named, with what to do, and not one byte of it is changed."""

    @pytest.mark.parametrize(
        "damage",
        [
            lambda content: b"no database at all" + content[18:],
            lambda content: content[: len(content) // 2],
            lambda content: content[:-700],
            lambda content: content[:100],
            lambda content: b"",
            lambda content: content[:8192] + b"\xff" * 4096 + content[12288:],
            lambda content: b"{}\n",
        ],
        ids=["header", "half", "torn page", "one hundred bytes", "empty", "a page of ones", "another file"],
    )
    def test_a_damaged_file_is_named_and_left_as_it_is(
        self, settings: Settings, damage: Callable[[bytes], bytes]
    ) -> None:
        fill(settings)
        path = file_of(settings)
        content = path.read_bytes()
        assert len(content) > 16_384
        broken = damage(content)
        path.write_bytes(broken)
        store._found_sound.clear()
        for attempt in (
            lambda: sent_reports.last_sent(settings, "week 1"),
            lambda: sent_reports.log(settings, SENT),
            lambda: store.examine(settings),
        ):
            with pytest.raises(RecordsDamaged) as raised:
                attempt()
            assert str(path) in str(raised.value) and "restore it from a backup" in str(raised.value)
        assert path.read_bytes() == broken

    def test_a_log_without_its_file_is_no_new_store(self, settings: Settings) -> None:
        fill(settings, 3)
        path = file_of(settings)
        path.rename(path.with_name("records.sqlite-wal"))
        for attempt in (
            lambda: sent_reports.log(settings, SENT),
            lambda: sent_reports.last_sent(settings, "week 1"),
            lambda: store.examine(settings),
        ):
            with pytest.raises(RecordsDamaged, match="is gone and its log"):
                attempt()
        assert not path.exists()

    def test_a_file_that_cannot_be_made_is_named(self, settings: Settings) -> None:
        settings.home.mkdir()
        settings.records.write_text("in the way")
        with pytest.raises(StorageFailed, match="records"):
            sent_reports.log(settings, SENT)

    def test_what_a_killed_making_left_is_cleared_away(self, settings: Settings) -> None:
        settings.records.mkdir(parents=True)
        (settings.records / ".draft-records.sqlite-dead").write_bytes(b"half")
        sent_reports.log(settings, SENT)
        assert not list(settings.records.glob(".draft-*"))


class TestReach:
    """A server that cannot be used: one sentence, and never the password."""

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (lambda url: re.sub(":[^:@/]+@", ":guessed-wrong@", url), "does not take the user or the password"),
            (lambda url: url.replace("/records_", "/elsewhere_"), "has no such database or user"),
            (lambda url: url.partition("?")[0] + "?host=/nowhere/at/all", "cannot be reached (.*). Start the server"),
            (lambda url: url.replace("@/", "@127.0.0.1:1/").partition("?")[0], "cannot be reached"),
        ],
        ids=["password", "database", "socket", "port"],
    )
    def test_what_is_wrong_is_said_in_one_sentence_without_the_password(
        self,
        home: Path,
        postgres_server: postgres.Server,
        monkeypatch: pytest.MonkeyPatch,
        change: Callable[[str], str],
        says: str,
    ) -> None:
        url = change(postgres_server.new_database())
        monkeypatch.setenv("WORDROUND_RECORDS_URL", url)
        settings = load_settings()
        for attempt in (
            lambda: sent_reports.log(settings, SENT),
            lambda: store.examine(settings),
            lambda: store.alone(settings, "alerts").__enter__(),
        ):
            with pytest.raises(RecordsUnreachable, match=says) as raised:
                attempt()
            shown = str(raised.value) + repr(raised.value) + repr(settings)
            assert postgres_server.password not in shown and "guessed-wrong" not in shown
            assert "\n" not in str(raised.value)

    @pytest.mark.parametrize(
        "url",
        ["mysql://a:geheim@host/b", "postgresql://a:geheim@host", "sqlite:///geheim", "geheim", "postgresql+x://"],
    )
    def test_an_address_of_another_kind_is_refused_without_showing_it(
        self, home: Path, monkeypatch: pytest.MonkeyPatch, url: str
    ) -> None:
        monkeypatch.setenv("WORDROUND_RECORDS_URL", url)
        with pytest.raises(SettingsInvalid, match="WORDROUND_RECORDS_URL: names no Postgres database") as raised:
            sent_reports.log(load_settings(), SENT)
        assert "geheim" not in str(raised.value)

    def test_a_driver_that_is_not_installed_is_named(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WORDROUND_RECORDS_URL", "postgresql://a:geheim@host/nowhere")
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(RecordsUnreachable, match=r"psycopg is not installed.*requirements-postgres\.lock"):
            sent_reports.log(load_settings(), SENT)


class TestHolding:
    """Who waits for whom."""

    def test_a_writer_that_waits_too_long_says_who_it_waited_for(
        self, trust: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sent_reports.log(trust, SENT)
        monkeypatch.setattr(store, "BUSY_SECONDS", 0.3)
        store._engine.cache_clear()
        try:
            with store.writing(trust) as connection:
                connection.execute(sa.text("insert into deletion_checks values ('x', 1)"))
                with pytest.raises(RecordsBusy, match="another program holds it"):
                    sent_reports.log(trust, SENT)
                assert sent_reports.last_sent(trust, SENT.week), "readers do not wait"
        finally:
            store._engine.cache_clear()

    def test_deleted_rows_that_a_reader_still_sees_are_not_said_to_be_gone(
        self, trust: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rewrites.write(trust, "c" * 32, "In other words.", "AB", None)
        monkeypatch.setattr(store, "BUSY_SECONDS", 0.3)
        store._engine.cache_clear()
        try:
            with store.reading(trust) as connection:
                assert connection.scalar(sa.text("select count(*) from rewrite_texts")) == 1
                with pytest.raises(RecordsBusy):
                    rewrites.forget(trust, ["c" * 32])
            assert rewrites.forget(trust, ["c" * 32]) == 0
        finally:
            store._engine.cache_clear()

    def test_a_store_that_is_kept_open_loses_nothing_and_lets_deleted_words_go(self, settings: Settings) -> None:
        log = file_of(settings).with_name("records.sqlite-wal")
        with store.kept_open(settings):
            assert not file_of(settings).exists(), "it is made by the first that writes"
            threads = [threading.Thread(target=sent_reports.log, args=(settings, SENT)) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            rewrites.write(settings, "c" * 32, "In other words.", "AB", None)
            assert log.stat().st_size > 0, "whoever closed did not copy the log into the file"
            assert rewrites.forget(settings, ["c" * 32]) == 1
            assert b"In other words." not in file_of(settings).read_bytes() + log.read_bytes()
        assert not log.exists()
        with store.reading(settings) as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(sent_table)) == 4

    def test_what_is_deleted_while_it_is_kept_open_is_in_no_byte(self, settings: Settings) -> None:
        with store.kept_open(settings):
            assert saved_searches.save(settings, "m.farrow", "Zebra crossing", "zebra", {"q": "zebra"}) is None
            (kept,) = saved_searches.of(settings, "m.farrow")
            assert saved_searches.delete(settings, "m.farrow", kept.id)
            flag = comment_flags.Flag("m.farrow", "c" * 32, "patient_experience", "zebra_theme", "theme", "1")
            assert comment_flags.add(settings, flag) is None
            assert comment_flags.forget_waiting(settings, ["c" * 32]) == 1
            assert comment_flags.add(settings, replace(flag, code="zebra_other")) is None
            (waiting,) = comment_flags.of(settings, "m.farrow", ["c" * 32])
            assert comment_flags.take_back(settings, "m.farrow", waiting.id)
            left = b"".join(each.read_bytes() for each in file_of(settings).parent.iterdir())
            assert b"zebra" not in left.lower()

    def test_who_had_a_name_that_was_released_and_what_they_coded_is_in_no_byte(self, settings: Settings) -> None:
        said = reviews.Code("negative", (reviews.ThemeCode("patient_experience", "zebra_theme", "negative"),))
        items = [reviews.Item(1, "c" * 32, "key", 0, 1.0)]
        with store.kept_open(settings):
            sample = reviews.add_sample(
                settings, None, 7, ["KL", "EM"], [reviews.Stratum(None, None, None, None, 9, 1)], items
            )
            review_coders.take(settings, sample, "KL", "z.zebra")
            reviews.replace(settings, {(sample, 1, "KL"): said, (sample, 1, "EM"): said})
            reviews.replace(settings, {(sample, 1, "EM"): None})
            assert [list(each.codes) for each in reviews.coded(settings)] == [["KL"]]
            assert self._is_once(settings, b"zebra_theme")
            review_coders.release(settings, sample, "KL", codes=1)
            left = b"".join(each.read_bytes() for each in file_of(settings).parent.iterdir())
            assert b"zebra" not in left.lower()

    def _is_once(self, settings: Settings, words: bytes) -> bool:
        return b"".join(each.read_bytes() for each in file_of(settings).parent.iterdir()).count(words) == 1

    def test_a_file_that_takes_the_place_of_one_kept_open_is_kept_open_and_the_former_let_go(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        file = file_of(settings)
        sent_reports.log(settings, SENT)
        backup, away = file.read_bytes(), tmp_path / "away.sqlite"
        with store.kept_open(settings):
            sent_reports.log(settings, SENT)
            file.with_name("records.sqlite-wal").unlink()
            file.with_name("records.sqlite-shm").unlink()
            file.rename(away)
            file.write_bytes(backup)
            sent_reports.log(settings, SENT)
            assert file.with_name("records.sqlite-wal").exists()
            held = {each.path for each in psutil.Process().open_files()}
            assert str(file) in held and str(away) not in held
        with store.reading(settings) as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(sent_table)) == 2

    def test_one_process_at_a_time_is_at_a_task_and_others_write_meanwhile(self, trust: Settings) -> None:
        program = (
            "from wordround.records import store; from wordround.settings import load_settings\n"
            "with store.alone(load_settings(), 'alerts'): print('in', flush=True)"
        )
        with store.alone(trust, "alerts"):
            waiting = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
            sent_reports.log(trust, SENT)
            with store.alone(trust, "reports"):
                time.sleep(1.5)
            assert waiting.poll() is None
        assert waiting.communicate(timeout=30)[0] == "in\n"

    def test_amounts_of_several_threads_are_all_counted(self, trust: Settings) -> None:
        def spend() -> None:
            for _ in range(10):
                spending.add(trust, "x", "asking", TODAY, 0.25)

        threads = [threading.Thread(target=spend) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert spending.spent(trust, "x", "asking", TODAY) == 10.0


KILLED = """
import sys
from datetime import UTC, datetime
from wordround.records import sent_reports, spending
from wordround.records.migrations import migrate
from wordround.records.sent_reports import SentReport
from wordround.settings import load_settings
settings, run = load_settings(), sys.argv[1]
day = datetime(2026, 11, 28, tzinfo=UTC)
for number in range(100_000):
    sent_reports.log(settings, SentReport(day, f"{run}-{number}", "<x@y.example>", 1, None, "0" * 64))
    spending.add(settings, run, "asking", day.date(), 1.0)
    print(number, flush=True)
"""


def test_a_kill_in_the_middle_of_writing_loses_nothing_that_was_acknowledged(trust: Settings) -> None:
    """The child prints a number when both writes of it have returned."""
    sent_reports.log(trust, SENT)
    for run in range(5):
        child = subprocess.Popen([sys.executable, "-c", KILLED, str(run)], stdout=subprocess.PIPE, text=True)
        assert child.stdout
        acknowledged = [int(child.stdout.readline()) for _ in range(1 + 3 * run)]
        time.sleep(random.uniform(0, 0.02))
        child.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in child.stdout if line.endswith("\n")]
        child.wait()
        with store.reading(trust) as connection:
            weeks = connection.scalars(sa.select(sent_table.c.week).where(sent_table.c.week.like(f"{run}-%"))).all()
        stored = {int(week.partition("-")[2]) for week in weeks}
        assert set(acknowledged) <= stored <= set(range(acknowledged[-1] + 2))
        assert acknowledged[-1] + 1 <= spending.spent(trust, str(run), "asking", TODAY) <= acknowledged[-1] + 2
    assert store.examine(trust).revision == REVISION
    with suppress(FileNotFoundError):
        assert stat.S_IMODE(file_of(trust).with_name("records.sqlite-wal").stat().st_mode) == 0o600
