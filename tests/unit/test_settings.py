"""Settings: what is wrong is named, and secrets stay out of sight."""

import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wordround.errors import SettingsInvalid
from wordround.identity.pseudonyms import pseudonymiser
from wordround.settings import Settings, load_settings


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("enabled = true", "enabeld = true", "[sources.fft.enabeld] there is no such setting"),
        ('name = "Fernvale', 'nom = "Fernvale', "[trust.name] is missing"),
        ('date_order = "evidence" ', 'date_order = "american" ', "sources.fft.date_order"),
        ('locations = ["Site", "Service"]', "locations = []", "fernvale.locations"),
        ('question = "FFT question"\nanswer = "FFT answer"', 'question = "FFT question"', "labelled_export"),
        ("[trust]", "[trust", "not valid TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_its_place(
    settings_with: Callable[..., Settings], old: str, new: str, says: str
) -> None:
    with pytest.raises(SettingsInvalid, match=re.escape(says)):
        settings_with((old, new))


def test_a_wrong_variable_of_the_environment_is_named_and_not_repeated(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORDROUND_WAIT_SECONDS", "ten minutes")
    with pytest.raises(SettingsInvalid, match=r"^WORDROUND_WAIT_SECONDS: ") as caught:
        load_settings()
    assert "ten minutes" not in str(caught.value)


def test_a_variable_that_is_set_to_nothing_is_no_reason_to_make_a_key(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORDROUND_KEY", "")
    with pytest.raises(SettingsInvalid, match="WORDROUND_KEY"):
        pseudonymiser(load_settings())


def test_settings_and_terms_load_no_connector_and_no_library_that_only_some_steps_need() -> None:
    program = "import sys, wordround.settings as s; s.registry.terms(), s.registry.blocks(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    assert {"wordround.connectors.bluesky", "wordround.connectors.fft"} <= set(loaded)
    heavy = {"pyarrow", "pandas", "numpy", "duckdb", "httpx", "feedparser", "pydantic_settings", "asyncio"}
    assert heavy & set(loaded) == set()
    assert [name for name in loaded if re.fullmatch(r"wordround\.connectors\.\w+\.(connector|rows)", name)] == []


def test_without_a_word_in_the_settings_no_comment_is_quoted(settings_with: Callable[..., Settings]) -> None:
    quotes = settings_with(("survey_comments = true", "")).quotes
    assert not quotes.survey_comments and (quotes.per_service, quotes.longest_words) == (2, 40)
    assert not Settings.model_fields["quotes"].get_default(call_default_factory=True).survey_comments


def test_a_missing_settings_file_is_named(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORDROUND_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(SettingsInvalid, match=r"none\.toml"):
        load_settings()


def test_the_key_is_made_once_and_for_its_owner_only(settings: Settings) -> None:
    first = pseudonymiser(settings).pseudonym("fft", "1")
    assert pseudonymiser(settings).pseudonym("fft", "1") == first
    key = settings.home / "keys" / "pseudonym.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(0o644)
    with pytest.raises(SettingsInvalid, match="chmod 600"):
        pseudonymiser(settings)


def test_another_key_gives_other_pseudonyms_and_a_bad_one_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = set()
    for key in ("0" * 64, "1" * 64):
        monkeypatch.setenv("WORDROUND_KEY", key)
        monkeypatch.setenv("WORDROUND_HOME", str(home / key[0]))
        seen.add(pseudonymiser(load_settings()).pseudonym("fft", "1"))
        assert key not in repr(load_settings())
    assert len(seen) == 2
    monkeypatch.setenv("WORDROUND_KEY", "short")
    with pytest.raises(SettingsInvalid, match="64 hexadecimal digits") as caught:
        pseudonymiser(load_settings())
    assert "short" not in str(caught.value)
