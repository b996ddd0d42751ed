"""Records go into the file of a backup and come back into whichever database is in force, on both."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.fixtures.chains import of_home
from wordround.records import moving, spending, store
from wordround.records.tables import metadata, notices, rewrite_events, rewrite_texts, sent_reports
from wordround.settings import Settings, load_settings

AT = datetime(2026, 11, 21, 7, 30, 0, 123456, tzinfo=UTC)
WRITTEN = {"id": 1, "at": AT, "event": "written", "comment_id": "a" * 32, "rewrite_id": None, "by": "editor"}
APPROVED = {"id": 2, "at": AT, "event": "approved", "comment_id": "a" * 32, "rewrite_id": 1, "by": "lead"}
NOTICE = {"at": AT, "alert_id": "a1", "event": "opened", "is_told": True, "figures": {"share": 0.25, "weeks": [1, 2]}}


def fill(trust: Settings) -> None:
    with store.writing(trust) as connection:
        connection.execute(sa.insert(rewrite_events), [WRITTEN, APPROVED])
        connection.execute(sa.insert(rewrite_texts), [{"rewrite_id": 1, "text": "Said in other words"}])
        connection.execute(sa.insert(notices), [NOTICE, NOTICE | {"before": {"share": 0.5}}])
    spending.add(trust, "x", "asking", date(2026, 11, 21), 0.1 + 0.2)


def rows(trust: Settings) -> dict[str, list]:
    with store.reading(trust) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


@pytest.fixture
def other(trust: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Settings:
    """Another empty store of the same kind."""
    if trust.environment.records_url is not None:
        monkeypatch.setenv("WORDROUND_RECORDS_URL", request.getfixturevalue("postgres_server").new_database())
    return of_home(load_settings(), tmp_path / "other")


def test_every_row_comes_back_as_it_was_and_the_next_one_has_its_own_id(
    trust: Settings, other: Settings, tmp_path: Path
) -> None:
    fill(trust)
    written = moving.save(trust, tmp_path / "saved")
    assert written is not None and [path.name for path in written.parent.glob("records*")] == ["records.sqlite"]
    assert moving.bring_in(other, tmp_path / "saved")
    assert rows(other) == rows(trust)
    with store.writing(other) as connection:
        made = connection.execute(sa.insert(notices), NOTICE).inserted_primary_key
        again = {name: value for name, value in APPROVED.items() if name != "id"}
        event = connection.execute(sa.insert(rewrite_events), again).inserted_primary_key
    assert (made, event) == ((3,), (3,))


def test_a_store_that_has_rows_is_left_as_it_is(trust: Settings, other: Settings, tmp_path: Path) -> None:
    fill(trust)
    moving.save(trust, tmp_path / "saved")
    sent = {"at": AT, "week": "2026-W47", "message_id": "m", "recipient_count": 2, "report_sha256": "0" * 64}
    with store.writing(other) as connection:
        connection.execute(sa.insert(sent_reports), sent)
    before = rows(other)
    assert not moving.bring_in(other, tmp_path / "saved")
    assert rows(other) == before


def test_where_nothing_was_ever_written_there_is_nothing_to_save(settings: Settings, tmp_path: Path) -> None:
    assert moving.save(settings, tmp_path / "saved") is None
    assert not settings.records.exists()
