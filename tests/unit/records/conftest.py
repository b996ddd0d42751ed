"""The store on both databases: what is tested of one is tested of the other."""

from pathlib import Path

import pytest

from wordround.settings import Settings, load_settings


@pytest.fixture(params=["sqlite", "postgres"])
def trust(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with an empty store of each kind."""
    if request.param == "postgres":
        monkeypatch.setenv("WORDROUND_RECORDS_URL", request.getfixturevalue("postgres_server").new_database())
    return load_settings()
