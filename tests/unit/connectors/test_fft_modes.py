"""How a form reached the trust: read in every wording that names one mode, and guessed from none."""

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from tests.fixtures.feeding import feed, stored
from tests.fixtures.fft_files import HEADER, row, write_csv
from wordround import comments
from wordround.connectors.fft import CollectionMode
from wordround.connectors.fft.modes import read_mode
from wordround.settings import Settings

ADDED = [*HEADER, "How collected"]
MAPPED = ('score = "Overall experience"\n', 'score = "Overall experience"\nmode = "How collected"\n')


def with_mode(number: int, mode: str, **cells: str) -> list[str]:
    return [*row(number, **cells), mode]


@pytest.mark.parametrize(
    ("cell", "mode", "is_unknown"),
    [
        ("SMS", "sms", False),
        ("Text message", "sms", False),
        ("SMS/Text/Smartphone app", "sms", False),
        ("electronic_discharge", "electronic_discharge", False),
        ("Paper/Postcard given at point of discharge", "paper_discharge", False),
        ("Telephone survey once patient is home", "telephone", False),
        (" on-line ", "online", False),
        ("Other", "other", False),
        ("Paper", None, True),
        ("Tablet", None, True),
        ("#REF!", None, True),
        (46340, None, True),
        ("N/A", None, False),
        ("", None, False),
        (None, None, False),
    ],
)
def test_a_mode_is_read_or_unknown_and_never_guessed(
    cell: str | int | None, mode: str | None, is_unknown: bool
) -> None:
    assert read_mode(cell) == (mode, is_unknown)


def test_the_settings_and_what_is_landed_know_the_same_modes() -> None:
    assert get_args(CollectionMode) == get_args(comments.CollectionMode)


def test_the_column_of_the_mode_is_landed_and_what_says_none_is_counted(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = settings_with(MAPPED)
    rows = [with_mode(1, "Text"), with_mode(2, "Paper"), with_mode(3, ""), with_mode(4, "Carrier pigeon")]
    outcome = feed(settings, write_csv(tmp_path / "f.csv", rows, ADDED))
    assert outcome["notes"] == {"mode_unknown": 2}
    assert any("mode_words" in warning for warning in outcome["warnings"])
    assert set(stored(settings, "collection_mode")) == {("sms",), (None,)}
    assert b"pigeon" not in b"".join(path.read_bytes() for path in settings.home.rglob("*.parquet"))


def test_words_of_the_trusts_own_say_which_mode_they_mean(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    words = MAPPED[1] + 'mode_words = { "Paper" = "paper_discharge", "iPad" = "electronic_discharge" }\n'
    settings = settings_with((MAPPED[0], words))
    outcome = feed(settings, write_csv(tmp_path / "f.csv", [with_mode(1, "PAPER"), with_mode(2, "iPad ")], ADDED))
    assert "mode_unknown" not in outcome["notes"]
    assert set(stored(settings, "collection_mode")) == {("paper_discharge",), ("electronic_discharge",)}


@pytest.mark.parametrize("without_ids", [(), (('id = "Response ID"\n', ""),)])
def test_a_mode_that_is_mapped_later_corrects_the_forms_in_place(
    settings_with: Callable[..., Settings], tmp_path: Path, without_ids: tuple[tuple[str, str], ...]
) -> None:
    path = write_csv(tmp_path / "f.csv", [with_mode(1, "SMS"), with_mode(2, "")], ADDED)
    feed(settings_with(*without_ids), path)
    settings = settings_with(MAPPED, *without_ids)
    outcome = feed(settings, path)
    assert (outcome["rows"]["loaded"], outcome["rows"]["updated"], outcome["rows"]["unchanged"]) == (0, 2, 2)
    assert len(stored(settings)) == 4
    assert feed(settings, path)["rows"]["unchanged"] == 4


def test_words_without_a_column_are_an_error_that_says_so(settings_with: Callable[..., Settings]) -> None:
    with pytest.raises((ValidationError, Exception), match="`mode_words` needs `mode`"):
        settings_with((MAPPED[0], MAPPED[0] + 'mode_words = { "Paper" = "paper_discharge" }\n'))
