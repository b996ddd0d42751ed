"""The doctor looks at the records: where they are, whether they are whole, and what lies about from before."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.fixtures import postgres
from wordround.doctor import examine
from wordround.records import spending, store
from wordround.records.tables import REVISION
from wordround.settings import Settings, load_settings


def found(subject: str = "", area: str = "records") -> dict[str, str]:
    """The finding of an area, or the one about a subject that ends so."""
    (one,) = [f for f in examine()["findings"] if f["area"] == area and f["subject"].endswith(subject)]
    return one


def spend(settings: Settings) -> Path:
    spending.add(settings, "x", "asking", date(2026, 11, 28), 1.0)
    return settings.records / "records.sqlite"


def test_where_there_are_none_it_makes_none(settings: Settings) -> None:
    assert found()["state"] == "ok" and "the first run makes it" in found()["says"]
    assert not settings.records.exists()


def test_a_sound_store_is_named_with_its_revision(settings: Settings) -> None:
    path = spend(settings)
    assert (found()["state"], found()["subject"]) == ("ok", str(path))
    assert found()["says"] == f"is whole, at revision {REVISION}"


def test_a_damaged_file_is_missing_and_says_what_to_do(settings: Settings) -> None:
    path = spend(settings)
    content = path.read_bytes()
    path.write_bytes(content[:5000])
    assert found()["state"] == "missing" and str(path) in found()["says"] and "backup" in found()["says"]
    assert path.read_bytes() == content[:5000]


def test_a_file_that_others_may_read_is_missing_its_lock(settings: Settings) -> None:
    settings.home.mkdir(mode=0o700)
    path = spend(settings)
    path.chmod(0o644)
    assert found("/records", "modes")["state"] == "missing"
    assert examine(fix_modes=True)["modes_set"] == 1
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("revision", "state", "says"), [("0002", "attention", "next run"), ("0099", "missing", "up to")]
)
def test_another_revision_is_named_and_not_changed(settings: Settings, revision: str, state: str, says: str) -> None:
    spend(settings)
    with store.writing(settings) as connection:
        connection.execute(sa.text(f"update records_version set version_num = '{revision}'"))
    assert found()["state"] == state and says in found()["says"] and revision in found()["says"]
    assert store.examine(settings).revision == revision


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("alerts/notices.jsonl", "alerts/notices.jsonl"),
        ("quotes/rewrites.jsonl", "quotes/rewrites.jsonl"),
        ("reports/2026-W46/sent.json", "sent.json"),
        ("spending/x-asking.json", "spending/*.json"),
    ],
)
def test_a_file_that_is_not_read_any_more_is_named(settings: Settings, name: str, subject: str) -> None:
    path = settings.home / name
    path.parent.mkdir(parents=True)
    path.write_text("{}\n")
    assert found(subject)["state"] == "attention" and "not read any more" in found(subject)["says"]
    assert path.exists()


def test_a_server_is_named_without_its_password_whether_it_is_up_or_not(
    home: Path, postgres_server: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres_server.new_database()
    monkeypatch.setenv("WORDROUND_RECORDS_URL", url)
    assert "is at revision none" in found()["says"]
    spend(load_settings())
    assert found()["says"] == f"is whole, at revision {REVISION}"
    assert (
        found()["subject"]
        == f"Postgres database {url.rpartition('@/')[2].partition('?')[0]} at {postgres_server.folder}"
    )
    monkeypatch.setenv("WORDROUND_RECORDS_URL", url.partition("?")[0] + "?host=/nowhere")
    assert found()["state"] == "missing" and "cannot be reached" in found()["says"]
    assert postgres_server.password not in str(examine())
