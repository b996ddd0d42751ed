"""Merging: what a landed row does to a comment that is there, beside the rule written in Python."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from wordround.comments import COUNTS, LANDED, LINK_TITLES, ONLY_LANDED
from wordround.land.row_outcomes import RowOutcomes
from wordround.warehouse import engine
from wordround.warehouse.merging import merge

START = datetime(2026, 11, 1, 9, tzinfo=UTC)
DAY = date(2026, 11, 21)


@pytest.fixture
def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    engine.prepare(connection)
    return connection


def landed(**values: object) -> dict[str, object]:
    """A landed row: a post, unless something else is said."""
    row: dict[str, object] = dict.fromkeys(LANDED.names)
    row |= {"comment_id": "c1", "source": "bluesky", "kind": "post", "posted_at": START, "posted_date": START.date()}
    row |= {"collected_at": START, "text": "Kind staff", "trust_code": "XFV", "is_withheld": False}
    return row | {"content_hash": "h1", "query_id": "q1", "likes": 1, "is_date_corrected": False} | values


def feed(connection: duckdb.DuckDBPyConnection, folder: Path, *rows: dict[str, object], batch: str = "b1") -> dict:
    path = folder / f"{batch}.parquet"
    pq.write_table(pa.Table.from_pylist(list(rows), schema=LANDED), path)
    connection.execute("begin")
    counts = merge(connection, path, batch, DAY)
    connection.execute("commit")
    assert sum(counts.values()) == len(rows)
    return {name: count for name, count in counts.items() if count}


def stored(connection: duckdb.DuckDBPyConnection, comment_id: str = "c1") -> dict[str, object]:
    table = connection.execute("from raw.comments where comment_id = ?", [comment_id]).to_arrow_table()
    (row,) = table.to_pylist()
    return row


def later(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def test_an_edit_replaces_every_column_and_keeps_when_the_comment_first_came(warehouse, tmp_path: Path) -> None:
    given = {
        field.name: {
            pa.string(): "new",
            pa.int32(): 9,
            pa.bool_(): False,
            pa.list_(pa.string()): ["new"],
            LINK_TITLES: TITLES,
        }.get(field.type, later(5) if pa.types.is_timestamp(field.type) else date(2026, 10, 31))
        for field in LANDED
    }
    feed(warehouse, tmp_path, landed())
    first = stored(warehouse)
    edit = given | {"comment_id": "c1", "content_hash": "h2", "expired_text_id": None}
    assert feed(warehouse, tmp_path, edit, batch="b2") == {"updated": 1}
    now = stored(warehouse)
    assert {name: now[name] for name in edit if name not in (*ONLY_LANDED, "query_id")} == {
        name: value for name, value in edit.items() if name not in (*ONLY_LANDED, "query_id")
    }
    assert now["query_id"] == "new", "the smaller of the two, so that the order of runs does not matter"
    assert (now["batch_id"], now["loaded_at"]) == ("b2", first["loaded_at"])
    assert now["updated_at"] > first["updated_at"]
    assert now["text_id"] != first["text_id"]


@pytest.mark.parametrize("count", COUNTS)
def test_a_count_that_has_moved_moves_and_the_words_stay(warehouse, tmp_path: Path, count: str) -> None:
    feed(warehouse, tmp_path, landed(**dict.fromkeys(COUNTS)))
    first = stored(warehouse)
    again = landed(**dict.fromkeys(COUNTS)) | {count: 7, "collected_at": later(1), "text": "not read"}
    assert feed(warehouse, tmp_path, again, batch="b2") == {"unchanged": 1}
    now = stored(warehouse)
    assert {name for name in now if now[name] != first[name]} == {count, "collected_at", "updated_at"}
    assert now[count] == 7


def test_what_is_only_seen_again_is_noted_and_not_updated(warehouse, tmp_path: Path) -> None:
    feed(warehouse, tmp_path, landed())
    first = stored(warehouse)
    feed(warehouse, tmp_path, landed(collected_at=later(1)), batch="b2")
    now = stored(warehouse)
    assert {name for name in now if now[name] != first[name]} == {"collected_at"}


TITLES = [{"domain": "nhs.uk", "title": "Sleep"}]


def test_a_title_that_comes_later_is_taken_and_stays_where_another_server_gives_none(warehouse, tmp_path: Path) -> None:
    feed(warehouse, tmp_path, landed())
    later_on = landed(collected_at=later(1), link_titles=TITLES)
    assert feed(warehouse, tmp_path, later_on, batch="b2") == {"unchanged": 1}
    assert stored(warehouse)["link_titles"] == TITLES
    feed(warehouse, tmp_path, landed(collected_at=later(2), likes=9), batch="b3")
    feed(warehouse, tmp_path, landed(collected_at=later(3)), batch="b4")
    now = stored(warehouse)
    assert (now["link_titles"], now["collected_at"]) == (TITLES, later(3))
    feed(warehouse, tmp_path, landed(content_hash="h2", edited_at=later(4), collected_at=later(4)), batch="b5")
    assert stored(warehouse)["link_titles"] is None, "an edit may have taken the link out"


def test_a_title_does_not_come_back_where_the_words_have_expired(warehouse, tmp_path: Path) -> None:
    feed(warehouse, tmp_path, landed(link_titles=TITLES))
    warehouse.execute("update raw.comments set text = null, link_titles = null, is_text_expired = true")
    feed(warehouse, tmp_path, landed(collected_at=later(1), link_titles=TITLES, likes=4), batch="b2")
    assert stored(warehouse)["link_titles"] is None


def test_a_country_is_filled_in_and_corrected_and_stays_where_another_server_tells_none(
    warehouse, tmp_path: Path
) -> None:
    # A table: nothing asked for it.
    feed(warehouse, tmp_path, landed(query_id=None))
    for number, told in enumerate(("GB", None, "IE")):
        again = landed(query_id=None, country=told, collected_at=later(number + 1))
        assert feed(warehouse, tmp_path, again, batch=f"b{number + 2}") == {"unchanged": 1}
        assert stored(warehouse)["country"] == (told or "GB")


def test_the_followers_of_the_first_day_stay_and_so_does_the_day(warehouse, tmp_path: Path) -> None:
    feed(warehouse, tmp_path, landed(collected_at=later(1)))
    assert stored(warehouse)["followers_on"] is None
    # Half past midnight in London, in summer time.
    first = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
    assert feed(warehouse, tmp_path, landed(collected_at=first, author_followers=40), batch="b2") == {"unchanged": 1}
    next_day = {"collected_at": first + timedelta(days=1), "author_followers": 44}
    feed(warehouse, tmp_path, landed(**next_day, likes=8), batch="b3")
    feed(warehouse, tmp_path, landed(**next_day, content_hash="h2", edited_at=later(4)), batch="b4")
    now = stored(warehouse)
    assert (now["author_followers"], now["followers_on"], now["likes"]) == (40, date(2027, 7, 1), 1)


def test_a_file_of_a_version_that_kept_no_titles_is_loaded(warehouse, tmp_path: Path) -> None:
    since = ("link_titles", "author_followers", "country", "author_organisation")
    before = pa.schema([field for field in LANDED if field.name not in since])
    path = tmp_path / "before.parquet"
    pq.write_table(pa.Table.from_pylist([landed()], schema=LANDED).select(before.names), path)
    assert merge(warehouse, path, "b1", DAY)["loaded"] == 1
    assert stored(warehouse)["link_titles"] is None


def test_an_answer_to_a_survey_that_is_fed_again_is_not_touched(warehouse, tmp_path: Path) -> None:
    feed(warehouse, tmp_path, landed(query_id=None, likes=None))
    first = stored(warehouse)
    assert feed(warehouse, tmp_path, landed(query_id=None, likes=None, collected_at=later(1)), batch="b2") == {
        "unchanged": 1
    }
    assert stored(warehouse) == first


def test_a_date_that_was_believed_stays_when_an_edit_looks_forged(warehouse, tmp_path: Path) -> None:
    feed(warehouse, tmp_path, landed(is_date_corrected=None))
    edit = landed(content_hash="h2", edited_at=later(3), posted_at=later(3), is_date_corrected=True)
    feed(warehouse, tmp_path, edit | {"posted_date": date(2026, 11, 2)}, batch="b2")
    now = stored(warehouse)
    assert (now["posted_at"], now["posted_date"], now["is_date_corrected"]) == (START, START.date(), None)
    assert now["content_hash"] == "h2"


def test_a_date_that_was_corrected_from_the_start_follows_the_source(warehouse, tmp_path: Path) -> None:
    feed(warehouse, tmp_path, landed(is_date_corrected=True))
    feed(warehouse, tmp_path, landed(content_hash="h2", posted_at=later(3), is_date_corrected=True), batch="b2")
    assert stored(warehouse)["posted_at"] == later(3)


def test_blank_answers_and_reposts_are_stored_and_counted_as_what_they_are(warehouse, tmp_path: Path) -> None:
    rows = [
        landed(comment_id="c1"),
        landed(comment_id="c2", text=None),
        landed(comment_id="c3", text=None, reshare_of="c1"),
        landed(comment_id="c4", text=None, is_withheld=True),
        landed(comment_id="c5", text=None, expired_text_id="e" * 32),
    ]
    assert feed(warehouse, tmp_path, *rows) == {"loaded": 3, "no_answer": 1, "reshared": 1}
    assert [stored(warehouse, f"c{number}")["text_id"] is None for number in range(1, 6)] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert stored(warehouse, "c5")["text_id"] == "e" * 32
    assert [stored(warehouse, f"c{number}")["is_text_expired"] for number in (1, 4, 5)] == [False, False, True]


ROWS = st.fixed_dictionaries(
    {
        "comment_id": st.sampled_from(["c1", "c2"]),
        "content_hash": st.sampled_from(["h1", "h2"]),
        "edited_at": st.sampled_from([None, later(1), later(2)]),
        "collected_at": st.sampled_from([later(3), later(4), later(5)]),
        "query_id": st.sampled_from([None, "q1", "q2"]),
        "likes": st.sampled_from([None, 1, 2]),
    }
)


@tried(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(ROWS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_rows_in_any_batches_are_what_the_rule_says(batches, tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        engine.prepare(connection)
        known: dict[str, dict] = {}
        for number, rows in enumerate(batches):
            given_rows = [landed(**row) for row in rows]
            counts = feed(connection, tmp_path, *given_rows, batch=f"b{number}")
            assert counts == {name: count for name, count in by_the_rule(known, given_rows).items() if count}
        names = ("content_hash", "edited_at", "collected_at", "query_id", "likes")
        for comment_id, expected in known.items():
            row = stored(connection, comment_id)
            assert {name: row[name] for name in names} == {name: expected[name] for name in names}
        assert connection.execute("select count(*) from raw.comments").fetchone() == (len(known),)


def by_the_rule(known: dict[str, dict], rows: list[dict]) -> dict[str, int]:
    """Do what merging does to a dictionary; return how many rows came to what."""
    counts = dict.fromkeys(RowOutcomes.BY_MERGE, 0)
    for comment_id in {row["comment_id"] for row in rows}:
        same = [row for row in rows if row["comment_id"] == comment_id]
        latest = max(enumerate(same), key=lambda at: (_edit(at[1]), at[1]["collected_at"], at[0]))[1]
        query_id = min((row["query_id"] for row in same if row["query_id"]), default=None)
        there = known.get(comment_id)
        counts["unchanged"] += len(same) - 1
        if there is None:
            known[comment_id] = latest | {"query_id": query_id}
            counts["loaded"] += 1
        elif (_edit(latest), latest["collected_at"]) < (_edit(there), there["collected_at"]):
            counts["unchanged"] += 1
        elif latest["content_hash"] != there["content_hash"]:
            known[comment_id] = latest | {"query_id": _least(there["query_id"], query_id)}
            counts["updated"] += 1
        else:
            counts["unchanged"] += 1
            is_moved = latest["likes"] != there["likes"] or (query_id or "z") < (there["query_id"] or "")
            if is_moved or (query_id and latest["collected_at"] > there["collected_at"]):
                moved = {"likes": latest["likes"], "collected_at": latest["collected_at"]}
                there |= moved | {"query_id": _least(there["query_id"], query_id)}
    return counts


def _edit(row: dict) -> datetime:
    return row["edited_at"] or datetime.min.replace(tzinfo=UTC)


def _least(*query_ids: str | None) -> str | None:
    return min(filter(None, query_ids), default=None)
