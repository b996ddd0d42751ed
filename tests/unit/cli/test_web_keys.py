"""Keys for programs, made and withdrawn on the command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.fixtures.published import publish
from wordround.cli import app
from wordround.records import api_keys
from wordround.settings import load_settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    publish(tmp_path)
    monkeypatch.setenv("WORDROUND_HOME", str(tmp_path))
    return tmp_path


def test_a_key_is_printed_once_listed_without_what_opens_and_withdrawn() -> None:
    made = CliRunner().invoke(app, ["web", "key", "ward screen", "--role", "lead", "--service", "kestrel"])
    key = made.stdout.strip()
    found = api_keys.holder(load_settings(), key)
    assert found and (found.name, found.role, found.services) == ("ward screen", "lead", ("kestrel",))
    assert "cannot be shown again" in made.stderr
    listed = CliRunner().invoke(app, ["web", "keys"])
    assert "ward screen: lead of kestrel" in listed.stdout and key[-20:] not in listed.stdout
    assert CliRunner().invoke(app, ["web", "withdraw", "ward screen"]).exit_code == 0
    assert api_keys.holder(load_settings(), key) is None
    assert "withdrawn on" in CliRunner().invoke(app, ["web", "keys"]).stdout


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["web", "key", "screen", "--role", "lead", "--service", "nowhere"], "none of a published service"),
        (["web", "key", "screen", "--role", "lead"], "names its services"),
        (["web", "key", "Ottoline Brackenbury", "--role", "reader"], "no person's name"),
        (["web", "withdraw", "nothing"], "No key in force"),
    ],
)
def test_what_cannot_be_done_is_said_without_repeating_it(given: list[str], says: str) -> None:
    refused = CliRunner().invoke(app, given)
    assert refused.exit_code == 1 and says in refused.stderr
    assert "nowhere" not in refused.stderr and "Brackenbury" not in refused.stderr
