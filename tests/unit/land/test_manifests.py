"""A manifest comes back as it was written, and one that is damaged is named, with what to do and nobody's data."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.fixtures.forum import land, post
from tests.fixtures.manifests import a_manifest, landed_rows
from wordround.errors import ManifestDamaged
from wordround.land import manifests
from wordround.land.manifests import Manifest, QueryRecord, WindowRecord, write_manifest
from wordround.settings import Settings

NOW = datetime(2026, 11, 21, 6, 0, 0, 123456, tzinfo=UTC)
WINDOW = WindowRecord(
    asked_from=NOW - timedelta(days=1), asked_until=NOW, answered_from=None, cut="wall", error=None, is_closed=True
)
QUERY = QueryRecord(
    query_id="tag",
    query_label="#nhs",
    asks="0123456789ab",
    windows=(WINDOW,),
    requests=3,
    retries=1,
    waited_seconds=0.25,
    spent=0.0,
    rows=12,
    refused={"opted_out": 2},
    days={date(2026, 11, 20): 10},
    memory={"last": "zanzibarine-1"},
)
ASKED = a_manifest(rows=landed_rows(landed=10, refused=2), landed_at=NOW, run_id="run", queries=(QUERY,))


def written(settings: Settings, manifest: Manifest) -> Path:
    write_manifest(settings, manifest)
    return (settings.home / manifest.parquet).with_suffix(".json")


def test_what_was_written_is_read(settings: Settings) -> None:
    written(settings, ASKED)
    assert list(manifests.landed(settings)) == [ASKED]


@hypothesis_settings(deadline=None)
@given(
    counts=st.fixed_dictionaries({name: st.integers(0, 10**9) for name in landed_rows().outcomes()}),
    landed_at=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))])),
    name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    days=st.dictionaries(st.dates(), st.integers(0, 99), max_size=3),
)
def test_whatever_it_holds_it_comes_back(counts: dict, landed_at: datetime, name: str, days: dict) -> None:
    query = QUERY.model_copy(update={"days": days})
    manifest = a_manifest(rows=landed_rows(**counts), landed_at=landed_at, file=name, queries=(query,))
    text = json.dumps(manifest.model_dump(mode="json", by_alias=True, exclude_unset=True), ensure_ascii=False)
    assert Manifest.model_validate_json(text) == manifest


def test_moments_and_counts_stand_in_the_file_as_people_and_other_programs_read_them(settings: Settings) -> None:
    document = json.loads(written(settings, ASKED).read_text(encoding="utf-8"))
    assert document["landed_at"] == "2026-11-21T06:00:00.123456+00:00"
    assert document["rows"] == {
        "in": 12,
        "landed": 10,
        "no_answer": 0,
        "reshared": 0,
        "repeated": 0,
        "quarantined": 0,
        "refused": 2,
        "erased": 0,
    }
    assert document["queries"][0]["windows"][0]["asked_from"] == "2026-11-20T06:00:00.123456+00:00"
    assert document["queries"][0]["days"] == {"2026-11-20": 10}
    assert "layout" not in document and "quarantine_expired" not in document, "an answer of a source has no layout"


def test_a_manifest_that_is_written_again_keeps_what_it_said(settings: Settings) -> None:
    land(settings, [post(1), post(2)])
    (manifest,) = manifests.landed(settings)
    path = (settings.home / manifest.parquet).with_suffix(".json")
    before = path.read_text(encoding="utf-8")
    write_manifest(settings, manifest)
    assert path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"erased": 0', '"erased": "none"', "rows.erased: Input should be a valid integer"),
        ('"erased": 0', '"erased": -1', "rows.erased: Input should be greater than or equal to 0"),
        (',\n    "erased": 0', "", "rows.erased: Field required"),
        ('"requests": 3', '"requests": 3.5', "queries.0.requests: Input should be a valid integer"),
        ('"requests": 3', '"request": 3', "queries.0.requests: Field required; queries.0.request: Extra inputs"),
        ('"wall"', '"fence"', "queries.0.windows.0.cut: Input should be 'wall', 'window', 'budget' or 'time'"),
        ("+00:00", "", "landed_at: Input should have timezone info"),
        ('"logical_date": "2026-11-21"', '"logical_date": "soon"', "logical_date: Input should be a valid date"),
        ('"last": "zanzibarine-1"', '"zanzibarine": 5', "queries.0.memory: Input should be a valid string"),
        ('{\n  "batch_id"', '\n  "batch_id"', "Invalid JSON"),
    ],
)
def test_damage_is_named_with_file_and_field(settings: Settings, old: str, new: str, said: str) -> None:
    path = written(settings, ASKED)
    message = said_once_changed(settings, path, old, new)
    assert message.startswith(f"{path}: is no manifest") and said in message
    assert "Bring it back from a backup" in message
    assert "zanzibarine" not in message, "what a connector remembers may name a person"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"null", b"[]", b"{", b'"a"'])
def test_a_file_that_is_anything_else_is_named_too(settings: Settings, content: bytes) -> None:
    path = written(settings, ASKED)
    path.write_bytes(content)
    with pytest.raises(ManifestDamaged, match=path.name):
        list(manifests.landed(settings))


def test_a_manifest_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        ASKED.source = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"2026-11-21T06:00:00.123456+00:00"',
            '"0001-01-01T00:00:00+14:00"',
            "landed_at: Value error, is beyond every",
        ),
        ('"erased": 0', '"erased": 0, "\\u001b[2Jzanzibarine": 1', "rows....: Extra inputs"),
    ],
)
def test_a_moment_beyond_every_calendar_and_a_name_that_is_none_are_damage(
    settings: Settings, old: str, new: str, said: str
) -> None:
    message = said_once_changed(settings, written(settings, ASKED), old, new)
    assert said in message
    assert "\x1b" not in message and "zanzibarine" not in message


def said_once_changed(settings: Settings, path: Path, old: str, new: str) -> str:
    """Change a manifest, and return what is said of its damage."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ManifestDamaged) as failure:
        list(manifests.landed(settings))
    return str(failure.value)
