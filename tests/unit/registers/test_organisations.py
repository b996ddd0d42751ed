"""The NHS directory: successors and predecessors of every registered code are written down, or nothing is."""

import csv

import pytest

from wordround.demo.standins.ods import Ods
from wordround.errors import SourceDown
from wordround.registers import organisations

SERVICES = "service_id,trust_code,ods_code\nward,RZ1,RZ101\nclinic,RZ1,RZ102\n"
NAMES = {"RZ1": "Harbour NHS Trust", "RZ101": "Harbour Hospital", "RX7": "Quay NHS Trust", "RW3": "Pier NHS Trust"}
MERGERS = (("RX7", "RZ1", "2019-10-01"), ("RW3", "RX7", "2012-04-01"))


@pytest.fixture
def files(tmp_path):
    services, file = tmp_path / "services.csv", tmp_path / "organisations.csv"
    services.write_text(SERVICES)
    file.write_text(",".join(organisations.COLUMNS) + "\nRZ102,Written by hand,true,,,RZ101,2020-01-01,\n")
    return services, file


def sync(settings_with, standin, files):
    return organisations.sync(settings_with(added=f'[ods]\naddress = "{standin.address}"'), *files)


def rows(file) -> dict[str, dict[str, str]]:
    with file.open() as opened:
        return {row["ods_code"]: row for row in csv.DictReader(opened)}


def test_what_a_trust_took_over_is_found_through_every_merger_before_it(settings_with, files):
    with Ods(NAMES, MERGERS) as standin:
        outcome = sync(settings_with, standin, files)
    written = rows(files[1])
    assert (written["RX7"]["successor_code"], written["RX7"]["succeeded_on"]) == ("RZ1", "2019-10-01")
    assert (written["RW3"]["successor_code"], written["RW3"]["is_active"]) == ("RX7", "false")
    assert written["RZ1"]["successor_code"] == ""
    assert (outcome.organisations, outcome.succeeded) == (5, 3)


def test_a_code_that_the_directory_does_not_know_keeps_what_was_written_by_hand_and_is_named(settings_with, files):
    with Ods(NAMES, MERGERS) as standin:
        outcome = sync(settings_with, standin, files)
    assert outcome.unknown_to_the_directory == ("RZ102",)
    assert rows(files[1])["RZ102"]["organisation_label"] == "Written by hand"


def test_a_trust_that_was_split_has_a_row_for_each_successor(settings_with, files):
    split = (("RZ1", "RX7", "2024-04-01"), ("RZ1", "RW3", "2024-04-01"))
    with Ods(NAMES, split) as standin:
        sync(settings_with, standin, files)
    assert [line.split(",")[5] for line in files[1].read_text().splitlines() if line.startswith("RZ1,")] == [
        "RW3",
        "RX7",
    ]


def test_a_second_sync_changes_nothing(settings_with, files):
    with Ods(NAMES, MERGERS) as standin:
        sync(settings_with, standin, files)
        before = files[1].read_bytes()
        assert sync(settings_with, standin, files).changed == 0
    assert files[1].read_bytes() == before


def test_a_directory_that_breaks_halfway_leaves_the_file_as_it_was(settings_with, files, monkeypatch):
    monkeypatch.setattr("wordround.connectors.asking.fetching.time.sleep", lambda _: None)
    before = files[1].read_bytes()
    with Ods(NAMES, MERGERS) as standin:
        standin.misbehave("status", after=2, times=99, status=503)
        with pytest.raises(SourceDown):
            sync(settings_with, standin, files)
    assert files[1].read_bytes() == before
