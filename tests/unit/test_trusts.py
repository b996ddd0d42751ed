"""Several trusts on one installation: which folders are trusts, and what a process of one is told."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.fixtures.several_trusts import lay
from wordround import credentials, trusts
from wordround.cli import app
from wordround.errors import SettingsInvalid, TrustUnusable
from wordround.settings import load_settings
from wordround.worker_processes import of_trust

XFV, RAB = "0a" * 32, "0b" * 32


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of two trusts, each with a key of its own; nothing is left of what `enter` told this process."""
    for name in [name for name in os.environ if name.startswith("WORDROUND_")]:
        monkeypatch.delenv(name)
    before = dict(os.environ)
    folder = tmp_path / "trusts"
    monkeypatch.setenv("WORDROUND_TRUSTS", str(folder))
    lay(folder, "xfv", f"WORDROUND_KEY={XFV}\nWORDROUND_BLUESKY_PASSWORD='of-xfv'\n")
    lay(folder, "rab", f"# of Rab\nexport WORDROUND_KEY={RAB}\n")
    yield folder
    os.environ.clear()
    os.environ.update(before)


def test_the_folders_in_that_of_the_trusts_are_the_trusts(place: Path) -> None:
    (place / ".airflow").mkdir()
    (place / "union").mkdir()
    (place / "README.md").write_text("Not a folder.")
    assert trusts.names() == ["rab", "xfv"]
    assert trusts.usable() == (["rab", "xfv"], {})


def test_a_process_of_a_trust_has_its_settings_its_home_and_its_key(place: Path) -> None:
    trusts.enter("rab")
    settings = load_settings()
    assert settings.trust.code == "RAB"
    assert settings.home == place / "rab" / "data"
    assert settings.environment.key is not None
    assert settings.environment.key.get_secret_value() == RAB


def test_a_process_of_a_trust_has_nothing_that_another_was_told(place: Path, monkeypatch) -> None:
    monkeypatch.setenv("WORDROUND_SMTP_PASSWORD", "of-the-shell")
    monkeypatch.setenv("AIRFLOW_CONN__XFV___WORDROUND_XFV_BLUESKY", "generic://of-xfv")
    monkeypatch.setenv("AIRFLOW_CONN_WORDROUND_XFV_BLUESKY", "generic://of-xfv")
    trusts.enter("xfv")
    assert credentials.variable("bluesky", "password") in os.environ
    monkeypatch.setenv("AIRFLOW_CONN_WORDROUND_RAB_BLUESKY", "generic://of-rab")
    trusts.enter("rab")
    assert {name for name in os.environ if name.startswith("WORDROUND_")} == {
        "WORDROUND_TRUSTS", "WORDROUND_TRUST", "WORDROUND_HOME", "WORDROUND_CONFIG", "WORDROUND_KEY",
    }  # fmt: skip
    assert [name for name in os.environ if name.startswith("AIRFLOW_CONN")] == ["AIRFLOW_CONN_WORDROUND_RAB_BLUESKY"]
    assert not [value for value in os.environ.values() if "of-xfv" in value or XFV in value]


def test_the_connections_of_airflow_are_each_trusts_own(place: Path) -> None:
    assert credentials.connection_id("bluesky") == "wordround_bluesky"
    trusts.enter("xfv")
    assert credentials.connection_id("bluesky") == "wordround_xfv_bluesky"


def _key() -> str:
    return os.environ["WORDROUND_KEY"]


def test_work_for_a_trust_in_another_process_leaves_nothing_in_this_one(place: Path) -> None:
    assert (of_trust("xfv", _key), of_trust("rab", _key)) == (XFV, RAB)
    assert "WORDROUND_KEY" not in os.environ and trusts.current() is None


def test_nothing_is_done_for_none_of_several_trusts(place: Path, monkeypatch) -> None:
    with pytest.raises(SettingsInvalid, match=r"wordround --trust NAME .* there are: rab, xfv"):
        load_settings()
    monkeypatch.setenv("WORDROUND_TRUST", "xfv")
    with pytest.raises(SettingsInvalid, match="set by Wordround itself"):
        load_settings()
    monkeypatch.setenv("WORDROUND_CONFIG", str(place / "rab" / "wordround.toml"))
    with pytest.raises(SettingsInvalid, match="set by Wordround itself"):
        load_settings()


@pytest.mark.parametrize("way", ["by its path", "by a link", "by its path on another disk"])
def test_no_trust_takes_files_out_of_the_folder_of_another(place: Path, way: str) -> None:
    if way == "by its path on another disk":
        (place.parent / "disk").mkdir()
        (place / "rab" / "data").symlink_to(place.parent / "disk")
    theirs = (place / "rab" / "data").resolve() / "inbox" / "fft"
    theirs.mkdir(parents=True)
    settings_file = place / "xfv" / "wordround.toml"
    if way != "by a link":
        written = settings_file.read_text()
        settings_file.write_text(written.replace('drop_folder = "inbox/fft"', f'drop_folder = "{theirs}"'))
    else:
        (place / "xfv" / "data" / "inbox").mkdir(parents=True)
        (place / "xfv" / "data" / "inbox" / "fft").symlink_to(theirs)
    trusts.enter("xfv")
    with pytest.raises(SettingsInvalid, match=r"\[sources.fft.drop_folder\] lies in the folder of another trust"):
        load_settings()
    trusts.enter("rab")
    assert load_settings().trust.code == "RAB"


@pytest.mark.parametrize("named", ["", "   ", "nowhere"])
def test_a_folder_of_trusts_that_is_not_there_is_no_installation_of_one(place: Path, monkeypatch, named: str) -> None:
    monkeypatch.setenv("WORDROUND_TRUSTS", named and str(place / named) if named.strip() else named)
    with pytest.raises(SettingsInvalid, match="names no folder"):
        trusts.folder()


@pytest.mark.parametrize(
    ("file", "written", "says"),
    [
        ("wordround.toml", None, "wordround.toml cannot be read"),
        ("wordround.toml", "[trust\n", "is not valid TOML"),
        (".env", "WORDROUND_KEY=1\nhush-hush\n", "line 2: is no NAME=value"),
        (".env", "PATH=/hush-hush\n", "line 1: only WORDROUND_ variables"),
        (".env", "WORDROUND_HOME=/hush-hush\n", "WORDROUND_HOME follows from where"),
        (".env", "WORDROUND_CONFIG=/hush-hush\n", "WORDROUND_CONFIG follows from where"),
        (".env", "WORDROUND_TRUST=hush-hush\n", "WORDROUND_TRUST follows from where"),
        (".env", b"WORDROUND_KEY=\xff hush-hush\n", "cannot be read"),
    ],
)
def test_a_trust_that_cannot_be_used_is_named_without_a_secret_and_the_others_can(
    place: Path, file: str, written: str | bytes | None, says: str
) -> None:
    path = place / "xfv" / file
    path.unlink()
    if written is not None:
        path.write_bytes(written if isinstance(written, bytes) else written.encode())
    with pytest.raises(TrustUnusable, match=says) as raised:
        trusts.enter("xfv")
    assert str(raised.value).startswith("xfv: ") and "hush" not in str(raised.value)
    assert trusts.usable()[0] == ["rab"]
    trusts.enter("rab")


def test_two_trusts_that_share_a_data_home_can_neither_be_used(place: Path) -> None:
    lay(place, "rcd")
    (place / "xfv" / "data").mkdir()
    (place / "rab" / "data").symlink_to(place / "xfv" / "data")
    usable, wrong = trusts.usable()
    assert usable == ["rcd"]
    assert wrong == {
        "rab": "rab: its data/ leads to that of xfv. Each trust has a data home of its own.",
        "xfv": "xfv: its data/ leads to that of rab. Each trust has a data home of its own.",
    }
    (place / "rab" / "data").unlink()
    (place / "rab" / "data").symlink_to(place / "xfv" / "data" / "inbox")
    assert trusts.usable()[0] == ["rcd"], "nor where one lies within the other's"


@pytest.mark.parametrize("name", ["ab", "XFV", "x__v", "../xfv", "wordround", "union", "nhs trust"])
def test_a_name_that_no_trust_has_is_not_said_again(place: Path, name: str) -> None:
    with pytest.raises(TrustUnusable) as raised:
        trusts.enter(name)
    assert f" {name} " not in str(raised.value).replace("union nor wordround", "")


def test_the_command_line_works_for_the_trust_that_it_is_told(place: Path) -> None:
    result = CliRunner().invoke(app, ["--trust", "rab", "alerts", "list", "--json"])
    assert "NothingPublished" in result.output
    assert trusts.current() == "rab"
    result = CliRunner().invoke(app, ["--trust", "rzz", "alerts", "list"])
    assert result.exit_code == 1 and "TrustUnusable" in result.output


def test_the_demo_stays_away_from_a_trusts_home(place: Path, monkeypatch) -> None:
    from wordround.demo import choose_surroundings

    trusts.enter("rab")
    choose_surroundings()
    settings = load_settings()
    assert settings.trust.code == "XFV" and not settings.home.is_relative_to(place)


def test_a_name_of_a_dag_says_whose_it_is() -> None:
    assert trusts.parted(trusts.called("ingest_daily", "xfv")) == ("ingest_daily", "xfv")
    assert trusts.parted(trusts.called("ingest_daily", None)) == ("ingest_daily", None)
