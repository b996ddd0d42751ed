"""Settings of a throwaway data home, for everything that runs dbt."""

from pathlib import Path

import pytest

from wordround.settings import PROJECT, Settings, load_settings


@pytest.fixture(scope="session", autouse=True)
def read_once(dbt_read_once: None) -> None:
    """Nearly every test here builds."""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WORDROUND_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WORDROUND_CONFIG", str(PROJECT / "wordround.toml"))
    return load_settings()
