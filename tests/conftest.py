"""Fixtures that every test may use: a throwaway data home and settings that point to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fixtures import postgres
from wordround.settings import PROJECT, Settings, load_settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data home of the test's own, with nothing of the caller's environment in it."""
    names = "KEY CONFIG SMTP_HOST SMTP_PORT SMTP_USER SMTP_PASSWORD WAIT_SECONDS RECORDS_URL"
    for name in names.split():
        monkeypatch.delenv(f"WORDROUND_{name}", raising=False)
    folder = tmp_path / "home"
    monkeypatch.setenv("WORDROUND_HOME", str(folder))
    return folder


@pytest.fixture
def settings(home: Path) -> Settings:
    """The project's own settings over the throwaway home."""
    return load_settings()


@pytest.fixture
def settings_with(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Settings with something replaced in the text of `wordround.toml` or added below it."""

    def make(*replacements: tuple[str, str], added: str = "") -> Settings:
        written = (PROJECT / "wordround.toml").read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in written, f"{old!r} no longer stands in wordround.toml"
            written = written.replace(old, new)
        path = tmp_path / "wordround.toml"
        path.write_text(written + "\n" + added, encoding="utf-8")
        monkeypatch.setenv("WORDROUND_CONFIG", str(path))
        return load_settings()

    return make


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A Postgres server of the tests' own; skips what asks for it where none is installed."""
    folder = postgres.programs()
    if folder is None:
        pytest.skip(postgres.NOT_THERE)
    with postgres.running(folder) as server:
        yield server
