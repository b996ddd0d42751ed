"""Nothing is kept by person: no published table, model or key. People are only counted, within a service and week."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import adversarial
import duckdb
import pytest
from small_warehouse import SmallWarehouse

from wordround.build import dbt as marts
from wordround.build import dictionary
from wordround.publish import editions
from wordround.publish import publication as publishing
from wordround.settings import PROJECT, load_settings

# Whatever names, reaches or stands for a person or for one filled-in form. `rows_in` and the like are counts.
PERSON = re.compile(
    r"author|voice_id|handle|user|native|response_id|e_?mail|phone|postcode|patient|person|profile|account|"
    r"in_reply_to|reshare_of|content_hash|text_id",
    re.IGNORECASE,
)
VOICES = "int_service_weeks_counted"
CARRIERS = {
    "int_comments_located",
    "int_comments_attributed",
}  # rows of comments on their way, before anything is counted


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallWarehouse]:
    """A built and published home, in which three in four comments have an author's key, a few authors with many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORDROUND_HOME", str(tmp_path_factory.mktemp("profiles")))
        patch.setenv("WORDROUND_CONFIG", str(PROJECT / "wordround.toml"))
        warehouse = SmallWarehouse(load_settings())
        adversarial.load(warehouse, 7)
        with warehouse.connect() as connection:
            connection.execute(
                "update raw.comments set author_key = md5('voice' || hash(comment_id) % 400), "
                "response_id = md5('form' || comment_id) where hash(comment_id, 1) % 4 > 0"
            )
        marts.build(warehouse.settings)
        publishing.publish(warehouse.settings)
        assert editions.make(warehouse.settings).made
        yield warehouse


@pytest.fixture(scope="module")
def manifest(home: SmallWarehouse) -> dict[str, Any]:
    return dictionary.read_manifest(home.settings)


def models(manifest: dict[str, Any]) -> dict[str, str]:
    """Every model with what dbt makes of its SQL, without comments."""
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return {node["name"]: re.sub(r"--.*|{#.*?#}", "", node["raw_code"]) for node in nodes}


def published_files(settings: Any) -> list[Path]:
    return [settings.published / "wordround.duckdb", settings.published / "public" / "wordround_public.duckdb"]


def columns_of(file: Path) -> list[tuple[str, str]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(
            "select table_name, column_name from duckdb_columns() where not internal order by all"
        ).fetchall()


def test_no_published_column_is_about_a_person(home: SmallWarehouse) -> None:
    for file in published_files(home.settings):
        columns = columns_of(file)
        assert len(columns) > 50
        assert [column for column in columns if PERSON.search(column[1])] == []
    parquet = sorted({path.resolve() for path in home.settings.published.rglob("parquet/*.parquet")})
    assert len(parquet) == 68
    for path in parquet:
        assert [name for name in duckdb.sql(f"from '{path}'").columns if PERSON.search(name)] == []


def test_no_mart_is_described_as_one_row_per_person(manifest: dict[str, Any]) -> None:
    for node in manifest["nodes"].values():
        if node["resource_type"] in {"model", "seed"}:
            grain = node["description"].rpartition("Grain: ")[2]
            assert not re.search(r"author|person|patient|voice|people|user", grain, re.IGNORECASE), node["name"]


def test_no_value_of_an_author_or_a_form_is_in_a_published_file(home: SmallWarehouse) -> None:
    with home.connect() as connection:
        values = connection.execute(
            "select author_key from raw.comments where author_key is not null "
            "union select response_id from raw.comments where response_id is not null"
        ).fetchall()
    assert len(values) > 1000
    for path in sorted(home.settings.published.rglob("parquet/*.parquet")):
        table = duckdb.sql(f"from '{path}'")
        words = [name for name, kind in zip(table.columns, table.types, strict=True) if kind == "VARCHAR"]
        held = {value for name in words for (value,) in table.select(f'"{name}"').distinct().fetchall()}
        assert not held & {value for (value,) in values}, path.name


def test_only_a_comments_own_id_is_unique_to_it(home: SmallWarehouse) -> None:
    """A column with another value in almost every row would be a name of the row's author under another name."""
    with duckdb.connect(str(home.settings.published / "wordround.duckdb"), read_only=True) as connection:
        columns = connection.sql("from marts.fct_comments").columns
        (rows,) = connection.execute("select count(*) from marts.fct_comments").fetchone() or (0,)
        distinct = ", ".join(f'count(distinct "{name}")' for name in columns)
        counts = connection.execute(f"select {distinct} from marts.fct_comments").fetchone() or ()
    assert {name for name, count in zip(columns, counts, strict=True) if count > rows / 10} == {"comment_id"}


def test_models_know_an_author_only_to_count_voices(manifest: dict[str, Any]) -> None:
    naming = {name for name, code in models(manifest).items() if "author_key" in code}
    assert VOICES in naming
    for name in naming - {"stg_raw__comments"}:
        code = models(manifest)[name]
        counted, by_macro, known, left_out = (
            r"count\(distinct (\w+\.)?author_key\)",
            r"writer_count\('\w+\.comment_id', 'authors\.author_key'\)",
            "author_key is not null",
            r"\* exclude \(author_key\)",
        )
        code = re.sub(f"{counted}|{by_macro}|{known}|{left_out}", "", code)
        assert "author_key" not in code, name


def test_the_macro_that_counts_writers_does_nothing_else_with_them() -> None:
    code = (PROJECT / "dbt" / "macros" / "writer_count.sql").read_text(encoding="utf-8")
    uses = re.findall(r"[^\n]*{{ author_key }}[^\n]*", code)
    counted, known = r"count\(distinct {{ author_key }}\)", r"filter \(where {{ author_key }} is not null\)"
    assert len(uses) == 2
    assert all(re.search(f"{counted}|{known}", use) for use in uses)


def test_an_author_is_in_no_model_past_the_count(home: SmallWarehouse) -> None:
    with home.connect() as connection:
        held = connection.execute(
            "select distinct table_name from duckdb_columns() where column_name = 'author_key' and schema_name <> 'raw'"
        ).fetchall()
    assert {name for (name,) in held if not name.startswith("stg_")} <= CARRIERS


def test_nothing_joins_partitions_or_groups_by_an_author_or_a_form_across_services(manifest: dict[str, Any]) -> None:
    keyed = r"(?:group by|partition by|order by|\bon\b|using)[^;()]*?author_key"
    assert re.search(keyed, "select max(n) from comments group by week_date, author_key")
    for name, code in models(manifest).items():
        assert not re.search(keyed, code), name
    for path in sorted((PROJECT / "src").rglob("*.sql")) + sorted((PROJECT / "dbt" / "macros").rglob("*.sql")):
        code = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
        assert not re.search(keyed, code), path.name
        assert not re.search(r"(?:index|primary key|unique)[^;()]*\([^)]*author_key", code), path.name


def test_the_public_product_counts_no_voices(home: SmallWarehouse) -> None:
    manifest = json.loads((home.settings.published / "public" / "manifest.json").read_text(encoding="utf-8"))
    # The rules that figures were made by are no figures.
    assert {name for name in manifest["tables"] if not name.startswith("public_")} == {"rules"}
    names = {name for _, name in columns_of(home.settings.published / "public" / "wordround_public.duckdb")}
    assert not [name for name in names if "voice" in name or "response" in name or name == "comment_id"]
