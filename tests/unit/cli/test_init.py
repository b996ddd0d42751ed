"""`wordround init`: what it lays can be read, hides nothing, and overwrites nothing."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wordround.cli import app
from wordround.settings import Environment, Settings, load_settings


@pytest.fixture
def wordround(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """The command line in an empty folder, with nothing of the caller's environment."""
    for name in ("CONFIG", "HOME"):
        monkeypatch.delenv(f"WORDROUND_{name}", raising=False)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, arguments)
        return result.exit_code, result.stdout, result.stderr

    return call


def answered(text: str) -> str:
    """The settings with every question answered: by its example, as a trust would with its own."""
    text = re.sub(r"^name = .*$", 'name = "Heath NHS Trust"', text, flags=re.MULTILINE)
    text = re.sub(r"^code = .*$", 'code = "RXX"', text, flags=re.MULTILINE)
    return re.sub(r"^#\? ", "", text, flags=re.MULTILINE).replace("trust.example", "heath.nhs.uk")


def flat(table: dict, place: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in table.items():
        found |= flat(value, f"{place}{name}.") if isinstance(value, dict) else {f"{place}{name}": value}
    return found


def test_it_lays_what_a_trust_changes_and_says_what_comes_next(wordround: Callable, tmp_path: Path) -> None:
    code, stdout, _ = wordround("init", "own")
    assert code == 0 and "wordround doctor" in stdout
    assert {path.name for path in (tmp_path / "own").iterdir()} == {
        "wordround.toml", "services.csv", "organisation_accounts.csv", "patient_experience_headings.csv",
        "patient_experience_cues.csv", "lived_experience_headings.csv", "lived_experience_cues.csv",
        "own_frame_headings.csv", "own_frame_cues.csv", ".env.example", ".gitignore", "README.md",
    }  # fmt: skip
    assert len((tmp_path / "own" / "README.md").read_text(encoding="utf-8").splitlines()) <= 12


@pytest.mark.parametrize("taken", ["wordround.toml", "services.csv", ".env.example"])
def test_it_overwrites_nothing(wordround: Callable, tmp_path: Path, taken: str) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / taken).write_text("mine")
    code, stdout, _ = wordround("init", "own", "--json")
    assert code == 1
    assert json.loads(stdout)["error"] == "FolderInUse" and taken in json.loads(stdout)["message"]
    assert [path.name for path in (tmp_path / "own").iterdir()] == [taken]
    assert (tmp_path / "own" / taken).read_text() == "mine"


def test_as_it_is_laid_nothing_is_read_and_the_doctor_names_every_answer_that_is_missing(
    wordround: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wordround("init", "own")
    monkeypatch.chdir(tmp_path / "own")
    code, _, stderr = wordround("ingest", "fft")
    assert code == 1 and "GovernanceIncomplete" in stderr
    code, stdout, _ = wordround("doctor", "--json")
    missing = [finding for finding in json.loads(stdout)["findings"] if finding["state"] == "missing"]
    asked = set(re.findall(r"^#\? (\w+) =", Path("wordround.toml").read_text(encoding="utf-8"), re.MULTILINE))
    named = {match for finding in missing for match in re.findall(r"(\w+)\]", finding["says"])}
    assert asked - named == {"dpia_reviewed_on"}, "the doctor reminds of it once the rest is there"
    assert {"name", "code"} <= named
    assert "services.csv" in {finding["subject"] for finding in missing}


def test_with_the_answers_in_place_only_the_invented_services_and_addresses_are_left(
    wordround: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wordround("init", "own")
    monkeypatch.chdir(tmp_path / "own")
    settings = Path("wordround.toml")
    settings.write_text(answered(settings.read_text(encoding="utf-8")), encoding="utf-8")
    findings = json.loads(wordround("doctor", "--json")[1])["findings"]
    assert [finding["subject"] for finding in findings if finding["state"] == "missing"] == ["services.csv"]
    assert not [finding for finding in findings if "do not exist" in finding["says"]]
    Path("services.csv").write_text(
        Path("services.csv").read_text().replace(" (fictional)", "").replace(".trust.example", ".heath.nhs.uk")
    )
    findings = json.loads(wordround("doctor", "--json")[1])["findings"]
    assert [finding for finding in findings if finding["state"] == "missing"] == []


def test_what_is_commented_out_is_the_default(wordround: Callable, tmp_path: Path) -> None:
    wordround("init", "own")
    text = answered((tmp_path / "own" / "wordround.toml").read_text(encoding="utf-8"))
    environment = Environment(home=tmp_path, config=tmp_path / "wordround.toml")
    as_laid = Settings(**tomllib.loads(text), environment=environment)
    shown = re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE)
    assert len(flat(tomllib.loads(shown))) >= len(flat(tomllib.loads(text))) + 12
    assert Settings(**tomllib.loads(shown), environment=environment) == as_laid


def test_the_doctor_takes_the_fictional_trust_s_services_for_what_they_are(settings: Settings) -> None:
    from wordround.doctor.registers import registers

    assert {finding.state.value for finding in registers(settings)} == {"attention"}
    own = settings.trust.model_copy(update={"code": "RXX", "name": "Heath NHS Trust"})
    found = {finding.subject: finding.state.value for finding in registers(settings.model_copy(update={"trust": own}))}
    assert found == {"services.csv": "missing", "organisation_accounts.csv": "missing"}
    assert load_settings() == settings
