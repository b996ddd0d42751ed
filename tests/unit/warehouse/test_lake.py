"""The warehouse as a lake: loaded, erased, rotated, saved and restored as a file is; what fails has a name."""

import importlib.resources
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.fixtures.chains import of_home
from tests.fixtures.engines import no_history_is_left, on_a_lake
from tests.fixtures.fft_files import form, write_csv
from tests.fixtures.legible import places_of
from tests.fixtures.postgres import Server
from wordround import pipeline
from wordround.backup import restoring, saving
from wordround.erasing import Request, erase, key_rotation
from wordround.errors import (
    BackupRefused,
    LakeFailed,
    LakeOfAnotherHome,
    RowsDoNotReconcile,
    SettingsInvalid,
    WarehouseDamaged,
)
from wordround.settings import Engine, Settings
from wordround.warehouse import catalogue, engine, lake, load

TODAY = date(2026, 11, 21)
# By which the texts of a batch begin and end: the catalogue knows both.
FIRST, LAST = "A lamp that flickered all through the night", "Zealous porters who sang in the corridor"
KEPT = "Everybody was kind to my mother"
LAST_FORM = form(3, good=LAST)


@pytest.fixture(params=["file", "server"])
def on_lake(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Settings of a lake whose catalogue is a file, or in Postgres where there is a server."""
    url = request.getfixturevalue("postgres_server").new_database() if request.param == "server" else None
    return on_a_lake(settings, settings.home, url)


@pytest.fixture
def fed(on_lake: Settings) -> Settings:
    # The first batch has one comment, so that a file of the lake goes as a whole with it.
    for name, answers in (("one.csv", [form(1, good=FIRST, better="")]), ("two.csv", [form(2, good=KEPT), LAST_FORM])):
        write_csv(on_lake.home / "inbox" / "fft" / name, answers)
        pipeline.ingest(on_lake, "fft", TODAY)
    return on_lake


def stored(settings: Settings, table: str = "raw.comments") -> list[tuple]:
    with engine.connect(settings) as connection:
        return connection.execute(f"from {table} order by all").fetchall()


def texts(settings: Settings) -> set[str]:
    with engine.connect(settings) as connection:
        found = connection.execute("select text from raw.comments where text is not null").fetchall()
    return {text for (text,) in found}


def test_what_was_fed_is_there_in_files_of_the_lake_and_feeding_it_again_changes_nothing(fed: Settings) -> None:
    assert texts(fed) >= {FIRST, KEPT, LAST} and not fed.warehouse_file.exists()
    assert any(place.endswith(".parquet") for place in places_of(fed.lake, KEPT))
    before = stored(fed)
    shutil.rmtree(fed.home / "landing" / "fft" / "locks", ignore_errors=True)
    write_csv(fed.home / "inbox" / "fft" / "again.csv", [form(1, good=FIRST, better=""), form(2, good=KEPT), LAST_FORM])
    assert pipeline.ingest(fed, "fft", TODAY)["rows"]["loaded"] == 0
    assert stored(fed) == before


def test_a_connection_within_another_sees_what_that_one_has_committed(fed: Settings) -> None:
    with engine.connect(fed) as outer:
        outer.execute("insert into ops.keys values (7)")
        with engine.connect(fed) as inner:
            assert (7,) in inner.execute("from ops.keys").fetchall()
        assert outer.execute("select current_database()").fetchone() == (lake.NAME,)


def test_after_an_erasure_neither_files_nor_catalogue_hold_the_words(fed: Settings) -> None:
    ids = {text: one for one, text in ids_and_texts(fed)}
    # Every answer of the form, which was a batch alone; and one of several answers.
    for text, request in (
        (FIRST, Request("comment", "fft", ("RX0001",))),
        (LAST, Request("comment", None, (ids[LAST],))),
    ):
        assert in_catalogue(fed, text)
        erase(fed, request, lambda _: True)
        no_history_is_left(fed)
        for value in (text, ids[text]):
            assert places_of(fed.home, value) <= {"erasure/stale"}, value
            assert not in_catalogue(fed, value), value
    assert KEPT in texts(fed)
    with engine.connect(fed) as connection, pytest.raises(duckdb.ConstraintException):
        connection.execute("insert into raw.comments (text) values ('nothing else')")


def test_what_was_put_in_anothers_place_goes_with_the_history(fed: Settings) -> None:
    with engine.connect(fed) as connection:
        connection.execute("update raw.comments set text = 'Other words' where text = ?", [FIRST])
    assert places_of(fed.lake, FIRST)
    with pytest.raises(AssertionError):
        no_history_is_left(fed)
    engine.forget_history(fed)
    no_history_is_left(fed)
    assert not {place for place in places_of(fed.lake, FIRST) if place.endswith(".parquet")}
    with engine.connect(fed) as connection:
        assert connection.execute(f"select count(*) from ducklake_snapshots('{lake.NAME}')").fetchone() == (1,)


def test_a_change_of_keys_reaches_the_lake(fed: Settings) -> None:
    before = dict(ids_and_texts(fed))
    key_rotation.rotate(fed)
    after = dict(ids_and_texts(fed))
    assert not set(before) & set(after) and sorted(before.values()) == sorted(after.values())
    for one in before:
        assert not in_catalogue(fed, one)


@pytest.mark.parametrize("to", ["lake", "file"])
def test_a_backup_of_a_lake_is_restored_on_either_engine(fed: Settings, tmp_path: Path, to: str) -> None:
    backup = Path(saving.save(fed, tmp_path).backup)
    home = tmp_path / "restored"
    restored = on_a_lake(fed, home) if to == "lake" else of_home(fed, home).model_copy(update={"engine": Engine()})
    restoring.restore(restored, backup)
    assert restored.warehouse_file.exists() == (to == "file")
    for table in ("raw.comments", "ops.batches", "ops.keys", "ops.query_runs"):
        assert stored(restored, table) == stored(fed, table), table
    assert engine.is_there(restored)
    write_csv(
        home / "inbox" / "fft" / "next.csv", [form(1, good=FIRST, better=""), form(4, good="Another ward", better="")]
    )
    assert pipeline.ingest(restored, "fft", TODAY)["rows"]["loaded"] == 1


def test_a_lake_that_has_comments_is_not_restored_into(fed: Settings, tmp_path: Path) -> None:
    backup = Path(saving.save(fed, tmp_path).backup)
    for folder in fed.home.iterdir():
        if folder.name not in ("lake", "warehouse.lock", "installation"):
            shutil.rmtree(folder) if folder.is_dir() else folder.unlink()
    with pytest.raises(BackupRefused, match="holds comments already"):
        restoring.restore(fed, backup)


@pytest.fixture(params=["file", "server"])
def elsewhere(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """A home whose lake lies elsewhere in part: its files, or its catalogue."""
    if request.param == "file":
        return on_a_lake(settings, settings.home, data=str(tmp_path / "files of the lake"))
    return on_a_lake(settings, settings.home, request.getfixturevalue("postgres_server").new_database())


def test_a_copy_of_a_home_is_refused_at_the_lake_and_its_files_stay_until_it_claims_it(
    elsewhere: Settings, tmp_path: Path
) -> None:
    write_csv(elsewhere.home / "inbox" / "fft" / "one.csv", [form(1, good=KEPT, better="")])
    pipeline.ingest(elsewhere, "fft", TODAY)
    shutil.copytree(elsewhere.home, tmp_path / "copy")
    copied = elsewhere.model_copy(update={"environment": of_home(elsewhere, tmp_path / "copy").environment})
    for use in (
        lambda: engine.forget_history(copied),
        lambda: pipeline.load(copied),
        lambda: pipeline.understand(copied),
        lambda: saving.save(copied, tmp_path),
    ):
        with pytest.raises(LakeOfAnotherHome, match=r"another home.*wordround lake claim"):
            use()
    assert texts(elsewhere) == {KEPT}, "the first home goes on"

    assert pipeline.claim_lake(copied)["lake"]
    assert texts(copied) == {KEPT}
    if elsewhere.environment.catalogue_url:  # a catalogue that is a file was copied too, and says nothing to the first
        with pytest.raises(LakeOfAnotherHome):
            texts(elsewhere)


def test_a_home_that_moves_on_its_disk_keeps_its_lake_and_a_restored_one_takes_it_over(
    elsewhere: Settings, tmp_path: Path
) -> None:
    write_csv(elsewhere.home / "inbox" / "fft" / "one.csv", [form(1, good=KEPT, better="")])
    pipeline.ingest(elsewhere, "fft", TODAY)
    elsewhere.home.rename(tmp_path / "moved")
    moved = elsewhere.model_copy(update={"environment": of_home(elsewhere, tmp_path / "moved").environment})
    if elsewhere.environment.catalogue_url:
        assert texts(moved) == {KEPT}
        (moved.home / "installation").unlink()
        with pytest.raises(LakeOfAnotherHome):
            texts(moved)
        pipeline.claim_lake(moved)
    assert texts(moved) == {KEPT}


def test_homes_that_share_what_comes_in_are_one_to_the_lake(elsewhere: Settings, tmp_path: Path) -> None:
    if elsewhere.environment.catalogue_url is None:
        pytest.skip("a catalogue that is a file lies in one home")
    sharing = elsewhere.model_copy(
        update={
            "engine": elsewhere.engine.model_copy(
                update={"shared": tmp_path / "shared", "data": str(tmp_path / "files of the lake")}
            )
        }
    )
    other = sharing.model_copy(update={"environment": of_home(sharing, tmp_path / "other").environment})
    with engine.connect(sharing) as connection:
        connection.execute("insert into ops.keys values (7)")
    assert stored(other, "ops.keys") == [(7,)]


def test_a_lake_that_lies_in_its_home_is_copied_with_it(settings: Settings, tmp_path: Path) -> None:
    whole = on_a_lake(settings, settings.home)
    write_csv(whole.home / "inbox" / "fft" / "one.csv", [form(1, good=KEPT, better="")])
    pipeline.ingest(whole, "fft", TODAY)
    shutil.copytree(whole.home, tmp_path / "copy")
    copied = on_a_lake(settings, tmp_path / "copy")
    assert texts(copied) == {KEPT} == texts(whole)


def test_a_file_is_nobody_elses_to_claim(settings: Settings) -> None:
    with pytest.raises(SettingsInvalid, match="a file of this home"):
        pipeline.claim_lake(settings)


@pytest.mark.parametrize("first", ["duckdb", "ducklake"])
def test_a_home_has_one_engine(settings: Settings, first: str) -> None:
    file, on_lake = settings, on_a_lake(settings, settings.home)
    made, other = (file, on_lake) if first == "duckdb" else (on_lake, file)
    with engine.connect(made):
        pass
    for use in (engine.is_there, lambda these: engine.connect(these).__enter__()):
        with pytest.raises(SettingsInvalid, match=r"no erasure|would not reach it.*backup"):
            use(other)


@pytest.mark.parametrize("kind", ["duckdb", "ducklake"])
def test_a_batch_that_stands_twice_in_landing_is_loaded_once(settings: Settings, kind: str) -> None:
    these = on_a_lake(settings, settings.home) if kind == "ducklake" else settings
    write_csv(these.home / "inbox" / "fft" / "first.csv", [form(1, good=KEPT)])
    pipeline.collect(these, "fft", TODAY)
    (manifest,) = these.landing.glob("fft/*/*.json")
    shutil.copy(manifest, manifest.with_name(f"copy-of-{manifest.name}"))
    loaded = load.load(these)
    assert len(loaded.batches) == 1 and len(stored(these, "ops.batches")) == 1
    assert loaded.refused[0].startswith(RowsDoNotReconcile.__name__) and "is loaded already" in loaded.refused[0]


def test_a_server_that_is_down_is_named_without_its_password(settings: Settings) -> None:
    url = "postgresql://somebody:geheim@localhost:1/tables"
    for use in (engine.is_there, lambda these: engine.connect(these).__enter__()):
        with pytest.raises(LakeFailed, match="Postgres database tables at localhost: the catalogue") as raised:
            use(on_a_lake(settings, settings.home, url))
        assert "geheim" not in str(raised.value) and raised.value.__suppress_context__


@pytest.mark.parametrize("url", ["mysql://a:geheim@host/b", "postgresql://a:geheim@host", "geheim", "dbname=geheim"])
def test_an_address_that_is_no_postgres_database_is_refused_without_showing_it(settings: Settings, url: str) -> None:
    with pytest.raises(SettingsInvalid, match="WORDROUND_CATALOGUE_URL: names no Postgres database") as raised:
        engine.shown_place(on_a_lake(settings, settings.home, url))
    assert "geheim" not in str(raised.value)


def test_no_part_of_a_catalogue_shows_the_password(settings: Settings) -> None:
    url = "postgresql://somebody:geheim@server/tables?sslmode=verify-full"
    found = catalogue.catalogue_of(on_a_lake(settings, settings.home, url))
    assert "geheim" not in f"{found!r}{found.place}" and "sslmode=verify-full" in found.place


@pytest.mark.parametrize("is_back", [False, True])
def test_a_server_that_goes_down_within_a_transaction_is_named_and_nothing_is_kept(
    settings: Settings, postgres_server: Server, is_back: bool
) -> None:
    on_lake = on_a_lake(settings, settings.home, postgres_server.new_database())
    before = stored(on_lake, "ops.keys")
    for statements in (["commit"], ["insert into ops.keys values (2)", "commit"]):
        with (
            pytest.raises(LakeFailed, match="Start the server"),
            cut_off(on_lake, postgres_server, is_back) as connection,
        ):
            for statement in statements:
                connection.execute(statement)
        assert stored(on_lake, "ops.keys") == before


@contextmanager
def cut_off(settings: Settings, server: Server, is_back: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection within a transaction, whose server has gone down and may be back."""
    with engine.connect(settings) as connection:
        connection.execute("begin")
        connection.execute("insert into ops.keys values (1)")
        server.stop()
        if is_back:
            server.start()
        try:
            yield connection
        except duckdb.Error:
            connection.execute("rollback")
            raise
        finally:
            if not is_back:
                server.start()


def cut_short(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def written_over(path: Path) -> None:
    content = path.read_bytes()
    # The description of a Parquet file stands at its end, before its length.
    begins = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    path.write_bytes(content[:begins] + b"\xff" * 50 + content[begins + 50 :])


@pytest.mark.parametrize("harm", [cut_short, written_over])
def test_a_damaged_file_of_a_lake_is_named_with_what_to_do_and_the_lake_is_made_again(
    fed: Settings, harm: Callable[[Path], None]
) -> None:
    before = texts(fed)
    harm(max((fed.lake / "data" / "raw" / "comments").glob("*.parquet"), key=lambda path: path.stat().st_size))
    write_csv(fed.home / "inbox" / "fft" / "three.csv", [form(4, good="Kind porters")])
    with pytest.raises(WarehouseDamaged, match=r"a file of raw\.comments cannot be read.*made again") as error:
        pipeline.ingest(fed, "fft", TODAY)
    assert KEPT not in str(error.value)
    forget_lake(fed)
    pipeline.load(fed)
    assert texts(fed) == before | {"Kind porters"}


def test_a_damaged_catalogue_is_named_with_what_to_do(fed: Settings) -> None:
    before, place = texts(fed), catalogue.catalogue_of(fed)
    if place.path:
        cut_short(place.path)
    else:
        import psycopg

        with psycopg.connect(fed.environment.catalogue_url.get_secret_value(), autocommit=True) as server:
            server.execute("delete from ducklake_snapshot")
    with pytest.raises(WarehouseDamaged, match=r"its catalogue cannot be read.*made again"):
        pipeline.load(fed)
    forget_lake(fed)
    pipeline.load(fed)
    assert texts(fed) == before


def forget_lake(settings: Settings) -> None:
    """Do what the message says: move the files away, and begin an empty catalogue."""
    shutil.rmtree(settings.lake)
    if not catalogue.catalogue_of(settings).path:
        import psycopg

        with psycopg.connect(settings.environment.catalogue_url.get_secret_value(), autocommit=True) as server:
            server.execute("drop schema public cascade; create schema public")


def test_an_extension_that_is_not_installed_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.resources.files

    def files(name: str) -> object:
        if name.startswith("duckdb_extension"):
            raise ModuleNotFoundError(name)
        return real(name)

    monkeypatch.setattr(lake.resources, "files", files)
    with pytest.raises(LakeFailed, match=r"needs the extension ducklake.*requirements-ducklake\.lock"):
        engine.connect(on_a_lake(settings, settings.home)).__enter__()


def test_files_that_cannot_be_written_are_named(settings: Settings, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")
    these = on_a_lake(settings, settings.home, data=str(in_the_way / "data"))
    with pytest.raises(LakeFailed, match="the files of the lake cannot be read or written"):
        engine.connect(these).__enter__()


def test_a_place_of_files_belongs_to_a_lake(settings_with: Callable[..., Settings]) -> None:
    with pytest.raises(SettingsInvalid, match=r"\[engine\] .*belongs to warehouse = \"ducklake\""):
        settings_with(added='[engine]\ndata = "/srv/lake"\n')
    assert settings_with(added='[engine]\nwarehouse = "ducklake"\ndata = "/srv/lake"\n').engine.is_lake


def ids_and_texts(settings: Settings) -> list[tuple[str, str]]:
    with engine.connect(settings) as connection:
        return connection.execute("select comment_id, text from raw.comments where text is not null").fetchall()


def in_catalogue(settings: Settings, value: str) -> bool:
    """Whether a value stands in a row of the catalogue, or in what its server has gathered of its columns."""
    if (url := settings.environment.catalogue_url) is None:
        return bool(places_of(settings.lake, value) & {"catalogue.duckdb", "catalogue.duckdb.wal"})
    import psycopg

    with psycopg.connect(url.get_secret_value()) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        assert ("ducklake_file_column_stats",) in tables
        return any(
            connection.execute(f"select 1 from {table} as one where strpos(one::text, %s) > 0", [value]).fetchone()
            for table in (*(table for (table,) in tables), "pg_stats")
        )
