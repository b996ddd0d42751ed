"""Dates of Friends and Family files: read as people write them, and never guessed."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.fixtures.feeding import feed, quarantined, stored
from tests.fixtures.fft_files import HEADER, row, write_csv
from wordround.settings import Settings


def test_a_date_that_can_only_be_read_one_way_decides_for_the_others_of_its_trust(
    settings: Settings, tmp_path: Path
) -> None:
    feed(settings, write_csv(tmp_path / "f.csv", [row(1, "03/04/2026"), row(2, "30/04/2026")]))
    assert {day for (day,) in stored(settings, "posted_date")} == {date(2026, 4, 3), date(2026, 4, 30)}
    feed(settings, write_csv(tmp_path / "g.csv", [row(3, "03/05/2026"), row(4, "04/30/2026")]))
    assert date(2026, 3, 5) in {day for (day,) in stored(settings, "posted_date")}


def test_without_evidence_an_ambiguous_date_goes_to_quarantine(settings: Settings, tmp_path: Path) -> None:
    outcome = feed(settings, write_csv(tmp_path / "f.csv", [row(1, "03/04/2026"), row(2, "05/05/2026")]))
    assert outcome["quarantine"] == {"ambiguous_date": 2}
    assert outcome["rows"]["loaded"] == 2, "the fifth of May is the same both ways"
    (bad,) = quarantined(outcome)
    assert (bad["row"], bad["column"], bad["reason"]) == ("2", "Date received", "ambiguous_date")
    assert "date_order" in bad["what_to_do"]


def test_evidence_both_ways_leaves_ambiguous_dates_in_quarantine_and_keeps_the_others(
    settings: Settings, tmp_path: Path
) -> None:
    rows = [row(1, "30/04/2026"), row(2, "04/30/2026"), row(3, "03/04/2026")]
    outcome = feed(settings, write_csv(tmp_path / "f.csv", rows))
    assert outcome["quarantine"] == {"ambiguous_date": 2}
    assert [day for (day,) in stored(settings, "posted_date")] == [date(2026, 4, 30)] * 4


def test_a_setting_decides_what_evidence_leaves_open(settings_with: Callable[..., Settings], tmp_path: Path) -> None:
    settings = settings_with(added='[sources.fft.trusts.XFV]\ndate_order = "month_first"')
    feed(settings, write_csv(tmp_path / "f.csv", [row(1, "03/04/2026")]))
    assert stored(settings, "posted_date")[0][0] == date(2026, 3, 4)


def test_one_trusts_evidence_says_nothing_about_another(settings: Settings, tmp_path: Path) -> None:
    header = ["Comment ID", "Respondent ID", "Trust", "Date", "FFT categorical answer", "Service type 1",
              "Service type 2", "FFT question", "FFT answer"]  # fmt: skip
    rows = [[f"c{i}", f"r{i}", trust, day, "1", "Ward", "", "What was good?", "Kind"]
            for i, (trust, day) in enumerate([("XAA", "30/04/2026"), ("XAA", "03/04/2026"), ("XBB",
            "03/04/2026")])]  # fmt: skip
    outcome = feed(settings, write_csv(tmp_path / "f.csv", rows, header))
    assert outcome["date_orders"] == {"XAA": "day_first", "XBB": "evidence"}
    assert outcome["quarantine"] == {"ambiguous_date": 1}


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-04-03", date(2026, 4, 3)),
        ("2026-04-03 14:05:00", date(2026, 4, 3)),
        ("2026-04-03T14:05:00Z", date(2026, 4, 3)),
        ("2026-04-03T23:30:00Z", date(2026, 4, 4)),
        ("2026-04-03 23:30:00.1234567 +00:00", date(2026, 4, 4)),
        ("2026-04-03T23:30:00+01:00", date(2026, 4, 3)),
        ("2026-04-03T23:30:00", date(2026, 4, 3)),
        ("30.04.26", date(2026, 4, 30)),
        ("3 April 2026", date(2026, 4, 3)),
        ("3rd Apr 26", date(2026, 4, 3)),
        ("Friday, 3 April 2026", date(2026, 4, 3)),
        ("03-Apr-2026", date(2026, 4, 3)),
    ],
)
def test_dates_are_read_as_people_write_them(settings: Settings, tmp_path: Path, written: str, day: date) -> None:
    feed(settings, write_csv(tmp_path / "f.csv", [row(1, written)]))
    assert stored(settings, "posted_date")[0][0] == day


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("31/02/2026", "impossible_date"),
        ("1970-01-01", "date_too_early"),
        ("2090-06-01", "future_date"),
        ("last Tuesday", "unreadable_date"),
        ("", "missing_date"),
    ],
)
def test_a_date_that_cannot_be_is_quarantined_with_its_reason(
    settings: Settings, tmp_path: Path, written: str, reason: str
) -> None:
    outcome = feed(settings, write_csv(tmp_path / "f.csv", [row(1, written), row(2)]))
    assert outcome["quarantine"] == {reason: 2}
    assert outcome["rows"]["loaded"] == 2


def test_a_moment_with_a_time_zone_is_on_its_day_in_london(settings: Settings, tmp_path: Path) -> None:
    table = pa.table({name: [cell] for name, cell in zip(HEADER, row(), strict=True)})
    late = pa.array([datetime(2026, 7, 3, 23, 30)], pa.timestamp("us", "UTC"))
    pq.write_table(table.set_column(1, HEADER[1], late), tmp_path / "f.parquet")
    feed(settings, tmp_path / "f.parquet")
    assert stored(settings, "posted_date")[0] == (date(2026, 7, 4),)
