"""Which settings file, registers and code frames are in force, by what a folder holds and the environment says."""

import csv
from pathlib import Path

import pytest

from wordround import folders
from wordround.access import private
from wordround.build import dbt
from wordround.errors import RegistryInvalid
from wordround.publish import product
from wordround.registers import own_files
from wordround.registers.services import named_services
from wordround.settings import PROJECT, load_settings

SERVICES = (
    "service_id,trust_code,trust_label,site_label,service_label,ods_code,aliases,accounts,hashtags,valid_from,valid_to\n"
    "heath_ward,RXX,Heath NHS Trust,Heath Hospital,Heath Ward,RXX01,heath ward|ward 7,,,2013-04-01,\n"
)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trust's own folder that holds the settings alone, and is the current one."""
    for name in ("CONFIG", "HOME"):
        monkeypatch.delenv(f"WORDROUND_{name}", raising=False)
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "wordround.toml").write_text((PROJECT / "wordround.toml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def test_in_a_folder_with_settings_its_own_are_in_force_and_the_data_lie_beside_them(own: Path) -> None:
    environment = load_settings().environment
    assert (environment.config, environment.home) == (own / "wordround.toml", own / "data")


@pytest.mark.parametrize("is_installed", [False, True], ids=["in a clone", "from the wheel"])
def test_messages_name_what_is_there(is_installed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "IS_INSTALLED", is_installed)
    page = folders.documentation("runbook.md#the-keys")
    assert Path(page).is_absolute() == is_installed and page.endswith("docs/runbook.md#the-keys")
    for lack in folders._REMEDIES:
        is_of_a_clone = any(word in folders.remedy(lack) for word in ("make ", "git ", ".lock", ".venv"))
        assert is_of_a_clone != is_installed, lack


def test_in_any_other_folder_the_clone_s_are(tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environment = load_settings().environment
    assert (environment.config, environment.home) == (PROJECT / "wordround.toml", PROJECT / "data")


def test_what_the_environment_names_goes_before_the_current_folder(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORDROUND_CONFIG", str(own / "wordround.toml"))
    monkeypatch.chdir(tmp_path)
    assert load_settings().home == own / "data"
    monkeypatch.setenv("WORDROUND_HOME", str(tmp_path / "elsewhere"))
    assert load_settings().home == tmp_path / "elsewhere"


def test_without_own_files_the_ones_brought_are_in_force_and_dbt_reads_the_project_itself(own: Path) -> None:
    assert folders.reference("services.csv") == folders.REFERENCE / "services.csv"
    assert dbt._project(load_settings()) == folders.DBT


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "as Excel saves it"])
def test_own_services_take_the_place_of_the_ones_brought_everywhere(own: Path, mark: str) -> None:
    fingerprint = product._dbt_project()
    (own / "services.csv").write_text(mark + SERVICES, encoding="utf-8")
    folders._reference.cache_clear()
    assert [service.service_id for service in named_services()] == ["heath_ward"]
    assert product._dbt_project() != fingerprint
    settings = load_settings()
    with private():
        project = dbt._project(settings)
    assert project.is_relative_to(settings.home)
    assert {path.stat().st_mode & 0o077 for path in project.rglob("*")} == {0}
    with (project / "seeds" / "reference" / "services.csv").open(encoding="utf-8", newline="") as file:
        assert [row["service_id"] for row in csv.DictReader(file)] == ["heath_ward"]
    before = {path.relative_to(folders.DBT) for path in folders.DBT.rglob("*") if path.is_file()}
    assert {path.relative_to(project) for path in project.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (SERVICES.replace(",", ";"), "row 1: has no column service_id"),
        (SERVICES.replace("hashtags,", ""), "row 1: has no column hashtags"),
        (SERVICES.replace("heath ward|ward 7", "heath ward, ward 7"), "row 2: has more cells than columns"),
    ],
)
def test_a_register_that_cannot_be_used_is_named_with_its_row(own: Path, written: str, says: str) -> None:
    (own / "services.csv").write_text(written, encoding="utf-8")
    folders._reference.cache_clear()
    assert says in (own_files.problem("services.csv") or "")
    with pytest.raises(RegistryInvalid, match=says):
        dbt._project(load_settings())


def test_the_directory_s_answer_is_written_beside_the_services_that_were_asked_about(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folders.writable_reference("organisations.csv") == own / "organisations.csv"
    monkeypatch.chdir(tmp_path)
    assert folders.writable_reference("organisations.csv") == folders.REFERENCE / "organisations.csv"
