"""`wordround frames check`: what an analyst sees who edits a frame."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wordround.cli import app


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """The verb, in a folder as `wordround init` lays it."""
    monkeypatch.delenv("WORDROUND_HOME", raising=False)
    assert CliRunner().invoke(app, ["init", str(tmp_path / "own")]).exit_code == 0
    monkeypatch.setenv("WORDROUND_CONFIG", str(tmp_path / "own" / "wordround.toml"))
    monkeypatch.chdir(tmp_path / "own")

    def call(*arguments: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, ["frames", "check", *arguments])
        return result.exit_code, result.stdout, result.stderr

    return call


def test_as_it_is_laid_lived_experience_has_nothing_to_mend_and_the_own_frame_is_not_in_use(check: Callable) -> None:
    code, stdout, _ = check()
    assert code == 0
    assert "nothing to mend" in stdout.split("lived_experience (")[1]
    assert "own: not in use" in stdout


def test_a_fault_is_named_with_file_row_and_column(check: Callable) -> None:
    with Path("lived_experience_cues.csv").open("a", encoding="utf-8") as file:
        file.write("society,thank you,2,,\n")
    rows = len(Path("lived_experience_cues.csv").read_text(encoding="utf-8").splitlines())
    code, stdout, _ = check("--frame", "lived_experience", "--json")
    found = json.loads(stdout)["lived_experience"]["findings"]
    assert code == 0
    assert {"overlap"} <= {finding["kind"] for finding in found}
    last = next(finding for finding in found if finding["row"] == rows)
    assert last["column"] == "cue" and Path(last["file"]).name == "lived_experience_cues.csv"
    assert "speaks for society and for thanks" in last["says"]


def test_texts_of_a_file_say_which_cues_stand_in_none_and_how_often_each_heading_does(check: Callable) -> None:
    Path("texts.csv").write_text("comment\nThank you Ann\nThank you all\nqwertz\n", encoding="utf-8")
    arguments = ("--frame", "lived_experience", "--file", "texts.csv", "--column", "comment")
    code, stdout, _ = check(*arguments)
    assert code == 0 and "3 texts, 1 of them without a label" in stdout and "Ann" not in stdout
    found = json.loads(check(*arguments, "--json")[1])["lived_experience"]
    unused = [finding["says"] for finding in found["findings"] if finding["kind"] == "unused"]
    assert found["texts_by_heading"]["thanks"] == 2
    assert any("'hats off' (thanks)" in says for says in unused)
    assert not any("'thank you' (thanks)" in says for says in unused)


def test_a_column_or_a_warehouse_that_is_not_there_is_an_error_that_says_what_to_do(check: Callable) -> None:
    Path("texts.csv").write_text("comments\nThank you\n", encoding="utf-8")
    code, _, stderr = check("--file", "texts.csv", "--column", "comment")
    assert code == 1 and "did you mean 'comments'" in stderr
    code, _, stderr = check("--warehouse")
    assert code == 1 and "wordround load" in stderr


def test_a_frame_that_cannot_be_used_is_an_error(check: Callable) -> None:
    Path("own_frame_cues.csv").write_text("heading_code,cue\nfood,tea\n", encoding="utf-8")
    code, _, stderr = check()
    assert code == 1 and "own_frame_headings.csv: has no rows" in stderr
