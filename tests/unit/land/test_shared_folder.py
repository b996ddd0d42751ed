"""Two homes that share what comes in: one collects, the other loads, and what is erased stays out of both."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.fixtures.chains import of_home
from tests.fixtures.fft_files import form, write_csv
from tests.fixtures.legible import places_of
from tests.fixtures.postgres import Server
from wordround import pipeline
from wordround.backup import restoring, saving
from wordround.doctor.modes import modes
from wordround.erasing import Request, erase
from wordround.errors import Incomplete, SettingsInvalid
from wordround.settings import Settings
from wordround.warehouse import engine

TODAY = date(2026, 11, 21)
GONE, KEPT = "The marmalade zeppelin in the corridor was a comfort", "Everybody was kind to my mother"


@pytest.fixture
def homes(
    settings_with: Callable[..., Settings], postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Settings, Settings]:
    """The home that loads, and one that only collects."""
    for name, value in {
        "KEY": "5a" * 32,
        "VAULT_KEY": "7b" * 32,
        "RECORDS_URL": postgres_server.new_database(),
    }.items():
        monkeypatch.setenv(f"WORDROUND_{name}", value)
    loading = settings_with(added=f'[engine]\nshared = "{tmp_path / "shared"}"\n')
    return loading, of_home(loading, tmp_path / "collecting")


def texts(settings: Settings) -> set[str]:
    with engine.connect(settings) as connection:
        found = connection.execute("select text from raw.comments where text is not null").fetchall()
    return {text for (text,) in found}


def test_one_home_collects_and_the_other_loads_and_what_is_erased_does_not_come_back(homes) -> None:
    loading, collecting = homes
    rows = [form(1, good=GONE, better=""), form(2, good=KEPT, better="")]
    write_csv(loading.shared / "inbox" / "fft" / "week.csv", rows)
    collected = pipeline.collect(collecting, "fft", TODAY)
    assert pipeline.load(loading, [collected])["rows"]["loaded"] == 2
    assert texts(loading) == {GONE, KEPT}
    assert not collecting.home.exists(), "it needs no folder of its own to collect"

    erase(loading, Request("comment", "fft", ("RX0001",)), lambda _: True)
    for folder in (loading.home, loading.shared):
        assert places_of(folder, GONE) <= {"erasure/stale"}
    write_csv(loading.shared / "inbox" / "fft" / "again.csv", rows)
    again = pipeline.collect(collecting, "fft", TODAY)
    pipeline.load(loading, [again])
    assert texts(loading) == {KEPT}


def test_a_batch_that_was_collected_where_the_loading_home_does_not_look_is_refused(homes, tmp_path: Path) -> None:
    loading, collecting = homes
    apart = collecting.model_copy(
        update={"engine": collecting.engine.model_copy(update={"shared": tmp_path / "elsewhere"})}
    )
    for settings, number in ((loading, 1), (apart, 2)):
        write_csv(settings.shared / "inbox" / "fft" / "week.csv", [form(number, good=KEPT)])
    here, there = (pipeline.collect(settings, "fft", TODAY) for settings in (loading, apart))
    loaded = pipeline.load(loading, [here, there])
    with pytest.raises(Incomplete, match=f"{there['batches'][0]}: was collected"):
        pipeline.require_whole(loaded)


def test_a_backup_takes_what_is_shared_and_is_restored_there(homes, tmp_path: Path) -> None:
    loading, collecting = homes
    write_csv(loading.shared / "inbox" / "fft" / "week.csv", [form(1, good=KEPT, better="")])
    pipeline.load(loading, [pipeline.collect(collecting, "fft", TODAY)])
    backup = Path(saving.save(loading, tmp_path).backup)
    home, shared = tmp_path / "restored", tmp_path / "restored-shared"
    restored = of_home(loading, home).model_copy(
        update={"engine": loading.engine.model_copy(update={"shared": shared})}
    )
    restoring.restore(restored, backup)
    assert texts(restored) == {KEPT}
    assert {path.name for path in shared.iterdir()} >= {"landing", "keys"} and not (home / "landing").exists()
    write_csv(shared / "inbox" / "fft" / "week.csv", [form(1, good=KEPT, better="")])
    assert pipeline.collect(restored, "fft", TODAY)["batches"] == [], "it is known"


def test_the_doctor_looks_at_what_is_shared_too(homes) -> None:
    loading, _ = homes
    write_csv(loading.shared / "inbox" / "fft" / "week.csv", [form(1, good=KEPT)])
    pipeline.ingest(loading, "fft", TODAY)
    landed = next((loading.shared / "landing").rglob("*.parquet"))
    landed.chmod(0o644)
    (loading.shared).chmod(0o755)
    assert any(f.state == "missing" and f.subject == str(loading.shared / "landing") for f in modes(loading))


@pytest.mark.parametrize("lacking", ["KEY", "VAULT_KEY", "RECORDS_URL"])
def test_a_shared_folder_is_refused_where_homes_would_make_keys_or_records_of_their_own(
    homes, lacking: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wordround.settings import load_settings

    monkeypatch.delenv(f"WORDROUND_{lacking}")
    with pytest.raises(SettingsInvalid, match=f"needs WORDROUND_{lacking}"):
        load_settings()


def test_a_shared_folder_has_one_path_for_all(settings_with: Callable[..., Settings]) -> None:
    with pytest.raises(SettingsInvalid, match="no absolute path"):
        settings_with(added='[engine]\nshared = "shared"\n')
