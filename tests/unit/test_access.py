"""What a step makes is its owner's alone, whoever calls the step."""

import inspect
import os
import stat
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.fixtures.fft_files import row, write_csv
from wordround import access, pipeline
from wordround.errors import GovernanceIncomplete
from wordround.settings import Settings


@pytest.fixture(autouse=True)
def open_shell() -> Iterator[None]:
    """The mask that most shells have."""
    before = os.umask(0o022)
    yield
    assert os.umask(before) == 0o022, "a step gives the caller's mask back"


def test_every_step_of_the_pipeline_is_private() -> None:
    steps = [
        step
        for name, step in inspect.getmembers(pipeline, inspect.isfunction)
        if step.__module__ == "wordround.pipeline"
        and not name.startswith("_")
        and "settings" in inspect.signature(step).parameters
    ]
    assert len(steps) >= 12
    assert [step.__name__ for step in steps if not hasattr(step, "__wrapped__")] == []


def test_what_was_loaded_may_be_read_by_its_owner_alone(settings: Settings, tmp_path: Path) -> None:
    pipeline.ingest(settings, "fft", date(2026, 11, 21), write_csv(tmp_path / "f.csv", [row(1), row(2, date="x")]))
    made = [settings.home, *settings.home.rglob("*")]
    assert {path.name for path in made} >= {"warehouse.duckdb", "pseudonym.key", "quarantine", "landing"}
    assert [path for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_a_step_that_fails_gives_the_mask_back_too(settings_with: Callable[..., Settings]) -> None:
    with pytest.raises(GovernanceIncomplete):
        pipeline.collect(settings_with(('purpose = "service_evaluation"', "#")), "fft", date(2026, 11, 21))


def test_a_file_of_another_owner_or_one_that_vanished_is_left_alone(
    settings_with: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_with(('published = "owner"', 'published = "group"'))
    settings.published.mkdir(parents=True, mode=0o700)
    (settings.published / "theirs").touch(0o600)
    assert access.open_to_readers(settings, settings.published / "gone") == 1, "the folder itself"
    monkeypatch.setattr(os, "geteuid", lambda: settings.published.stat().st_uid + 1)
    assert access.open_to_readers(settings, settings.published) == 0
    assert stat.S_IMODE((settings.published / "theirs").stat().st_mode) == 0o600
