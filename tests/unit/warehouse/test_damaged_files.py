"""Landed files that are damaged: each is named, whatever became of it and however old, and the others are loaded."""

import os
import random
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.fixtures.feeding import TODAY
from tests.fixtures.fft_files import row, write_csv
from tests.fixtures.manifests import without_checksum
from wordround import erasing, pipeline
from wordround.collect import files
from wordround.erasing import key_rotation
from wordround.errors import FileUnreadable, ManifestDamaged, StorageFailed, WarehouseDamaged
from wordround.identity import keys
from wordround.land import manifests, parquet_files
from wordround.settings import PROJECT, Settings
from wordround.storage import sha256
from wordround.warehouse import engine, load


@pytest.fixture
def harmed(settings: Settings, tmp_path: Path) -> Path:
    """The larger of two landed files, neither of them loaded."""
    files.land_file(settings, "fft", write_csv(tmp_path / "f.csv", [row(n) for n in range(1, 40)]), TODAY)
    files.land_file(settings, "fft", write_csv(tmp_path / "g.csv", [row(99)]), TODAY)
    return max(settings.landing.rglob("*.parquet"), key=lambda path: path.stat().st_size)


def written(parquet: Path, table: pa.Table, links: str | None = "1") -> None:
    pq.write_table(table.replace_schema_metadata({parquet_files.LINKS: links} if links else None), parquet)


def with_column(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, values)


def words(table: pa.Table) -> pa.Array:
    return pa.array(["no such thing"] * table.num_rows)


DAMAGE: dict[str, Callable[[Path, pa.Table], None]] = {
    "no metadata": lambda path, table: written(path, table, None),
    "a count that is none": lambda path, table: written(path, table, "x"),
    "a column is gone": lambda path, table: written(path, table.drop_columns(["content_hash"])),
    "the ids are gone": lambda path, table: written(path, table.drop_columns(["comment_id"])),
    "dates are words": lambda path, table: written(path, with_column(table, "posted_at", words(table))),
    "a number is a word": lambda path, table: written(path, with_column(table, "likes", words(table))),
    "a list is a word": lambda path, table: written(path, with_column(table, "hashtags", words(table))),
    "an id is missing": lambda path, table: written(
        path, with_column(table, "comment_id", pc.if_else(pc.equal(table["likes"], 0), "x", None))
    ),
    "another column": lambda path, table: written(path, table.append_column("what", words(table))),
    "empty": lambda path, _: path.write_bytes(b""),
    "words": lambda path, _: path.write_text("no Parquet at all"),
    "its end is gone": lambda path, _: path.write_bytes(path.read_bytes()[:-9]),
}


@pytest.mark.parametrize("has_checksum", [True, False], ids=["now", "before"])
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_whatever_became_of_a_file_it_is_named_and_the_others_are_loaded(
    settings: Settings, harmed: Path, damage: Callable[[Path, pa.Table], None], has_checksum: bool
) -> None:
    if not has_checksum:
        without_checksum(harmed)
    whole = harmed.read_bytes()
    damage(harmed, pq.read_table(harmed))
    outcome = pipeline.load(settings)
    assert outcome["rows"]["loaded"] == 2
    (refusal,) = outcome["refused"]
    assert refusal.startswith(f"FileUnreadable: {harmed}: ")
    harmed.write_bytes(whole)
    assert pipeline.load(settings)["rows"]["loaded"] == 78


def test_no_flip_in_a_file_of_before_keeps_the_others_out(settings: Settings, harmed: Path) -> None:
    without_checksum(harmed)
    whole, chance = harmed.read_bytes(), random.Random(9)
    named = 0
    for _ in range(40):
        content = bytearray(whole)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        harmed.write_bytes(content)
        settings.warehouse_file.unlink(missing_ok=True)
        outcome = pipeline.load(settings)
        assert outcome["rows"]["loaded"] in (2, 80)
        named += len(outcome["refused"])
        assert all(f"FileUnreadable: {harmed}: " in refusal for refusal in outcome["refused"])
    assert named > 5


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="has no file that the system refuses to read")
@pytest.mark.parametrize("has_checksum", [True, False], ids=["now", "before"])
def test_a_file_that_the_system_does_not_read_is_not_said_to_be_damaged(
    settings: Settings, harmed: Path, tmp_path: Path, has_checksum: bool
) -> None:
    if not has_checksum:
        without_checksum(harmed)
    harmed.unlink()
    harmed.symlink_to("/proc/self/mem")
    with pytest.raises(
        StorageFailed, match=rf"{harmed.name}: was landed and cannot be read .*It may be whole"
    ) as failure:
        pipeline.load(settings)
    assert "remove" not in str(failure.value)
    with pytest.raises(StorageFailed, match="It may be whole"):
        files.land_file(settings, "fft", write_csv(tmp_path / "h.csv", [row(3)]), TODAY)


def test_what_was_loaded_before_and_is_damaged_since_is_named_and_stops_no_day(
    settings: Settings, harmed: Path, tmp_path: Path
) -> None:
    pipeline.load(settings)
    files.land_file(settings, "fft", write_csv(tmp_path / "h.csv", [row(100)]), TODAY)
    whole = harmed.with_suffix(".json").read_bytes()
    harmed.with_suffix(".json").write_text("damaged")
    for loaded in (2, 0):
        outcome = pipeline.load(settings)
        assert outcome["rows"]["loaded"] == loaded
        (refusal,) = outcome["refused"]
        assert refusal.startswith(f"ManifestDamaged: {harmed.with_suffix('.json')}: ")
    harmed.with_suffix(".json").write_bytes(whole)
    written(harmed, pq.read_table(harmed), "x")
    outcome = pipeline.load(settings)
    (refusal,) = outcome["refused"]
    assert outcome["rows"]["in"] == 0 and refusal.startswith(f"FileUnreadable: {harmed}: ")


def test_the_manifest_of_a_batch_that_waits_is_a_reason_to_stop(settings: Settings, harmed: Path) -> None:
    harmed.with_suffix(".json").write_text("damaged")
    assert pipeline.load(settings)["rows"]["loaded"] == 2
    with pytest.raises(ManifestDamaged, match=harmed.stem):
        pipeline.load(settings)


def test_another_number_of_keys_in_a_damaged_file_is_no_rotation(settings: Settings, harmed: Path) -> None:
    pipeline.load(settings)
    written(harmed, pq.read_table(harmed), "7")
    (refusal,) = pipeline.load(settings)["refused"]
    assert refusal.startswith(f"FileUnreadable: {harmed}: ")


def test_a_rotation_names_a_damaged_file_before_there_is_a_new_key(settings: Settings, harmed: Path) -> None:
    pipeline.load(settings)
    whole = harmed.read_bytes()
    harmed.write_bytes(whole[:-1] + b"X")
    with pytest.raises(FileUnreadable, match=harmed.name):
        key_rotation.rotate(settings)
    assert len(keys.chain_in_force(settings)) == 1, "nothing asks for the rotation to be finished"
    harmed.write_bytes(whole)
    assert key_rotation.rotate(settings).keys == 2


def test_a_file_that_was_damaged_before_it_was_rewritten_stays_named(settings: Settings, harmed: Path) -> None:
    pipeline.load(settings)
    table = pq.read_table(harmed)
    gone = table["comment_id"][0].as_py()
    written(harmed, with_column(table, "text", words(table)))
    erasing.erase(settings, erasing.Request("comment", None, (gone,)), lambda _: True)
    assert gone not in pq.read_table(harmed)["comment_id"].to_pylist(), "damage keeps nobody's comment"
    settings.warehouse_file.unlink()
    (refusal,) = pipeline.load(settings)["refused"]
    assert refusal.startswith(f"FileUnreadable: {harmed}: ")


def test_a_file_that_is_rewritten_after_its_manifest_was_read_is_not_said_to_be_damaged(
    settings: Settings, harmed: Path
) -> None:
    pipeline.load(settings)
    before = list(manifests.landed(settings))
    erasing.erase(settings, erasing.Request("comment", None, (ids(settings)[0],)), lambda _: True)
    assert list(manifests.landed(settings)) != before
    for manifest in before:
        parquet_files.check(settings, manifest)
        parquet_files.check_once(settings, manifest)


KILLED = """
    import os, signal
    from pathlib import Path
    from wordround import erasing
    from wordround.erasing import key_rotation
    from wordround.settings import load_settings

    settings, step, replace = load_settings(), {step}, os.replace
    count = 0
    def cut(source, target, **named):
        global count
        replace(source, target, **named)
        if settings.landing in Path(target).parents:
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)
    os.replace = cut
    {run}
"""
RUNS = {
    "erasure": 'erasing.erase(settings, erasing.Request("comment", None, ({gone!r},)), lambda _: True)',
    "rotation": "key_rotation.rotate(settings)",
}


@pytest.mark.parametrize("run", RUNS)
def test_a_kill_at_any_moment_of_a_rewriting_leaves_batches_that_are_known(
    settings: Settings, tmp_path: Path, run: str
) -> None:
    files.land_file(settings, "fft", write_csv(tmp_path / "f.csv", [row(1), row(2)]), TODAY)
    files.land_file(settings, "fft", write_csv(tmp_path / "g.csv", [row(99)]), TODAY)
    pipeline.load(settings)
    steps = 0
    while True:
        steps += 1
        gone = ids(settings)[0]
        program = KILLED.format(step=steps, run=RUNS[run].format(gone=gone))
        ended = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(program)],
            env=os.environ | {"WORDROUND_HOME": str(settings.home)},
            cwd=PROJECT,
            capture_output=True,
            text=True,
        )
        for manifest in manifests.landed(settings):
            parquet_files.check(settings, manifest)
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        if run == "erasure":
            erasing.resume(settings)
        else:
            key_rotation.rotate(settings)
        for manifest in manifests.landed(settings):
            known = {manifest.parquet_sha256, manifest.next_parquet_sha256} - {None}
            assert sha256(settings.home / manifest.parquet) in known
            assert run != "erasure" or len(known) == 1, "what was erased is not known any more"
        settings.warehouse_file.unlink()
        assert pipeline.load(settings)["refused"] == []
    assert steps > 3, "before, between and after the file and its manifest"


def ids(settings: Settings) -> list[str]:
    with engine.connect(settings) as connection:
        found = connection.execute("select comment_id from raw.comments order by comment_id").fetchall()
    return [one for (one,) in found]


def test_a_warehouse_that_is_damaged_inside_is_named_once_all_of_it_is_read(settings: Settings) -> None:
    chance = random.Random(1)
    with engine.connect(settings) as connection:
        connection.execute("create table raw.words as select hash(i)::varchar as word from range(200_000) as t(i)")
    whole = settings.warehouse_file.read_bytes()
    # Its beginning is read whenever the file is opened.
    middle = len(whole) // 2
    settings.warehouse_file.write_bytes(
        whole[:middle] + chance.randbytes(len(whole) // 8) + whole[middle + len(whole) // 8 :]
    )
    assert len(whole) == settings.warehouse_file.stat().st_size
    with pytest.raises(WarehouseDamaged, match=r"made again from what was landed"):
        engine.stop_if_damaged(settings)


def test_a_warehouse_that_is_whole_is_read_whole(settings: Settings, harmed: Path) -> None:
    load.load(settings)
    engine.stop_if_damaged(settings)
