"""Which texts each model is asked about, and that every table of figures is erased, expired and restored."""

import re
from datetime import date

import pytest

from tests.fixtures import forum
from tests.fixtures.fft_files import form, write_csv
from wordround import erasing, pipeline
from wordround.score import figures as scoring
from wordround.settings import PROJECT, Settings
from wordround.understand.service_mentions import NamedService
from wordround.warehouse import engine
from wordround.warehouse.figure_tables import FIGURE_TABLES

POST = "Kestrel Ward were so kind to my mum, we only waited an hour"
STORY = "Three months with the crisis team"
ANSWER = "The staff of Kestrel Ward were kind to me"


def figures(settings: Settings, table: str) -> dict[str, tuple]:
    with engine.connect(settings) as connection:
        rows = connection.execute(
            f"select any_value(text), figures.* from understanding.{table} as figures"
            " inner join raw.comments using (text_id) group by all"
        ).fetchall()
    return {text: tuple(rest) for text, *rest in rows}


@pytest.fixture
def fed(settings: Settings) -> Settings:
    """An answer to a survey, a post and a story."""
    write_csv(settings.home / "inbox" / "fft" / "file.csv", [form(1, good=ANSWER, better=None)])
    pipeline.ingest(settings, "fft", date(2026, 11, 21))
    forum.land(settings, [forum.post(1, text=POST), forum.post(2, text=STORY)._replace(kind="story")])
    pipeline.load(settings)
    pipeline.understand(settings)
    return settings


def test_posts_are_judged_and_posts_and_stories_are_searched_for_services(fed: Settings) -> None:
    assert set(figures(fed, "sentiments")) == {ANSWER, POST, STORY}
    assert set(figures(fed, "relevance")) == {POST}
    assert {text: row[2] for text, row in figures(fed, "service_mentions").items()} == {
        POST: ["fernvale_kestrel_ward"],
        STORY: ["fernvale_crisis_team"],
    }
    _, version, probability, reason, cues, _ = figures(fed, "relevance")[POST]
    assert (version.startswith("relevance-"), probability > 0.5, reason) == (True, True, "about_care")
    assert "person: my mum" in cues


def test_a_text_is_asked_about_once_and_again_when_the_registry_has_changed(
    fed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = pipeline.understand(fed)
    assert {name: of["texts"] for name, of in again.items() if name != "human_codes"} == dict.fromkeys(
        ("sentiment", "annotations", "relevance", "service_mentions", "copies"), 0
    )
    monkeypatch.setattr(scoring, "_made", {})
    monkeypatch.setattr(scoring, "named_services", lambda: (NamedService("oak", ("so kind",)),))
    assert pipeline.understand(fed)["service_mentions"]["texts"] == 2
    with engine.connect(fed) as connection:
        found = connection.execute(
            "select service_ids from understanding.service_mentions where model_version = ? order by 1",
            [{task.name: task.version for task in scoring.tasks(fed.home)}["service_mentions"]],
        ).fetchall()
    assert found == [([],), (["oak"],)]


def test_a_post_that_shares_its_words_with_an_answer_is_judged(settings: Settings) -> None:
    write_csv(settings.home / "inbox" / "fft" / "file.csv", [form(1, good=POST, better=None)])
    pipeline.ingest(settings, "fft", date(2026, 11, 21))
    pipeline.understand(settings)
    assert figures(settings, "relevance") == {}
    forum.land(settings, [forum.post(1, text=POST)])
    pipeline.load(settings)
    pipeline.understand(settings)
    assert set(figures(settings, "relevance")) == {POST}


def test_the_figures_of_an_erased_post_go_from_every_table(fed: Settings) -> None:
    with engine.connect(fed) as connection:
        (comment_id,) = connection.execute("select comment_id from raw.comments where text = ?", [POST]).fetchone()
    erasing.erase(fed, erasing.Request("comment", None, (comment_id,)))
    with engine.connect(fed) as connection:
        for table, left in (("sentiments", 2), ("relevance", 0), ("service_mentions", 1)):
            assert connection.execute(f"select count(*) from understanding.{table}").fetchone() == (left,), table


def test_every_table_with_figures_of_texts_is_listed(settings: Settings) -> None:
    with engine.connect(settings) as connection:
        tables = connection.execute(
            "select table_name from duckdb_columns() where schema_name = 'understanding' and column_name = 'text_id'"
        ).fetchall()
    assert {name for (name,) in tables} == {*FIGURE_TABLES, "copy_bands"}


def test_dbt_asks_for_the_models_by_the_names_under_which_they_are_recorded(fed: Settings) -> None:
    pipeline.understand(fed)
    with engine.connect(fed) as connection:
        recorded = {task for (task,) in connection.execute("select task from understanding.models").fetchall()}
    models = (PROJECT / "dbt" / "models").rglob("*.sql")
    asked = {task for path in models for task in re.findall(r"figures_in_force\(\s*'(\w+)'", path.read_text())}
    assert asked == recorded
