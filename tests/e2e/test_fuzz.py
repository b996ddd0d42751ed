"""The campaign of changed files (`make fuzz`) in short: a few seconds of each kind that others make."""

from pathlib import Path

import pytest

from tests.fuzz.campaign import fuzz
from tests.fuzz.every_kind import KINDS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_others_made_is_read_or_refused_by_name(kind: str, tmp_path: Path) -> None:
    found = fuzz(kind, seed=7, minutes=0.04, keep=tmp_path)
    assert found.faults == {}, found.told
    assert found.files > 0


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("raises", "KeyError at "), ("waits", "more than 1 s"), ("grows", "more than 500 MB"),
        ("dies", "the process died with -6"), ("tells", "FileUnreadable tells what stands in the file"),
        ("holds", "FileUnreadable holds control characters"),
    ],
)  # fmt: skip
def test_a_campaign_finds_what_must_not_be_and_keeps_the_file_that_shows_it(
    kind: str, fault: str, tmp_path: Path
) -> None:
    found = fuzz(kind, seed=1, minutes=0.1, keep=tmp_path)
    (only,) = found.faults
    assert only.startswith(fault)
    kept = {path.read_text() for path in tmp_path.glob("*/*") if path.name != "about.txt"}
    assert kept == {kind}


def test_a_seed_gives_the_same_files_again(tmp_path: Path) -> None:
    first, second = (fuzz("settings", seed=5, minutes=0.02, keep=tmp_path / name) for name in "ab")
    shorter, longer = sorted((first, second), key=lambda one: one.files)
    assert shorter.files and all(count <= longer.came[word] for word, count in shorter.came.items())
