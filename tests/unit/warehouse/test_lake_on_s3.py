"""A lake whose files lie in a bucket (a stand-in on loopback, moto): what is erased is in none of its objects."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pydantic import SecretStr

from tests.fixtures import buckets
from tests.fixtures.engines import on_a_lake
from tests.fixtures.fft_files import form, write_csv
from tests.fixtures.legible import legible, shapes
from wordround import pipeline
from wordround.erasing import Request, erase
from wordround.errors import LakeFailed
from wordround.settings import Settings
from wordround.warehouse import engine

TODAY = date(2026, 11, 21)
GONE, KEPT = "A lamp that flickered all through the night", "Everybody was kind to my mother"


@pytest.fixture(scope="module")
def bucket() -> Iterator[Any]:
    with buckets.served_bucket() as bucket:
        yield bucket


@pytest.fixture
def in_a_bucket(settings: Settings, bucket: Any, monkeypatch: pytest.MonkeyPatch) -> Settings:
    # The machine's proxy is not asked for what is on this machine.
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    bucket.objects.all().delete()
    these = on_a_lake(settings, settings.home, **buckets.options(bucket))
    login = {name: SecretStr(value) if name.endswith("secret") else value for name, value in buckets.LOGIN.items()}
    return these.model_copy(update={"environment": these.environment.model_copy(update=login)})


def objects_with(bucket: Any, folder: Path, text: str) -> list[str]:
    """Return the keys of the objects in which a text stands; every one of them is read, and one at least is a table."""
    found, tables = [], 0
    folder.mkdir(exist_ok=True)
    for number, each in enumerate(bucket.objects.all()):
        path = folder / f"{number}{Path(each.key).suffix}"
        path.write_bytes(each.get()["Body"].read())
        tables += path.suffix == ".parquet" and pq.read_metadata(path).num_rows >= 0
        content = legible(path).lower()
        found += [each.key] if any(shape in content for shape in shapes(text)) else []
        path.unlink()
    assert tables
    return found


def test_what_is_erased_is_in_no_object_of_the_bucket(in_a_bucket: Settings, bucket: Any, tmp_path: Path) -> None:
    rows = [form(1, good=GONE, better=""), form(2, good=KEPT, better="")]
    write_csv(in_a_bucket.home / "inbox" / "fft" / "week.csv", rows)
    assert pipeline.ingest(in_a_bucket, "fft", TODAY)["rows"]["loaded"] == 2
    assert not list(in_a_bucket.lake.rglob("*.parquet")), "its files lie in the bucket"
    for text in (GONE, KEPT):
        assert objects_with(bucket, tmp_path / "read", text)
    with engine.connect(in_a_bucket) as connection:
        (erased,) = connection.execute("select comment_id from raw.comments where text = ?", [GONE]).fetchone()

    erase(in_a_bucket, Request("comment", "fft", ("RX0001",)), lambda _: True)
    for value in (GONE, erased):
        assert objects_with(bucket, tmp_path / "read", value) == []
    assert objects_with(bucket, tmp_path / "read", KEPT)
    with engine.connect(in_a_bucket) as connection:
        left = connection.execute("select text from raw.comments where text is not null").fetchall()
        listed = connection.execute("select count(*) from __ducklake_metadata_warehouse.ducklake_data_file").fetchone()
    assert left == [(KEPT,)]
    assert (len(list(bucket.objects.all())),) == listed, "no object that the catalogue does not know"


def test_a_bucket_that_is_not_there_is_named_without_its_password(in_a_bucket: Settings) -> None:
    gone = in_a_bucket.model_copy(
        update={"engine": in_a_bucket.engine.model_copy(update={"data": "s3://no-such-bucket/tables"})}
    )
    with pytest.raises(LakeFailed, match="s3://no-such-bucket/tables: the files of the lake") as refused:
        engine.connect(gone).__enter__()
    assert "geheim" not in str(refused.value) and "somebody" not in str(refused.value)
