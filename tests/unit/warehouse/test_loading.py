"""Landing and loading: whole or not at all, whatever the disk does and however many runs there are."""

import os
import random
import resource
import signal
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.fixtures.fft_files import HEADER, csv_text, row, write_csv
from wordround import pipeline
from wordround.errors import FileUnreadable, Incomplete, RowsDoNotReconcile, StorageFailed, WarehouseBusy
from wordround.land import batch, manifests, parquet_files
from wordround.settings import PROJECT, Settings, load_settings
from wordround.warehouse import engine, load

TODAY = date(2026, 11, 21)


def in_another_process(program: str, home: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        env=os.environ | {"WORDROUND_HOME": str(home)} | environment,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


INGEST = """
    from datetime import date; from pathlib import Path; import sys
    from wordround import pipeline
    from wordround.settings import load_settings
    print(pipeline.ingest(load_settings(), "fft", date(2026, 11, 21), Path({path!r}))["rows"])
"""


def test_what_lands_is_parquet_with_a_manifest_that_accounts_for_every_row(settings: Settings, tmp_path: Path) -> None:
    pipeline.ingest(settings, "fft", TODAY, write_csv(tmp_path / "f.csv", [row(1), row(2, date="31/02/2026")]))
    (manifest,) = manifests.landed(settings)
    assert manifest.rows.rows_in == 4 and manifest.rows.reconciles
    assert {name: count for name, count in manifest.rows.by_outcome().items() if count} == {
        "landed": 2,
        "quarantined": 2,
    }
    parquet = settings.home / manifest.parquet
    assert parquet.parent == settings.landing / "fft" / "2026-11-21"
    assert duckdb.sql(f"select count(*) from '{parquet}'").fetchall() == [(2,)]


def test_the_drop_folder_is_read_once_and_again_when_the_settings_change(
    settings: Settings,
    settings_with,
    tmp_path: Path,
) -> None:
    write_csv(settings.home / "inbox" / "fft" / "one.csv", [row(1, date="03/04/2026"), row(2)])
    assert pipeline.ingest(settings, "fft", TODAY)["rows"]["quarantined"] == 2
    again = pipeline.ingest(settings, "fft", TODAY)
    assert (again["rows"]["in"], again["files_already_landed"]) == (0, 1)
    decided = settings_with(('date_order = "evidence" ', 'date_order = "day_first" '))
    rows = pipeline.ingest(decided, "fft", TODAY)["rows"]
    assert (rows["loaded"], rows["unchanged"], rows["quarantined"]) == (2, 2, 0)


def test_one_bad_file_in_the_drop_folder_does_not_stop_the_others(settings: Settings) -> None:
    folder = settings.home / "inbox" / "fft"
    write_csv(folder / "a_bad.csv", [row()], ["What", *HEADER[1:]])
    write_csv(folder / "b_good.csv", [row()])
    (folder / "letter.docx").write_bytes(b"x")
    outcome = pipeline.ingest(settings, "fft", TODAY)
    assert outcome["rows"]["loaded"] == 2
    assert [refusal.split(":")[1].strip() for refusal in outcome["refused"]] == ["a_bad.csv", "letter.docx"]
    with pytest.raises(Incomplete, match=r"UnexpectedColumns: a_bad\.csv"):
        pipeline.collect(settings, "fft", TODAY)


def test_rows_that_do_not_reconcile_stop_the_load_and_leave_nothing(settings: Settings, tmp_path: Path) -> None:
    from wordround.collect import files as collecting

    collecting.land_file(settings, "fft", write_csv(tmp_path / "f.csv", [row()]), TODAY)
    (path,) = settings.landing.rglob("*.json")
    path.write_text(path.read_text().replace('"in": 2', '"in": 3'))
    with pytest.raises(RowsDoNotReconcile):
        pipeline.load(settings)
    with engine.connect(settings) as connection:
        assert connection.execute(
            "select (select count(*) from raw.comments) + (select count(*) from ops.batches)"
        ).fetchall() == [(0,)]


def test_a_batch_that_cannot_be_taken_does_not_keep_the_others_out(settings: Settings, tmp_path: Path) -> None:
    from wordround.collect import files as collecting

    collecting.land_file(settings, "fft", write_csv(tmp_path / "f.csv", [row(1)]), TODAY)
    collecting.land_file(settings, "fft", write_csv(tmp_path / "g.csv", [row(2)]), TODAY)
    collecting.land_file(settings, "fft", write_csv(tmp_path / "h.csv", [row(3)]), TODAY)
    first, second, _ = sorted(settings.landing.rglob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    first.write_text("damaged")
    second.write_text(second.read_text().replace('"in": 2', '"in": 3'))
    outcome = pipeline.load(settings)
    assert outcome["rows"]["loaded"] == 2
    assert [refusal.split(":")[0] for refusal in outcome["refused"]] == ["ManifestDamaged", "RowsDoNotReconcile"]
    # Whatever is fed afterwards, the account says that something is not there.
    first.unlink()
    fed = pipeline.ingest(settings, "fft", TODAY, write_csv(tmp_path / "i.csv", [row(4)]))
    assert fed["rows"]["loaded"] == 2
    assert fed["refused"] == outcome["refused"][1:]


def test_a_damaged_file_of_a_batch_is_named_and_the_others_are_loaded(settings: Settings, tmp_path: Path) -> None:
    from wordround.collect import files as collecting

    collecting.land_file(settings, "fft", write_csv(tmp_path / "f.csv", [row(n) for n in range(1, 60)]), TODAY)
    collecting.land_file(settings, "fft", write_csv(tmp_path / "g.csv", [row(99)]), TODAY)
    harmed = max(settings.landing.rglob("*.parquet"), key=lambda path: path.stat().st_size)
    whole, chance = harmed.read_bytes(), random.Random(4)
    (manifest,) = (one for one in manifests.landed(settings) if harmed.stem == one.batch_id)
    for place in range(len(whole)):
        harmed.write_bytes(with_a_bit_flipped(whole, place, chance))
        with pytest.raises(FileUnreadable, match=harmed.name):
            parquet_files.check(settings, manifest)
    for number in range(12):
        shortened = whole[: chance.randrange(len(whole))]
        flipped = with_a_bit_flipped(whole, chance.randrange(len(whole)), chance)
        harmed.write_bytes(flipped if number % 2 else shortened)
        settings.warehouse_file.unlink(missing_ok=True)
        outcome = pipeline.load(settings)
        assert outcome["rows"]["loaded"] == 2
        (refusal,) = outcome["refused"]
        assert refusal.startswith(f"FileUnreadable: {harmed}: ")
    with pytest.raises(FileUnreadable, match=harmed.name):
        pipeline.ingest(settings, "fft", TODAY, write_csv(tmp_path / "h.csv", [row(3)]))
    harmed.write_bytes(whole)
    assert pipeline.load(settings)["rows"]["loaded"] == 118
    assert what_is_loaded(settings) == what_was_landed(settings)


def with_a_bit_flipped(content: bytes, place: int, chance: random.Random) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 1 << chance.randrange(8)
    return bytes(changed)


# What neither the merge nor a later row of the same comment changes.
AS_LANDED = ["comment_id", "content_hash", "text", "posted_at", "rating", "location_1", "likes", "is_withheld"]


def what_was_landed(settings: Settings) -> list[dict]:
    tables = [pq.read_table(path, columns=AS_LANDED) for path in settings.landing.rglob("*.parquet")]
    return sorted(pa.concat_tables(tables).to_pylist(), key=lambda row: row["comment_id"])


def what_is_loaded(settings: Settings) -> list[dict]:
    with engine.connect(settings) as connection:
        columns = ", ".join(AS_LANDED)
        return (
            connection.execute(f"select {columns} from raw.comments order by comment_id").to_arrow_table().to_pylist()
        )


def test_a_batch_that_was_collected_in_another_home_is_named(settings: Settings, tmp_path: Path) -> None:
    from wordround.collect import files as collecting

    elsewhere = {"batches": ["20260701-0123456789ab-0ece53"]}
    with pytest.raises(FileUnreadable, match=r"20260701-0123456789ab-0ece53: was collected.*share one WORDROUND_HOME"):
        pipeline.load(settings, [elsewhere])
    landed = collecting.land_file(settings, "fft", write_csv(tmp_path / "f.csv", [row(1)]), TODAY)
    outcome = pipeline.load(settings, [{"batches": [landed.batch_id]}, elsewhere])
    assert outcome["rows"]["loaded"] == 2
    with pytest.raises(Incomplete, match="20260701-0123456789ab-0ece53"):
        pipeline.require_whole(outcome)
    assert pipeline.load(settings, [{"batches": [landed.batch_id]}])["refused"] == []


def test_a_run_killed_between_landing_and_loading_is_finished_by_the_next(settings: Settings, tmp_path: Path) -> None:
    from wordround.collect import files as collecting

    collecting.land_file(settings, "fft", write_csv(tmp_path / "f.csv", [row(1)]), TODAY)
    assert pipeline.load(settings)["rows"]["loaded"] == 2
    assert pipeline.load(settings)["rows"]["in"] == 0


def test_a_run_killed_while_landing_leaves_nothing_that_counts(settings: Settings, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", [row(1)])
    killed = in_another_process(
        f"""
        import os, signal
        from datetime import date; from pathlib import Path
        from wordround.collect import files
        from wordround.land import batch
        from wordround.settings import load_settings
        batch.Batch.finish = lambda begun, **about: os.kill(os.getpid(), signal.SIGKILL)
        files.land_file(load_settings(), "fft", Path({str(path)!r}), date(2026, 11, 21))
        """,
        settings.home,
    )
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert list(manifests.landed(settings)) == []
    assert pipeline.ingest(settings, "fft", TODAY, path)["rows"]["loaded"] == 2


def test_two_runs_at_once_load_every_row_once(settings: Settings, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", [row(i) for i in range(2_000)])
    runs = [in_another_process(INGEST.format(path=str(path)), settings.home) for _ in range(3)]
    for run in runs:
        printed, errors = run.communicate()
        assert run.returncode == 0, errors
        assert "'in': 4000" in printed
    with engine.connect(settings) as connection:
        assert connection.execute("select count(*), count(distinct comment_id) from raw.comments").fetchall() == [
            (4000, 4000)
        ]


def test_a_warehouse_that_stays_busy_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORDROUND_WAIT_SECONDS", "0")
    settings = load_settings()
    with engine.exclusive(settings):
        run = in_another_process(
            """
            from wordround import pipeline
            from wordround.settings import load_settings
            pipeline.load(load_settings())
            """,
            home,
            WORDROUND_WAIT_SECONDS="0",
        )
        assert WarehouseBusy.__name__ in run.communicate()[1]


def test_a_full_disk_is_named_and_nothing_is_half_done(settings: Settings, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", [row(i, good=f"Kind nurses, {i}") for i in range(400)])

    def limit() -> None:
        # What a file may grow to: the system answers a larger write as it answers one on a full disk.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (16_000, 16_000))

    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(INGEST.format(path=str(path)))],
        env=os.environ | {"WORDROUND_HOME": str(settings.home)},
        cwd=PROJECT,
        preexec_fn=limit,
        capture_output=True,
        text=True,
    )
    assert StorageFailed.__name__ in run.stderr
    assert "nothing was half done" in run.stderr
    assert [path for path in settings.landing.rglob("*") if path.is_file()] == []
    assert pipeline.ingest(settings, "fft", TODAY, path)["rows"]["loaded"] == 800


def test_what_a_full_disk_refuses_at_the_very_end_goes_too(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(batch.Quarantine, "close", refuse)
    with pytest.raises(StorageFailed):
        pipeline.ingest(settings, "fft", TODAY, write_csv(tmp_path / "f.csv", [row(1), row(2, date="x")]))
    assert [path for path in (*settings.landing.rglob("*"), *settings.quarantine.rglob("*")) if path.is_file()] == []


def test_a_disk_that_fills_up_while_the_warehouse_commits_is_named(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object) -> None:
        raise duckdb.FatalException("Failed to create checkpoint: No space left on device")

    path = write_csv(tmp_path / "f.csv", [row(1)])
    with monkeypatch.context() as full:
        full.setattr(load, "_record", end)
        with pytest.raises(StorageFailed, match="No space left"):
            pipeline.ingest(settings, "fft", TODAY, path)
    assert pipeline.load(settings)["rows"]["loaded"] == 2


def test_the_draft_of_a_killed_run_goes_after_a_day(settings: Settings, tmp_path: Path) -> None:
    folder = settings.landing / "fft" / "2026-11-01"
    folder.mkdir(parents=True)
    for name, moment in (("old", 1), ("new", 4_000_000_000)):
        (folder / f".draft-{name}.parquet").touch()
        os.utime(folder / f".draft-{name}.parquet", (moment, moment))
    pipeline.ingest(settings, "fft", TODAY, write_csv(tmp_path / "f.csv", [row(1)]))
    assert [path.name for path in folder.iterdir()] == [".draft-new.parquet"]


def test_a_home_that_may_not_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A file where the folder should be: refused for every user, root too.
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WORDROUND_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(StorageFailed, match="cannot be"):
        pipeline.ingest(load_settings(), "fft", TODAY, write_csv(tmp_path / "f.csv", [row()]))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="says nowhere how much memory a program has had")
def test_columns_of_a_large_file_do_not_need_memory_of_its_size(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    line = csv_text([row(good="word " * 400)]).splitlines(True)[1]
    with path.open("w", newline="") as file:
        file.write(csv_text([]))
        for number in range(50_000):
            file.write(line.replace("F0001", f"F{number}"))
    assert path.stat().st_size > 100_000_000
    run = in_another_process(
        INGEST.format(path=str(path))
        # Of this program alone: `ru_maxrss` begins with what the process had that started it.
        + "\n    import re; print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read()).group(1))",
        settings.home,
    )
    printed, errors = run.communicate()
    assert run.returncode == 0, errors
    assert "'loaded': 100000" in printed
    assert int(printed.splitlines()[-1]) < 1_500_000, "kilobytes"
