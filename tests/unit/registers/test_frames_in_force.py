"""The frames in force: those that are brought, the trust's changes, and its own frame once it has rows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wordround.doctor.registers import registers
from wordround.errors import RegistryInvalid
from wordround.folders import CODE_FRAMES
from wordround.registers import frames as registered
from wordround.settings import Settings

HEADINGS = "theme_code,theme_label,heading_code,heading_label\nfood,Food,hot_food,Hot food\nfood,Food,tea,Tea\n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Write a file into a trust's folder that is in force."""
    (tmp_path / "wordround.toml").touch()
    monkeypatch.setenv("WORDROUND_CONFIG", str(tmp_path / "wordround.toml"))

    def write(name: str, content: str) -> None:
        (tmp_path / name).write_text(content, encoding="utf-8")

    return write


def test_without_a_frame_of_its_own_two_frames_are_in_use(own: Callable) -> None:
    assert list(registered.frames()) == ["patient_experience", "lived_experience"]


def test_a_trust_s_own_frame_is_in_use_as_soon_as_it_has_rows(own: Callable) -> None:
    own("own_frame_headings.csv", HEADINGS)
    own("own_frame_cues.csv", "heading_code,cue,weight,exclude,example\nhot_food,cold meal*,2,,\ntea,cuppa,,,\n")
    found = registered.frames()["own"].themes("Another cold meal and no cuppa")
    assert [(guess.code, guess.label, guess.weight) for guess in found] == [("food", "Food", 3.0)]


def test_a_trust_s_changes_to_lived_experience_take_the_place_of_what_is_brought(own: Callable) -> None:
    own("lived_experience_cues.csv", "heading_code,cue\nthanks,cheers duck\n")
    found = registered.frames()["lived_experience"].themes("cheers duck, thank you")
    assert [(guess.code, guess.cues) for guess in found] == [("thanks", ("cheers duck",))]


@pytest.mark.parametrize(
    ("cues", "says"),
    [
        ("heading_code,cue\nhot_food,cold meal\nhot_fod,cold tea\n", "own_frame_cues.csv: row 3: column heading_code"),
        ("heading_code,cue,weight\nhot_food,cold meal,lots\n", "own_frame_cues.csv: row 2: column weight"),
        ("heading_code,phrase\nhot_food,cold meal\n", "own_frame_cues.csv: row 1: has no column cue"),
        ("heading_code,cue,weight,exclude,example\n", "own_frame_cues.csv: has no rows"),
    ],
)
def test_a_broken_frame_is_refused_by_file_row_and_column(own: Callable, cues: str, says: str) -> None:
    own("own_frame_headings.csv", HEADINGS)
    own("own_frame_cues.csv", cues)
    with pytest.raises(RegistryInvalid) as refused:
        registered.frames()
    assert says in str(refused.value)


def test_a_minor_theme_with_the_code_of_a_major_one_is_refused(own: Callable) -> None:
    """Its comments would be in neither sum, and the gate of the totals would stop every figure of the trust."""
    headings = (CODE_FRAMES / "patient_experience_headings.csv").read_text(encoding="utf-8")
    own("patient_experience_headings.csv", headings.replace(",staff_manner,", ",staff,"))
    with pytest.raises(RegistryInvalid, match=r"patient_experience_headings\.csv: row 7: column heading_code: 'staff'"):
        registered.frames()


def test_the_doctor_names_a_frame_that_cannot_be_used(settings: Settings, own: Callable) -> None:
    own("own_frame_headings.csv", HEADINGS)
    own("own_frame_cues.csv", "heading_code,cue,weight\nhot_food,cold meal,lots\n")
    (finding,) = [finding for finding in registers(settings) if finding.subject == "own_frame_cues.csv"]
    assert finding.state.value == "missing" and "row 2: column weight" in finding.says
