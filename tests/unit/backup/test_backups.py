"""Backups: whole, private, of one moment; restored only where nothing is, and never with what was erased since."""

import io
import json
import shutil
import stat
import tarfile
import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.fixtures.chains import of_home
from tests.fixtures.fft_files import form, write_csv
from tests.fixtures.forum import land, post
from tests.fixtures.legible import places_of
from wordround import erasing, pipeline
from wordround.access import private
from wordround.backup import archive, restoring, saving
from wordround.collect import files
from wordround.erasing import Request, key_rotation
from wordround.errors import BackupRefused, BackupUnusable, SettingsInvalid
from wordround.identity import known_backups, vault_opening
from wordround.records import spending
from wordround.settings import Settings
from wordround.warehouse import engine

TODAY = date(2026, 11, 21)
ERASED, KEPT = "The old lamp flickered unpleasantly all through the night", "Everybody was kind to my mother"
POSTED = "Nobody told me why the waiting room was closed for so long"


@pytest.fixture
def fed(settings: Settings) -> Settings:
    """A home with answers, a quarantined row, posts with locators, and a record."""
    answers = [form(1, good=ERASED), form(2, good=KEPT), form(3, date="32/13/2026", good="Row without a day")]
    write_csv(settings.home / "inbox" / "fft" / "first.csv", answers)
    land(settings, [post(1, text=POSTED), post(2, author="bob-of-fernvale")])
    pipeline.ingest(settings, "fft", TODAY)
    spending.add(settings, "bluesky", "asking", TODAY, 2.5)
    return settings


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


@pytest.fixture
def empty(settings: Settings, tmp_path: Path) -> Settings:
    return of_home(settings, tmp_path / "restored")


def stored(settings: Settings) -> list[tuple]:
    with engine.connect(settings) as connection:
        return connection.execute("from raw.comments order by comment_id").fetchall()


def everything(settings: Settings) -> dict[str, bytes]:
    """Files that only a backup brings back, by name."""
    found = (path for part in ("landing", "quarantine", "vault", "keys") for path in (settings.home / part).rglob("*"))
    return {str(path.relative_to(settings.home)): path.read_bytes() for path in found if path.is_file()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_was_backed_up_is_restored_whole_and_private(fed: Settings, place: Path, empty: Settings) -> None:
    before, rows = everything(fed), stored(fed)
    saved = saving.save(fed, place)
    assert (mode(Path(saved.backup)), mode(Path(str(saved.keys)))) == (0o600, 0o600)
    assert mode(known_backups.beside(Path(saved.backup))) == 0o600
    with private():
        restored = restoring.restore(empty, Path(saved.backup))
    assert (restored.records, restored.erased_again) == ("restored", 0)
    assert everything(empty) == before and len(before) > 8
    assert stored(empty) == rows
    assert spending.spent(empty, "bluesky", "asking", TODAY) == 2.5
    assert [one.native_id for one in vault_opening.locators(empty, "forum")] == ["forum-post-1", "forum-post-2"]
    assert {mode(path) & 0o077 for path in empty.home.rglob("*") if path.is_file()} == {0}
    # The keys came too: what is fed again is known.
    shutil.copytree(fed.home / "inbox", empty.home / "inbox")
    assert files.collect(empty, "fft", TODAY).files_already_landed == 1
    assert not list(empty.home.glob(".draft-*"))


def test_keys_lie_apart_and_without_them_or_with_others_nothing_is_restored(
    fed: Settings, place: Path, empty: Settings, tmp_path: Path
) -> None:
    (tmp_path / "safe").mkdir()
    saved = saving.save(fed, place, tmp_path / "safe")
    with tarfile.open(saved.backup) as tar:
        assert [name for name in tar.getnames() if name.startswith("keys")] == ["keys/links"]
    with pytest.raises(BackupRefused, match="--keys"):
        restoring.restore(empty, Path(saved.backup))
    other = of_home(fed, tmp_path / "other")
    land(other, [post(1)])
    (tmp_path / "others").mkdir()
    others_keys = saving.save(other, tmp_path / "others").keys
    with pytest.raises(SettingsInvalid, match="another key"):
        restoring.restore(empty, Path(saved.backup), Path(str(others_keys)))
    assert [path.name for path in empty.home.iterdir()] == ["warehouse.lock"]
    assert restoring.restore(empty, Path(saved.backup), Path(str(saved.keys))).erased_again == 0


def test_what_was_erased_since_does_not_come_back_and_an_erasure_names_the_backups(
    fed: Settings, place: Path, empty: Settings
) -> None:
    saved = saving.save(fed, place)
    for request in (Request("comment", "fft", ("RX0001",)), Request("author", "forum", ("ann-of-fernvale",))):
        outcome = erasing.erase(fed, request, lambda _: True)
        (about,) = outcome["backups"]
        assert saved.backup in about and "until it is removed" in about
    assert restoring.restore(empty, Path(saved.backup)).erased_again == 3
    for text in (ERASED, POSTED):
        assert places_of(empty.home, text) == set()
    assert places_of(empty.home, KEPT) != set()
    assert stored(empty) == stored(fed)
    assert [one.native_id for one in vault_opening.locators(empty, "forum")] == ["forum-post-2"]
    assert json.loads((empty.erasure / "log.jsonl").read_text().splitlines()[-1])["by"] == "restore"
    # The restored home tells its backup of what it erases itself.
    (about,) = erasing.erase(empty, Request("comment", "fft", ("RX0002",)), lambda _: True)["backups"]
    assert saved.backup in about
    assert restoring.restore(of_home(empty, empty.home.with_name("third")), Path(saved.backup)).erased_again == 5
    # Nor with its file, which is fed again.
    write_csv(empty.home / "inbox" / "fft" / "again.csv", [form(1, good=ERASED)])
    assert pipeline.ingest(empty, "fft", TODAY)["rows"]["erased"] == 2


def test_a_row_without_an_id_that_went_with_its_file_does_not_come_back(
    fed: Settings, place: Path, empty: Settings
) -> None:
    without_id = form(4, good="Nobody knows whose row this is")
    without_id[0] = ""
    write_csv(fed.home / "inbox" / "fft" / "second.csv", [without_id, form(5)])
    assert pipeline.ingest(fed, "fft", TODAY)["quarantine"] == {"missing_id": 2}
    saved = saving.save(fed, place)
    erasing.erase(fed, Request("file", "fft", ("second.csv",)), lambda _: True)
    key_rotation.rotate(fed)
    restoring.restore(empty, Path(saved.backup), Path(str(saving.save(fed, place / "later.tar").keys)))
    assert places_of(empty.home, "Nobody knows whose row this is") == set()
    assert places_of(empty.home, "Row without a day") != set()


def test_a_backup_that_nobody_told_of_erasures_needs_the_erasures_of_the_lost_home(
    fed: Settings, place: Path, empty: Settings, tmp_path: Path
) -> None:
    saved = saving.save(fed, place)
    away = tmp_path / "away"
    place.rename(away)
    (about,) = erasing.erase(fed, Request("comment", "fft", ("RX0001",)), lambda _: True)["backups"]
    assert f"--erasures {fed.erasure}" in about
    backup = away / Path(saved.backup).name
    known_backups.beside(backup).unlink()
    with pytest.raises(BackupRefused, match="what was erased since"):
        restoring.restore(empty, backup)
    assert restoring.restore(empty, backup, erasures=fed.erasure).erased_again == 2
    assert {one.path for one in known_backups.known(empty)} == {str(backup), saved.backup}
    assert places_of(empty.home, ERASED) == set()


def test_an_erasure_that_could_not_reach_a_backup_is_told_it_by_the_next_backup(
    fed: Settings, place: Path, empty: Settings, tmp_path: Path
) -> None:
    first = saving.save(fed, place / "first.tar")
    place.rename(tmp_path / "away")
    erasing.erase(fed, Request("comment", "fft", ("RX0001",)), lambda _: True)
    (tmp_path / "away").rename(place)
    saving.save(fed, place / "second.tar")
    assert restoring.restore(empty, Path(first.backup)).erased_again == 2
    assert places_of(empty.home, ERASED) == set()


def test_a_change_of_the_key_since_needs_the_newer_key_and_then_erases_all_the_same(
    fed: Settings, place: Path, empty: Settings
) -> None:
    saved = saving.save(fed, place)
    erasing.erase(fed, Request("comment", "fft", ("RX0001",)), lambda _: True)
    key_rotation.rotate(fed)
    erasing.erase(fed, Request("comment", "forum", ("forum-post-1",)), lambda _: True)
    with pytest.raises(BackupRefused, match="the key was changed"):
        restoring.restore(empty, Path(saved.backup))
    later = saving.save(fed, place / "later.tar")
    restored = restoring.restore(empty, Path(saved.backup), Path(str(later.keys)))
    assert restored.erased_again == 3
    assert [places_of(empty.home, text) for text in (ERASED, POSTED)] == [set(), set()]
    assert [row[0] for row in stored(empty)] == [row[0] for row in stored(fed)], "ids under the newer key"


@pytest.mark.parametrize("how", ["a byte", "cut short", "no archive", "a file outside", "a link"])
def test_a_damaged_backup_is_refused_and_nothing_is_put_in_place(
    how: str, fed: Settings, place: Path, empty: Settings, tmp_path: Path
) -> None:
    backup = Path(saving.save(fed, place).backup)
    content = bytearray(backup.read_bytes())
    if how == "a byte":
        content[content.index(b"PAR1") + 40] ^= 1
    elif how == "cut short":
        del content[len(content) // 2 :]
    elif how == "no archive":
        content = bytearray(b"PK" + bytes(2000))
    backup.write_bytes(content)
    if how in ("a file outside", "a link"):
        with tarfile.open(backup, "a") as tar:
            member = tarfile.TarInfo("../outside" if how == "a file outside" else "landing/link")
            member.type = tarfile.REGTYPE if how == "a file outside" else tarfile.SYMTYPE
            member.linkname = "/etc/passwd"
            tar.addfile(member)
    with pytest.raises(BackupUnusable, match=r"wordround-.*tar: .*use another backup"):
        restoring.restore(empty, backup)
    assert [path.name for path in empty.home.iterdir()] == ["warehouse.lock"]
    assert not (tmp_path / "outside").exists()


def tar_of(path: Path, members: list[tuple[str, bytes]]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize("listed", ["[]", "null", '"files"', "{}", '{"files": []}', '{"files": null}', "{"])
def test_an_archive_whose_list_is_none_is_named_as_no_backup(listed: str, tmp_path: Path) -> None:
    path = tar_of(tmp_path / "other.tar", [("backup.json", listed.encode())])
    with pytest.raises(BackupUnusable, match=r"other.tar: .*use another backup"):
        archive.unpack(path, tmp_path / "home")


@pytest.mark.parametrize("names", [("a", "a"), ("a", "a/b"), ("",), (".",), ("./",)])
def test_an_archive_whose_files_stand_in_each_others_way_is_no_backup_and_no_full_disk(
    names: tuple[str, ...], tmp_path: Path
) -> None:
    path = tar_of(tmp_path / "other.tar", [(name, b"words") for name in names])
    with pytest.raises(BackupUnusable, match="no file of a backup"):
        archive.unpack(path, tmp_path / "home")


def test_a_home_that_is_not_empty_a_place_within_it_and_a_file_that_is_there_are_refused(
    fed: Settings, place: Path, empty: Settings
) -> None:
    saved = saving.save(fed, place)
    with pytest.raises(BackupRefused, match="empty data home only"):
        restoring.restore(fed, Path(saved.backup))
    # Folders alone are no home: volumes are mounted before anything is in them.
    (empty.home / "published" / "parquet").mkdir(parents=True)
    restoring.restore(empty, Path(saved.backup))
    for wrong in (
        fed.home,
        fed.home / "landing" / "a.tar",
        Path(saved.backup),
        place / "a.zip",
        place / "no" / "a.tar",
    ):
        with pytest.raises(BackupRefused):
            saving.save(fed, wrong)


def test_a_backup_waits_for_what_is_being_written_and_what_lands_meanwhile_waits_for_it(
    fed: Settings, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(fed.home / "inbox" / "fft" / "second.csv", [form(9, good="Landed meanwhile")])
    write, landed_then = archive.write, []

    def slowly(path: Path, *rest: object) -> int:
        other = threading.Thread(target=lambda: files.collect(fed, "fft", TODAY))
        if not landed_then:
            other.start()
            time.sleep(3)
            landed_then.append((len(list(fed.landing.glob("fft/*/*.json"))), other))
        return write(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(saving.archive, "write", slowly)
    saved = saving.save(fed, place)
    ((count, other),) = landed_then
    other.join()
    assert count == 1 and len(list(fed.landing.glob("fft/*/*.json"))) == 2
    with tarfile.open(saved.backup) as tar:
        assert len([name for name in tar.getnames() if name.startswith("landing/fft") and name.endswith("json")]) == 1


def test_older_backups_of_this_home_go_with_their_keys_and_others_stay(fed: Settings, place: Path) -> None:
    old = saving.save(fed, place / "old.tar")
    (place / "of-somebody-else.tar").touch()
    known = known_backups.known(fed)
    long_ago = (datetime.now(UTC) - timedelta(days=15)).isoformat()
    known_backups._write(fed, [one._replace(made_at=long_ago) for one in known])
    new = saving.save(fed, place, keep_days=14)
    assert old.backup in new.removed
    left = {path.name for path in place.iterdir()}
    name = Path(new.backup).name
    assert left == {name, f"{name}.erased", name.replace(".tar", ".keys.tar"), "of-somebody-else.tar"}
    assert [Path(one.path).name for one in known_backups.known(fed)] == [name]


def test_keys_from_the_environment_are_in_no_backup(
    settings: Settings, place: Path, empty: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wordround.settings import load_settings

    monkeypatch.setenv("WORDROUND_KEY", "ab" * 32)
    trust = load_settings()
    write_csv(trust.home / "inbox" / "fft" / "first.csv", [form(1, good=KEPT)])
    pipeline.ingest(trust, "fft", TODAY)
    saved = saving.save(trust, place)
    assert b"ab" * 32 not in Path(saved.backup).read_bytes()
    with pytest.raises(BackupRefused, match="WORDROUND_KEY"):
        restoring.restore(empty, Path(saved.backup))
    assert restoring.restore(of_home(trust, empty.home), Path(saved.backup)).files == saved.files
    assert [path.name for path in (empty.home / "keys").iterdir()] == ["links"]


def listed(path: Path, about: object, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    """An archive of these members, with a list that says so."""
    with tarfile.open(path, "w") as tar:
        for member, content in [*members, (tarfile.TarInfo("backup.json"), json.dumps(about).encode())]:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize("made_at", [None, 5, "", "soon", "2026-11-21", [], "2026-11-21T06:00:00"])
def test_an_archive_that_does_not_say_when_it_was_made_is_no_backup(made_at: object, tmp_path: Path) -> None:
    path = listed(tmp_path / "other.tar", {"files": {}, "made_at": made_at}, [])
    with pytest.raises(BackupUnusable, match="does not say when it was made"):
        archive.unpack(path, tmp_path / "home")


def test_what_no_backup_holds_is_neither_read_for_ever_nor_at_once_nor_shown(tmp_path: Path) -> None:
    def member(**fields: object) -> tarfile.TarInfo:
        made = tarfile.TarInfo("landing/a")
        for name, value in fields.items():
            setattr(made, name, value)
        return made

    odd = {
        "a list without end": [(tarfile.TarInfo("backup.json"), b"[" * 100_000)],
        # A terabyte of noughts in a file of a few bytes.
        "holes": [(member(pax_headers={"GNU.sparse.size": str(2**40), "GNU.sparse.map": "0,1"}), b"x")],
        "a name of a megabyte": [(member(pax_headers={"path": "x" * 1_000_000}), b"")],
        "a size below nought": [(member(pax_headers={"size": "-1024"}), b"")],
        "a name that a terminal obeys": [(member(name="\x1b[2Jzanzibarine/../../x"), b"")],
    }
    for name, members in odd.items():
        path = listed(tmp_path / "other.tar", {"files": {}}, members)
        with pytest.raises(BackupUnusable, match=r"other\.tar: .*use another backup") as refused:
            archive.unpack(path, tmp_path / name)
        assert "\x1b" not in str(refused.value) and "zanzibarine" not in str(refused.value)
        assert sum(one.stat().st_size for one in (tmp_path / name).rglob("*") if one.is_file()) < 1_000
