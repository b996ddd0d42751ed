"""Settings of a throwaway data home, for everything that runs dbt."""

from pathlib import Path

import pytest

from wordround.settings import PROJECT, Settings, load_settings


@pytest.fixture(scope="module", autouse=True)
def replay(replayed_builds: None) -> None:
    """Nearly every test here builds; what dbt makes of each state of a warehouse is the same for all of them."""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WORDROUND_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WORDROUND_CONFIG", str(PROJECT / "wordround.toml"))
    return load_settings()
