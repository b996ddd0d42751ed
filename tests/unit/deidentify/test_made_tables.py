"""Tables made of the word lists: read again only where they are whole and of this version."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wordround.deidentify.names import made_tables
from wordround.deidentify.names.made_tables import made_once
from wordround.deidentify.names.vocabulary import Vocabulary, vocabulary


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(made_tables, "cache_from_source", lambda _: str(tmp_path / "beside" / "made_tables.pyc"))
    return tmp_path / "beside"


def made(times: list[int]) -> dict[str, frozenset[str]]:
    times.append(1)
    return {"words": frozenset({"ward", "bay"})}


def test_a_table_is_made_once_and_read_from_then_on(folder: Path) -> None:
    times: list[int] = []
    assert made_once("some", lambda: made(times)) == made_once("some", lambda: made(times)) == made([])
    assert len(times) == 1
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[:-1], lambda whole: b"", lambda whole: whole.replace(b"b", b"c")]
)
def test_a_damaged_table_is_made_again(folder: Path, damage) -> None:
    made_once("some", lambda: made([]))
    (path,) = folder.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    times: list[int] = []
    assert made_once("some", lambda: made(times)) == made([])
    assert times == [1]
    assert made_once("some", lambda: made(times)) == made([])
    assert times == [1]


def test_a_table_of_another_version_is_not_read_and_gives_way(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_once("some", lambda: {"words": frozenset({"of before"})})
    monkeypatch.setattr(made_tables, "_state", lambda: "another")
    assert made_once("some", lambda: made([])) == made([])
    assert [path.name for path in folder.iterdir()] == ["some-another.tables"]


def test_where_nothing_can_be_written_it_is_made_each_time(folder: Path) -> None:
    folder.write_text("no folder")
    assert made_once("some", lambda: made([])) == made([])
    assert folder.read_text() == "no folder"


def test_the_vocabulary_that_is_read_is_the_one_that_is_made() -> None:
    assert vars(vocabulary()) == vars(Vocabulary())


def test_two_processes_know_the_same_near_misses(tmp_path: Path) -> None:
    program = (
        "from wordround.deidentify.names.vocabulary import vocabulary as v\n"
        "print([v().near_miss(word) for word in 'recieved apointment zqorl nurse'.split()], v().likeness('okonkwo'))"
    )
    environment = os.environ | {"PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    runs = [subprocess.check_output([sys.executable, "-c", program], text=True, env=environment) for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[0].startswith("[1, 1, 0, 0]")
    assert len(list(tmp_path.rglob("*.tables"))) == 3
