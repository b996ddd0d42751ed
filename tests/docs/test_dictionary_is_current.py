"""The generated pages say what dbt says now."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wordround.build import dictionary, lineage, sources_page
from wordround.connectors import registry
from wordround.errors import BuildFailed
from wordround.folders import DOCS
from wordround.settings import PROJECT, Settings, load_settings


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORDROUND_HOME", str(tmp_path_factory.mktemp("dictionary")))
        patch.setenv("WORDROUND_CONFIG", str(PROJECT / "wordround.toml"))
        return dictionary.read_manifest(load_settings())


def test_the_data_dictionary_is_current(manifest: dict[str, Any]) -> None:
    written = (DOCS / "data_dictionary.md").read_text(encoding="utf-8")
    assert written == dictionary.dictionary_page(manifest), "run `make dictionary`"


def test_the_page_of_sources_is_current_and_every_source_has_a_page_of_its_own() -> None:
    assert (DOCS / "sources.md").read_text(encoding="utf-8") == sources_page.page(), "run `make dictionary`"
    pages = {path.stem for path in (DOCS / "sources").glob("*.md")}
    assert pages == set(registry.terms())


def test_every_mart_and_every_column_has_a_description(manifest: dict[str, Any]) -> None:
    assert len(dictionary.marts_of(manifest)) == 49
    assert dictionary.undescribed(manifest) == []
    assert len(dictionary.public_of(manifest)) == 14
    assert [table["name"] for table in dictionary.rules_of(manifest)] == ["label_reference", "own_reading", "rules"]
    for table in dictionary.published_of(manifest):
        assert "Grain: one row per " in table["description"], table["name"]


def test_a_column_without_a_description_is_named(manifest: dict[str, Any]) -> None:
    themes = next(table for table in dictionary.marts_of(manifest) if table["name"] == "dim_themes")
    before = themes["columns"]["theme_label"]["description"]
    themes["columns"]["theme_label"]["description"] = ""
    try:
        assert dictionary.undescribed(manifest) == ["dim_themes.theme_label"]
    finally:
        themes["columns"]["theme_label"]["description"] = before


def test_a_stale_page_is_named_by_the_check_and_written_without_it(
    manifest: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dictionary, "read_manifest", lambda settings: manifest)
    monkeypatch.setattr(lineage, "write", lambda settings: tmp_path / lineage.PAGE)
    monkeypatch.setattr(dictionary, "DOCS", tmp_path)
    (tmp_path / "sources.md").write_text("of yesterday", encoding="utf-8")
    with pytest.raises(BuildFailed, match=r"data_dictionary\.md and .*sources\.md"):
        dictionary.write(load_settings(), check=True)
    assert dictionary.write(load_settings())["tables"] == 66
    dictionary.write(load_settings(), check=True)


def test_in_a_trust_s_own_folder_it_is_written_into_the_data_home_and_never_beside_the_code(
    manifest: dict[str, Any],
    settings_with: Callable[..., Settings],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dictionary, "read_manifest", lambda settings: manifest)
    monkeypatch.setattr(lineage, "write", lambda settings: settings.quality / lineage.PAGE)
    monkeypatch.setattr(dictionary, "DOCS", tmp_path / "package" / "docs")
    settings = settings_with()
    with pytest.raises(BuildFailed, match=r"quality/data_dictionary\.md\. Run `wordround dictionary`"):
        dictionary.write(settings, check=True)
    outcome = dictionary.write(settings)
    assert outcome["pages"] == [str(settings.quality / name) for name in ("data_dictionary.md", "lineage.html")]
    assert not (tmp_path / "package").exists()
    assert (settings.quality / "data_dictionary.md").read_text(encoding="utf-8") == dictionary.dictionary_page(manifest)
    dictionary.write(settings, check=True)


def test_the_list_of_sources_that_analysts_see_is_that_of_the_connectors() -> None:
    with (PROJECT / "dbt" / "seeds" / "reference" / "sources.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["source_code"]: row for row in csv.DictReader(file)}
    assert listed.keys() == registry.terms().keys()
    for name, terms in registry.terms().items():
        assert listed[name]["is_social"] == str(terms.is_social).lower(), name
        assert listed[name]["allows_text"] == str(terms.may_show_text).lower(), name
