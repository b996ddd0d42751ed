"""Credentials: from the environment or from Airflow's connections, never from the settings file, never told."""

import sys
import types

import pytest

from tests.fixtures.social import asking_bluesky
from wordround import credentials, pipeline
from wordround.cli import app
from wordround.demo.standins.bluesky import LOGIN, PASSWORD, Bluesky
from wordround.demo.standins.world import posts
from wordround.errors import CredentialMissing, SettingsInvalid


class Missing(Exception):
    """As Airflow says that there is no such connection."""


@pytest.fixture
def airflow(monkeypatch):
    """A process within Airflow, with these connections."""
    connections = {}

    class Connection:
        @staticmethod
        def get(name):
            if name not in connections:
                raise Missing
            return types.SimpleNamespace(**{"login": None, "password": None, "extra_dejson": {}, **connections[name]})

    sdk, errors = types.ModuleType("airflow.sdk"), types.ModuleType("airflow.sdk.exceptions")
    sdk.Connection, errors.AirflowRuntimeError, errors.AirflowNotFoundException = Connection, Missing, Missing
    monkeypatch.setitem(sys.modules, "airflow.sdk", sdk)
    monkeypatch.setitem(sys.modules, "airflow.sdk.exceptions", errors)
    return connections


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in ("LOGIN", "PASSWORD"):
        monkeypatch.delenv(f"WORDROUND_BLUESKY_{name}", raising=False)


def test_the_environment_says_who_asks(monkeypatch):
    monkeypatch.setenv("WORDROUND_BLUESKY_LOGIN", "fernvale.example")
    monkeypatch.setenv("WORDROUND_BLUESKY_PASSWORD", " abcd \n")
    assert credentials.of("bluesky") == {"login": "fernvale.example", "password": "abcd"}


def test_what_is_missing_is_named_with_both_places_where_it_may_stand(monkeypatch):
    monkeypatch.setenv("WORDROUND_BLUESKY_LOGIN", "fernvale.example")
    with pytest.raises(CredentialMissing) as raised:
        credentials.of("bluesky")
    assert "WORDROUND_BLUESKY_PASSWORD (an app password" in str(raised.value)
    assert "connection wordround_bluesky" in str(raised.value)
    assert "WORDROUND_BLUESKY_LOGIN" not in str(raised.value)


def test_within_airflow_a_connection_says_it_and_the_environment_wins(airflow, monkeypatch):
    with pytest.raises(CredentialMissing):
        credentials.of("bluesky")
    airflow["wordround_bluesky"] = {"login": "a", "extra_dejson": {"password": "from-extra"}}
    assert credentials.of("bluesky") == {"login": "a", "password": "from-extra"}
    monkeypatch.setenv("WORDROUND_BLUESKY_PASSWORD", "from-environment")
    assert credentials.of("bluesky")["password"] == "from-environment"


def test_a_source_of_files_needs_none():
    assert credentials.of("fft") == {}


def test_a_secret_in_the_settings_file_is_an_error(settings_with):
    with pytest.raises(SettingsInvalid, match=r"\[sources.bluesky.password\] there is no such setting"):
        settings_with(added='[sources.bluesky]\npassword = "abcd"')


def test_a_dry_run_says_what_would_be_asked_and_asks_nothing(settings_with, monkeypatch):
    from datetime import UTC, datetime, timedelta

    from typer.testing import CliRunner

    today = datetime.now(UTC).date()
    with Bluesky(posts(3)) as standin:
        settings = asking_bluesky(standin, settings_with, monkeypatch, today - timedelta(days=2))
        plan = pipeline.plan(settings, "bluesky", today)
        told = CliRunner().invoke(app, ["ingest", "bluesky", "--since", f"{today}", "--dry-run"])
        assert standin.calls == []
    (query,) = plan["queries"]
    assert query["asks"] == "#FernvaleNHS"
    assert "searchPosts?q=%23FernvaleNHS" in query["first_requests"][0]
    assert (plan["cost"], plan["credentials"], plan["governance"]) == ("free", [], [])
    assert told.exit_code == 0
    assert "#FernvaleNHS" in told.output and PASSWORD not in told.output and LOGIN not in told.output


def test_a_wrong_secret_leaves_everything_as_it_was(settings_with, monkeypatch):
    from datetime import UTC, datetime, timedelta

    from typer.testing import CliRunner

    today = datetime.now(UTC).date()
    with Bluesky(posts(30, until=datetime.now(UTC))) as standin:
        settings = asking_bluesky(standin, settings_with, monkeypatch, today - timedelta(days=2))
        monkeypatch.setenv("WORDROUND_BLUESKY_PASSWORD", "not-the-password")
        told = CliRunner().invoke(app, ["ingest", "bluesky"])
        assert told.exit_code == 1
        assert "SourceRefused" in told.output and "Invalid identifier or password" in told.output
        assert "not-the-password" not in told.output
        monkeypatch.setenv("WORDROUND_BLUESKY_PASSWORD", PASSWORD)
        assert pipeline.ingest(settings, "bluesky", today)["rows"]["loaded"] == 30
