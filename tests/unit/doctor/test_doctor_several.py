"""The doctor of several trusts: each is examined as its own, and what two of them share is named."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.fixtures.several_trusts import lay
from wordround import trusts
from wordround.cli import app
from wordround.doctor import examine

KEY = "0c" * 32


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("WORDROUND_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WORDROUND_TRUSTS", str(tmp_path))
    return tmp_path


def missing(outcome: dict[str, Any], area: str = "trusts") -> list[tuple[str, str]]:
    found = [each for each in outcome["findings"] if each["area"] == area and each["state"] != "ok"]
    assert all(each["to_do"] for each in found)
    return [(each["subject"], each["says"]) for each in found]


def test_each_trust_is_examined_with_its_own_settings_and_the_programs_once(place: Path) -> None:
    lay(place, "rab", added="[nonsense]\nx = 1")
    lay(place, "xfv", f"WORDROUND_KEY={KEY}\n")
    outcome = examine()
    said = {each["trust"]: each["says"] for each in outcome["findings"] if each["area"] == "settings"}
    assert "[nonsense]" in said["rab"]
    assert {each["trust"] for each in outcome["findings"] if each["area"] == "governance"} == {"xfv"}
    assert {each["trust"] for each in outcome["findings"] if each["area"] == "versions"} == {""}
    assert trusts.current() is None and "WORDROUND_KEY" not in os.environ
    assert KEY not in json.dumps(outcome)


def test_what_no_two_trusts_may_share_is_named_and_no_secret_is_said(place: Path) -> None:
    same = f"WORDROUND_KEY={KEY}\nWORDROUND_RECORDS_URL=postgresql://hush-hush@localhost/records\n"
    for name in ("rab", "xfv"):
        own = lay(place, name, same)
        (own / "data" / "keys").mkdir(parents=True)
        (own / "data" / "keys" / "vault.key").write_text("hush-hush")
    (place / "rab" / "wordround.toml").write_text((place / "xfv" / "wordround.toml").read_text())
    lay(place, "rcd", "WORDROUND_KEY=" + "0d" * 32)
    outcome = examine()
    whats = ("WORDROUND_KEY", "WORDROUND_RECORDS_URL", "code in [trust]", "key file vault.key")
    assert sorted(missing(outcome)) == sorted(("rab, xfv", f"have the same {what}") for what in whats)
    assert "hush" not in json.dumps(outcome) and KEY not in json.dumps(outcome)


def test_a_folder_that_is_no_trust_and_one_that_is_open_are_named_beside_the_others(place: Path) -> None:
    lay(place, "xfv", "WORDROUND_KEY=" + KEY).chmod(0o777)
    (place / "xfv" / ".env").chmod(0o644)
    (place / "rab").mkdir()
    (place / "Ottoline").mkdir()
    result = CliRunner().invoke(app, ["doctor", "--json"])
    assert result.exit_code == 1
    found = dict(missing(json.loads(result.stdout)))
    assert found.keys() == {"xfv", "rab", "WORDROUND_TRUSTS"}
    assert "wordround.toml cannot be read" in found["rab"]
    assert "Ottoline" not in result.stdout, "it may be called after somebody"


def test_one_trust_is_examined_alone_where_it_is_named(place: Path) -> None:
    before = dict(os.environ)
    lay(place, "xfv")
    lay(place, "rab")
    try:
        outcome = json.loads(CliRunner().invoke(app, ["--trust", "rab", "doctor", "--json"]).stdout)
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert all("trust" not in each for each in outcome["findings"])
    assert any("the trust is RAB" in each["says"] for each in outcome["findings"])
