"""dbt's own page: it is whole, tells nothing of this machine or of anybody's comments, and loads nothing."""

import re
from pathlib import Path

import pytest

from wordround.build import lineage
from wordround.settings import PROJECT, load_settings


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORDROUND_HOME", str(tmp_path_factory.mktemp("lineage")))
        patch.setenv("WORDROUND_CONFIG", str(PROJECT / "wordround.toml"))
        settings = load_settings()
        path = lineage.write(settings)
        assert path == settings.quality / "lineage.html"
        assert not settings.warehouse_file.exists(), "nobody looked into a warehouse"
    return path.read_text(encoding="utf-8")


def test_it_describes_every_model_with_its_tests(page: str) -> None:
    models = {path.stem for path in (PROJECT / "dbt" / "models").rglob("*.sql")}
    assert len(models) > 50
    assert {name for name in models if f'"model.wordround.{name}"' not in page} == set()
    assert '"test.wordround.unique_fct_comments_comment_id' in page


def test_a_browser_is_forbidden_to_load_anything(page: str) -> None:
    head = page[: page.index("</head>")]
    [policy] = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', head)
    assert head.index("Content-Security-Policy") < min(head.index(tag) for tag in ("<script", "<link", "<style"))
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.pop("default-src") == "'none'"
    assert set(" ".join(rules.values()).split()) <= {"'unsafe-inline'", "'unsafe-eval'", "data:"}
    assert '"send_anonymous_usage_stats": false' in page, "dbt's own tracker is off as well"


def test_it_names_no_folder_of_this_machine_and_no_user(page: str) -> None:
    assert str(PROJECT) not in page and f"{Path.home()}/" not in page
    assert '"user_id": null' in page


def test_no_column_has_a_figure_of_the_data(page: str) -> None:
    assert '"nodes": {}, "sources": {}, "errors": null' in page, "dbt's catalogue of the database is empty"
