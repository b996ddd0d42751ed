"""The command line: one JSON object, sums that come out, errors for people."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.fixtures.fft_files import HEADER, row, write_csv
from wordround.cli import app
from wordround.settings import Settings


@pytest.fixture
def wordround(home: Path) -> Callable[..., tuple[int, str, str]]:
    def call(*arguments: object) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        return result.exit_code, result.stdout, result.stderr

    return call


def test_json_is_one_object_whose_parts_add_up(wordround: Callable, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", [row(1), row(2, good="n/a"), row(3, date="31/02/2026")])
    code, stdout, _ = wordround("ingest", "fft", "--file", path, "--json")
    assert code == 0
    rows = json.loads(stdout)["rows"]
    assert rows == {
        "in": 6,
        "loaded": 3,
        "updated": 0,
        "unchanged": 0,
        "no_answer": 1,
        "reshared": 0,
        "quarantined": 2,
        "refused": 0,
        "erased": 0,
    }


def test_for_people_the_sum_is_written_out_and_quarantine_is_pointed_to(wordround: Callable, tmp_path: Path) -> None:
    _, stdout, _ = wordround("ingest", "fft", "--file", write_csv(tmp_path / "f.csv", [row(1), row(2, date="soon")]))
    assert "2 + 0 + 0 + 0 + 0 + 2 + 0 + 0 = 4" in stdout
    assert "quarantined, unreadable date: 2" in stdout
    assert "quarantine/fft" in stdout.replace("\n", "")


class TestErase:
    @pytest.fixture(autouse=True)
    def fed(self, wordround: Callable, tmp_path: Path) -> None:
        wordround("ingest", "fft", "--file", write_csv(tmp_path / "f.csv", [row(1), row(2)]))

    def test_without_a_terminal_more_than_one_comment_goes_only_with_yes(self, wordround: Callable) -> None:
        code, _, stderr = wordround("erase", "--comment", "F0001", "--source", "fft")
        assert code == 1
        assert "2 comments would be erased" in stderr
        code, stdout, _ = wordround("erase", "--comment", "F0001", "--source", "fft", "--dry-run", "--json")
        assert json.loads(stdout) == {"comments": 2}
        code, stdout, _ = wordround("erase", "--comment", "F0001", "--source", "fft", "--yes", "--json")
        assert (code, json.loads(stdout)["comments"]) == (0, 2)
        assert "F0001" not in stdout

    def test_ids_come_from_standard_input_so_that_no_shell_remembers_them(self, home: Path) -> None:
        arguments = ["erase", "--comment", "-", "--source", "fft", "--yes", "--json"]
        result = CliRunner().invoke(app, arguments, input="F0001\n\nF0002\n")
        assert json.loads(result.stdout)["comments"] == 4

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            ((), "Say one thing"),
            (("--comment", "1" * 32, "--file", "f.csv"), "Say one thing"),
            (("--comment", "F0001"), "together with --source"),
            (("--author", "someone"), "say which with --source"),
            (("--file", "none.csv"), "No file of this name"),
            (("--comment", ""), "names nothing"),
            (("--source", "twitter"), "no such source"),
        ],
    )
    def test_a_request_that_is_not_clear_is_refused_without_repeating_it(
        self, wordround: Callable, arguments: tuple[str, ...], says: str
    ) -> None:
        code, _, stderr = wordround("erase", *arguments, "--yes")
        assert code == 1
        assert says in stderr.replace("\n", " ")
        assert "F0001" not in stderr

    def test_resume_and_the_nightly_verb_have_nothing_to_do_on_most_days(self, wordround: Callable) -> None:
        assert wordround("erase", "--resume")[0] == 0
        code, stdout, _ = wordround("honour-deletions", "--json")
        assert code == 0
        assert json.loads(stdout)["published"] == "as it was"

    def test_a_rotation_is_a_verb_too(self, wordround: Callable) -> None:
        code, stdout, _ = wordround("keys", "rotate", "--json")
        assert (code, json.loads(stdout)["keys"], json.loads(stdout)["comments"]) == (0, 2, 4)


def test_an_error_says_what_to_do_without_a_traceback(wordround: Callable, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", [row()], ["Respons ID", *HEADER[1:]])
    code, stdout, stderr = wordround("ingest", "fft", "--file", path)
    assert code == 1
    assert stdout == ""
    assert "did you mean 'Respons ID'" in stderr
    assert "Traceback" not in stderr


def test_an_error_as_json_is_one_object_too(wordround: Callable, tmp_path: Path) -> None:
    code, stdout, _ = wordround("ingest", "fft", "--file", tmp_path / "none.csv", "--json")
    assert code == 1
    assert json.loads(stdout)["error"] == "FileUnreadable"


def test_understanding_happens_once_per_distinct_text(wordround: Callable, settings: Settings, tmp_path: Path) -> None:
    wordround("ingest", "fft", "--file", write_csv(tmp_path / "f.csv", [row(1), row(2), row(3, good="Too slow")]))
    first = json.loads(wordround("understand", "--json")[1])
    assert first["sentiment"]["texts"] == 3
    assert json.loads(wordround("understand", "--json")[1])["annotations"]["texts"] == 0


def test_no_verb_prints_what_a_comment_says(wordround: Callable, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", [row(1, good="CANARYWORD one"), row(2, good="CANARYWORD two", date="x")])
    for arguments in (
        ("ingest", "fft", "--file", path),
        ("understand",),
        ("load",),
        ("ingest", "fft", "--file", path, "--json"),
    ):
        _, stdout, stderr = wordround("-v", *arguments)
        assert "CANARYWORD" not in stdout + stderr


def test_help_names_every_verb(wordround: Callable) -> None:
    _, stdout, _ = wordround("--help")
    for verb in (
        "ingest",
        "load",
        "understand",
        "gate",
        "build",
        "publish",
        "run",
        "alerts",
        "report",
        "demo",
        "up",
        "down",
    ):
        assert verb in stdout


def test_a_refused_file_of_the_drop_folder_is_an_error_after_the_others_were_taken(
    wordround: Callable, settings: Settings
) -> None:
    folder = settings.home / "inbox" / "fft"
    write_csv(folder / "bad.csv", [row()], ["What", *HEADER[1:]])
    write_csv(folder / "good.csv", [row()])
    code, stdout, stderr = wordround("ingest", "fft", "--json")
    assert code == 1
    assert json.loads(stdout)["rows"]["loaded"] == 2
    assert "bad.csv" in stderr


@pytest.mark.parametrize(
    "more", [("--column", "date=A"), ("--best", "0"), ("--layout", "x"), ("--dry-run",), ("--older",)], ids=" ".join
)
def test_a_look_at_columns_leaves_out_no_option_in_silence(
    wordround: Callable, tmp_path: Path, more: tuple[str, ...]
) -> None:
    path = write_csv(tmp_path / "f.csv", [row(1)])
    code, _, stderr = wordround("ingest", "fft", "--file", path, "--columns", *more)
    assert code == 2 and "goes with --file, --called and --sheet" in " ".join(stderr.replace("│", " ").split())
