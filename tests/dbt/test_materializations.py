"""Tables and views are put in the place of whatever stood there before; where that fails, what stood there stays."""

from pathlib import Path

import duckdb
import pytest

from wordround.build import dbt as marts
from wordround.errors import BuildFailed
from wordround.settings import PROJECT, Settings
from wordround.warehouse import engine

PROJECT_FILE = f"""
name: materializations
profile: wordround
model-paths: [models]
macro-paths: ["{PROJECT / "dbt" / "macros"}"]
flags: {{send_anonymous_usage_stats: false}}
"""
VIEW = "{{ config(materialized='view') }} select 1 as figure"
TABLE = "{{ config(materialized='table') }} select 2 as figure"
PYTHON = """
def model(dbt, session):
    dbt.config(materialized="table")
    return session.sql("select 3 as figure").to_arrow_table()
"""
CONTRACT = """
models:
  - name: shown
    description: What is shown.
    config: {contract: {enforced: true}, persist_docs: {relation: true, columns: true}}
    columns:
      - {name: figure, data_type: integer, description: Its figure., constraints: [{type: not_null}]}
"""


class Model:
    """A project of one model, `shown`, which is run as the marts are."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings, self._models = settings, folder / "models"
        self._models.mkdir(parents=True)
        (folder / "dbt_project.yml").write_text(PROJECT_FILE, encoding="utf-8")
        # A warehouse, as the marts are built in one.
        with engine.connect(settings):
            pass

    def run(self, text: str, described: str = "") -> None:
        for former in self._models.iterdir():
            former.unlink()
        ending = "py" if "def model" in text else "sql"
        (self._models / f"shown.{ending}").write_text(text, encoding="utf-8")
        (self._models / "shown.yml").write_text(described or "version: 2\n", encoding="utf-8")
        marts.invoke(self._settings, ["run"], self._models.parent)

    def asked(self, query: str = "select figure from marts.shown") -> list[tuple[object, ...]]:
        with duckdb.connect(str(self._settings.warehouse_file)) as connection:
            return connection.execute(query).fetchall()

    @property
    def kind(self) -> object:
        ((kind,),) = self.asked("select table_type from information_schema.tables where table_name = 'shown'")
        return kind


@pytest.fixture
def model(settings: Settings, tmp_path: Path) -> Model:
    return Model(settings, tmp_path / "project")


def test_whatever_stood_there_makes_room(model: Model) -> None:
    for text, figure, kind in [
        (VIEW, 1, "VIEW"), (PYTHON, 3, "BASE TABLE"), (VIEW, 1, "VIEW"), (TABLE, 2, "BASE TABLE"),
        (PYTHON, 3, "BASE TABLE"), (TABLE, 2, "BASE TABLE"),
    ]:  # fmt: skip
        model.run(text)
        assert (model.asked(), model.kind) == ([(figure,)], kind)


@pytest.mark.parametrize("former", [VIEW, TABLE], ids=["a view", "a table"])
@pytest.mark.parametrize(
    ("broken", "described"),
    [
        (PYTHON.replace("select 3 as figure", "select error('no')"), ""),
        (TABLE.replace("2 as figure", "null::integer as figure"), CONTRACT),
        (VIEW.replace("1 as figure", "nothing"), ""),
    ],
    ids=["python", "contract", "view"],
)
def test_what_stood_there_stays_where_its_successor_fails(
    model: Model, former: str, broken: str, described: str
) -> None:
    model.run(former)
    before, kind = model.asked(), model.kind
    with pytest.raises(BuildFailed):
        model.run(broken, described)
    assert (model.asked(), model.kind) == (before, kind)


def test_what_is_said_of_it_stands_in_the_file(model: Model) -> None:
    model.run(TABLE, CONTRACT)
    assert model.asked("select comment from duckdb_tables() where table_name = 'shown'") == [("What is shown.",)]
    assert model.asked("select comment from duckdb_columns() where table_name = 'shown'") == [("Its figure.",)]


@pytest.mark.parametrize("text", [VIEW, TABLE], ids=["view", "table"])
def test_what_a_model_asks_to_be_done_before_and_after_is_done(model: Model, text: str) -> None:
    hooks = "pre_hook='create table marts.before as select 7', post_hook='create table marts.after as from {{ this }}'"
    model.run(text.replace("materialized", f"{hooks}, materialized", 1))
    assert model.asked("from marts.before") == [(7,)]
    assert model.asked("from marts.after") == model.asked()
