"""Settings: what is wrong is named, and secrets stay out of sight."""

import re
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.fixtures.fft_files import row, write_csv
from wordround import pipeline
from wordround.doctor import examine
from wordround.erasing import Request
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


UNFINISHED = {
    "no layouts": "[sources.file]\nenabled = true\n",
    "no date": '[sources.file]\nenabled = true\n[sources.file.layouts.pals]\ntext = "Complaint"\n',
    "a wrong word": (
        '[sources.file]\nenabled = true\ndate_order = "american"\n'
        '[sources.file.layouts.pals]\ndate = "Received"\ntext = "Complaint"\n'
    ),
    "another source": '[sources.bluesky]\nenabled = true\nqueries = [{ id = "all" }]\n',
}


@pytest.mark.parametrize("case", UNFINISHED)
def test_a_source_that_is_not_finished_is_named_and_the_others_go_on(
    settings_with: Callable[..., Settings], case: str
) -> None:
    settings = settings_with(added=UNFINISHED[case])
    (name,) = settings.sources.unfinished()
    assert settings.sources.enabled() == ("fft", name) and settings.sources.known() == ("fft", name)
    with pytest.raises(SettingsInvalid, match=rf"{name}: nothing of this source is read(?s:.*)\[sources\.{name}"):
        settings.sources.named(name)

    write_csv(settings.home / "inbox" / "fft" / "f.csv", [row()])
    assert pipeline.ingest(settings, "fft", date(2026, 11, 21))["rows"]["loaded"] == 2
    with pytest.raises(SettingsInvalid, match="not finished"):
        pipeline.ingest(settings, name, date(2026, 11, 21))
    (refusal,) = pipeline.honour_deletions(settings)["refused"]
    assert refusal.startswith(f"{name}: ")
    with pytest.raises(SettingsInvalid, match="not finished"):
        pipeline.honour_source(settings, name)
    (finding,) = [each for each in examine()["findings"] if each["subject"] == name]
    assert finding["state"] == "missing" and f"[sources.{name}" in finding["says"]


def test_a_source_that_is_not_finished_and_not_switched_on_waits(settings_with: Callable[..., Settings]) -> None:
    settings = settings_with(added="[sources.file]\n")
    assert settings.sources.enabled() == ("fft",)
    (finding,) = [each for each in examine()["findings"] if each["subject"] == "file"]
    assert finding["state"] == "attention"


def test_an_erasure_at_a_source_that_is_not_finished_says_so_and_not_that_nothing_is_there(
    settings_with: Callable[..., Settings],
) -> None:
    settings = settings_with(added=UNFINISHED["no date"])
    with pytest.raises(SettingsInvalid, match="not finished"):
        pipeline.count_erasure(settings, Request("comment", "file", ("PALS-1",)))


def test_a_survey_that_is_not_finished_does_not_stop_the_gate(settings_with: Callable[..., Settings]) -> None:
    other = '[sources.file.layouts.pals]\ndate = "Received"\ntext = "Complaint"\n'
    settings = settings_with(('date_order = "evidence"', 'date_order = "american"'), added=other)
    assert set(settings.sources.unfinished()) == {"fft"}
    pipeline.load(settings)
    assert pipeline.gate(settings, "loaded")["succeeded"]


@pytest.mark.parametrize("sources", ["sources = 3", "[[sources]]\nenabled = true"])
def test_sources_that_are_no_blocks_are_an_error_that_says_so(tmp_path: Path, home: Path, monkeypatch, sources) -> None:
    written = tmp_path / "wordround.toml"
    written.write_text(f'{sources}\n[trust]\nname = "A trust"\ncode = "XFV"\n', encoding="utf-8")
    monkeypatch.setenv("WORDROUND_CONFIG", str(written))
    with pytest.raises(SettingsInvalid, match=r"\[sources\]"):
        load_settings()


@pytest.mark.parametrize(
    "added",
    [
        "[sources.file]\nenabeld = true\n",
        "[sources.flie]\nenabled = true\n",
        '[sources.file.layouts.pals]\ntext = "Complaint"\ndatum = "Received"\n',
    ],
)
def test_a_misspelt_key_of_a_source_stops_everything(settings_with: Callable[..., Settings], added: str) -> None:
    with pytest.raises(SettingsInvalid, match="there is no such setting"):
        settings_with(added=added)


def test_what_is_wrong_elsewhere_is_not_blamed_on_a_source(settings_with: Callable[..., Settings]) -> None:
    with pytest.raises(SettingsInvalid, match=r"trust\.name(?s:.*)sources\.file\]"):
        settings_with(('name = "Fernvale', 'nom = "Fernvale'), added="[sources.file]\nenabled = true\n")


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (b"a = " + b"[" * 3_000, "nested deeper than any setting"),
        (b"a = " + b"9" * 5_000, "a number has thousands of digits"),
        (b'[environment]\nhome = "/tmp"\n', "[environment] there is no such setting"),
        (b"# caf\xe9\n", "is not UTF-8 (byte 5)"),
        (b"a = 1979-13-01", "is not valid TOML"),
    ],
)
def test_what_is_no_settings_file_is_named_whatever_is_wrong_with_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: bytes, says: str
) -> None:
    path = tmp_path / "wordround.toml"
    path.write_bytes(written)
    monkeypatch.setenv("WORDROUND_CONFIG", str(path))
    with pytest.raises(SettingsInvalid) as refused:
        load_settings()
    assert str(refused.value).startswith(f"{path}: ") and says in str(refused.value)
