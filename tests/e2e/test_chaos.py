"""The campaign of faults (`make chaos`) in short: one round of each kind that a day may bring."""

from pathlib import Path

import pytest

from tests.chaos.campaign import FAULTS, Campaign, rounds


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return Campaign(tmp_path_factory.mktemp("campaign"), seed=7, weeks=4, rows_a_week=6)


@pytest.mark.parametrize("kind", ["killed", "disk full", "torn manifest"])
def test_nothing_is_lost_or_doubled_whatever_happens(campaign: Campaign, kind: str) -> None:
    found = campaign.round(kind)
    assert found.faults == []
    assert found.reads > 0 and found.said


def test_what_was_damaged_is_noticed(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FAULTS, "doubled", _doubled)
    found = campaign.round("doubled")
    assert any("other than undisturbed" in fault for fault in found.faults)


def _doubled(campaign: Campaign, home: Path, found: object) -> None:
    """An answer that is there twice is what a campaign must find."""
    file = home / "inbox" / "fft" / "new.csv"
    rows = file.read_text().splitlines()
    file.write_text("\n".join([*rows, rows[-1].replace("RX", "RY", 1)]) + "\n")


def test_a_seed_gives_the_same_faults_again() -> None:
    first = [kind for kind, _ in zip(rounds(3), range(30), strict=False)]
    assert first == [kind for kind, _ in zip(rounds(3), range(30), strict=False)]
    assert set(FAULTS) - {"doubled"} <= set(first)
