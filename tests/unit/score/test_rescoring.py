"""A new version of a model: old figures until it has read everything, then new ones at one moment, killed or not."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.fixtures import forum
from tests.fixtures.fft_files import form, write_csv
from tests.fixtures.models import model
from wordround import folders, pipeline
from wordround.gates import page
from wordround.records import model_switches as recorded
from wordround.registers import frames, models
from wordround.registers.models import own_comments_model
from wordround.score import figures, rescoring
from wordround.settings import Settings
from wordround.understand.learned_relevance import RELEVANCE
from wordround.warehouse import engine, expiry

FIRST = date(2026, 9, 1)
HISTORY = [f"The nurses of bay {number} were rude and nobody listened" for number in range(7)]
POSTS = [f"Kestrel Ward were so kind to my mum, visit {number}" for number in range(3)]
NEW = "A new answer: the doctor was dreadful"


@pytest.fixture
def few(settings_with: Callable[..., Settings]) -> Settings:
    """A home of ten texts, read by the models that ship; a new version reads four texts a run."""
    settings = settings_with(added="[models]\nrescored_texts = 4\n")
    answers = [
        form(number, date=str(FIRST + timedelta(number)), good=text, better=None) for number, text in enumerate(HISTORY)
    ]
    write_csv(settings.home / "inbox" / "fft" / "history.csv", answers)
    pipeline.ingest(settings, "fft", date(2026, 9, 20))
    forum.land(settings, [forum.post(number, text=text, on=FIRST) for number, text in enumerate(POSTS)])
    pipeline.load(settings)
    pipeline.understand(settings)
    return settings


def all_positive() -> None:
    """Put a model of the trust's own in place that calls every comment positive."""
    model(own_comments_model(), weights=(1, 0, 0))


def versions(settings: Settings) -> dict[str, str]:
    with engine.connect(settings) as connection:
        return rescoring.texts.versions_in_force(connection)


def read_by(settings: Settings, version: str) -> dict[str, str]:
    """The class that a version of annotations gave to each text."""
    with engine.connect(settings) as connection:
        rows = connection.execute(
            """select distinct text, sentiment_class from understanding.annotations
               inner join raw.comments using (text_id) where model_version = ?""",
            [version],
        ).fetchall()
    return dict(rows)


def run_to_the_switch(settings: Settings) -> int:
    for runs in range(1, 9):
        if not any(each.get("next_version") for each in pipeline.understand(settings).values()):
            return runs
    raise AssertionError("it never switched")


def switches(settings: Settings) -> list[recorded.ModelSwitch]:
    with engine.connect(settings) as connection:
        return rescoring.model_switches._stored(connection)


def test_history_is_read_again_newest_first_beside_the_figures_that_are_shown(few: Settings) -> None:
    before = versions(few)
    shown = read_by(few, before["annotations"])
    all_positive()
    first = pipeline.understand(few)["annotations"]
    assert first["model_version"] == before["annotations"] and (first["rescored"], first["left"]) == (4, 6)
    assert versions(few) == before and read_by(few, before["annotations"]) == shown
    assert read_by(few, first["next_version"]) == dict.fromkeys(HISTORY[-4:], "positive")


def test_a_model_that_is_replaced_while_texts_are_read_writes_nothing_under_the_version_before(
    few: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_positive()
    real = rescoring.bring_up_to_date

    def replaced_meanwhile(*arguments: Any, **named: Any) -> int:
        model(own_comments_model(), weights=(0, 0, 1))
        monkeypatch.setattr(figures, "_made", {})  # as in another process, which reads the files itself
        return real(*arguments, **named)

    monkeypatch.setattr(rescoring, "bring_up_to_date", replaced_meanwhile)
    first = pipeline.understand(few)["annotations"]
    assert set(read_by(few, first["next_version"]).values()) == {"positive"}
    monkeypatch.setattr(rescoring, "bring_up_to_date", real)
    second = pipeline.understand(few)["annotations"]
    assert second["next_version"] != first["next_version"]
    assert set(read_by(few, second["next_version"]).values()) == {"negative"}
    # Of the version that was never shown nothing is kept.
    kept = {folder.name for folder in (few.home / "models" / "kept").iterdir()}
    assert first["next_version"] not in kept and {second["next_version"], second["model_version"]} <= kept


def test_the_quality_page_says_how_much_of_history_it_has_read(few: Settings) -> None:
    def said() -> str:
        with engine.connect(few) as connection:
            ledger = page.read_ledger(connection)
        gates = [{"gate": "loaded", "checked_at": "2026-10-01T00:00:00+00:00", "suites": []}]
        return " ".join(page.render(gates, ledger).split())

    assert "reads history again" not in said()
    all_positive()
    candidate = pipeline.understand(few)["annotations"]["next_version"]
    assert f"{candidate} (annotations) has read 40.0% of it, 4 of 10 texts" in said()
    run_to_the_switch(few)
    assert "reads history again" not in said()


def test_a_text_that_arrives_meanwhile_is_labelled_at_once_and_is_in_the_new_version_at_the_switch(
    few: Settings,
) -> None:
    former = versions(few)["annotations"]
    all_positive()
    pipeline.understand(few)
    write_csv(few.home / "inbox" / "fft" / "new.csv", [form(99, date="2026-09-30", good=NEW, better=None)])
    pipeline.ingest(few, "fft", date(2026, 10, 1))
    outcome = pipeline.understand(few)["annotations"]
    assert (outcome["texts"], outcome["rescored"], outcome["left"]) == (1, 4, 3)
    assert read_by(few, former)[NEW] != "positive"
    run_to_the_switch(few)
    now = versions(few)["annotations"]
    assert now != former and set(read_by(few, now)) == {*HISTORY, *POSTS, NEW}
    assert set(read_by(few, now).values()) == {"positive"} and read_by(few, former) == {}


def test_all_models_that_changed_switch_at_one_moment_which_is_recorded(
    few: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = versions(few)
    all_positive()
    monkeypatch.setattr(models, "RELEVANCE", other_relevance(tmp_path))
    # Relevance is done after one run, and waits for the other.
    assert pipeline.understand(few)["relevance"]["left"] == 0
    assert versions(few) == before
    assert run_to_the_switch(few) == 2
    now, found = versions(few), switches(few)
    assert {name for name in now if now[name] != before[name]} == {"annotations", "relevance"}
    assert len({switch.switched_at for switch in found}) == 1
    assert {switch.task: (switch.former_version, switch.model_version) for switch in found} == {
        task: (before[task], now[task]) for task in ("annotations", "relevance")
    }
    assert {switch.task: (switch.cause, switch.text_count, switch.expired_count) for switch in found} == {
        "annotations": ("own model of comments", 10, 0),
        "relevance": ("model of relevance", 3, 0),
    }
    assert sorted(recorded.all_switches(few), key=lambda one: one.task) == sorted(found, key=lambda one: one.task)
    # Once, and no more.
    pipeline.understand(few)
    assert switches(few) == found and len(recorded.all_switches(few)) == 2


def other_relevance(folder: Path) -> Path:
    """The model of relevance that ships, of another version."""
    with np.load(RELEVANCE, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    about = json.loads(str(arrays.pop("about"))) | {"made_for": "a test"}
    path = folder / RELEVANCE.name
    np.savez(path, **arrays, about=np.array(json.dumps(about)))
    return path


def test_a_run_that_is_killed_goes_on_where_it_stopped(few: Settings) -> None:
    former = versions(few)["annotations"]
    all_positive()
    # Killed with the second chunk of history stored, and no word to anybody.
    code = """if True:
        import os, signal
        from wordround import pipeline
        from wordround.score import figures
        from wordround.settings import load_settings
        settings, stored = load_settings(), []
        figures._TEXTS_PER_CHUNK, figures._CHUNKS_STORED_AT_ONCE, store = 1, 1, figures.store
        def stop(*arguments):
            store(*arguments)
            stored.append(1)
            if len(stored) == 2:
                os.kill(os.getpid(), signal.SIGKILL)
        figures.store = stop
        pipeline.understand(settings)
    """
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    assert versions(few)["annotations"] == former and set(read_by(few, former)) == {*HISTORY, *POSTS}
    with engine.connect(few) as connection:
        assert rescoring.model_switches.rescorings(connection)[0].task == "annotations"
    outcome = pipeline.understand(few)["annotations"]
    assert (outcome["rescored"], outcome["left"]) == (4, 4)
    run_to_the_switch(few)
    assert len(switches(few)) == 1


def test_a_switch_that_is_cut_short_has_not_happened(few: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before = versions(few)
    all_positive()
    pipeline.understand(few)
    pipeline.understand(few)
    with monkeypatch.context() as cut:
        cut.setattr(rescoring.texts, "store_label_reference", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            pipeline.understand(few)
    assert versions(few) == before and switches(few) == []
    assert run_to_the_switch(few) == 1
    assert len(switches(few)) == 1 and versions(few) != before


def test_the_files_of_the_versions_in_force_are_kept_for_nobody_but_their_owner(few: Settings) -> None:
    kept = few.home / "models" / "kept"
    in_force = {versions(few)[task] for task in ("annotations", "relevance")}
    assert {folder.name for folder in kept.iterdir()} == in_force
    assert {path.stat().st_mode & 0o077 for path in kept.rglob("*")} == {0}
    all_positive()
    run_to_the_switch(few)
    in_force = {versions(few)[task] for task in ("annotations", "relevance")}
    assert {folder.name for folder in kept.iterdir()} == in_force


def test_where_the_former_version_cannot_be_run_any_more_all_is_read_again_at_once(few: Settings) -> None:
    shutil.rmtree(few.home / "models" / "kept")
    all_positive()
    assert run_to_the_switch(few) == 1
    (switch,) = switches(few)
    assert switch.text_count == 10 and set(read_by(few, switch.model_version).values()) == {"positive"}


def test_a_version_that_was_to_come_and_is_taken_back_leaves_nothing(few: Settings) -> None:
    before = versions(few)
    all_positive()
    candidate = pipeline.understand(few)["annotations"]["next_version"]
    own_comments_model().unlink()
    assert pipeline.understand(few)["annotations"]["next_version"] is None
    assert versions(few) == before and read_by(few, candidate) == {} and switches(few) == []
    with engine.connect(few) as connection:
        assert rescoring.model_switches.rescorings(connection) == []


def test_a_cue_that_the_trust_adds_goes_the_same_road(few: Settings, tmp_path: Path) -> None:
    own_frame = ("heading_code,heading_label,theme_code,theme_label\n", "heading_code,cue,weight,exclude\n")
    (tmp_path / "own_frame_headings.csv").write_text(own_frame[0] + "bays,Bays,bays,Bays\n", encoding="utf-8")
    (tmp_path / "own_frame_cues.csv").write_text(own_frame[1] + "bays,bay,2,\n", encoding="utf-8")
    folders._reference.cache_clear()
    try:
        assert len(frames.frames()) == 3
        outcome = pipeline.understand(few)["annotations"]
        assert outcome["left"] == 6
        with engine.connect(few) as connection:
            themes = "select count(*) from understanding.themes where frame_code = 'own'"
            assert connection.execute(themes).fetchone() == (0,)
            run_to_the_switch(few)
            assert connection.execute(themes).fetchone() == (1,)
        assert [switch.cause for switch in switches(few)] == ["code frames"]
    finally:
        folders._reference.cache_clear()


def test_a_text_that_expired_before_keeps_what_the_former_version_made_of_it(few: Settings) -> None:
    former = versions(few)["annotations"]
    all_positive()
    pipeline.understand(few)
    with engine.connect(few) as connection:
        connection.execute("create schema if not exists intermediate")
        connection.execute(
            "create table intermediate.int_comments_classified as"
            " select comment_id, false as is_nothing_to_improve from raw.comments"
        )
    # Two of the oldest answers, which the new version has not come to.
    expiry.expire_texts(few, "fft", FIRST + timedelta(2))
    run_to_the_switch(few)
    (switch,) = switches(few)
    assert (switch.text_count, switch.expired_count) == (8, 2)
    with engine.connect(few) as connection:
        kept = connection.execute(
            """select model_version, count(*) from understanding.annotations inner join raw.comments using (text_id)
               where is_text_expired group by all"""
        ).fetchall()
    assert kept == [(former, 2)]


def test_a_warehouse_that_is_made_again_has_its_switches_from_the_records(few: Settings) -> None:
    all_positive()
    run_to_the_switch(few)
    found = switches(few)
    few.warehouse_file.unlink()
    pipeline.load(few)
    pipeline.understand(few)
    assert switches(few) == found
