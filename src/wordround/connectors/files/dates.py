"""Dates as people write them, and what 03/04/2026 means.

Day first or month first is decided by evidence for each trust. A date that can only be read one way (30/09/2021) is
evidence for its file. Where a trust's evidence agrees, its ambiguous dates are read the same way. Where it disagrees or
is missing, the setting decides; without a setting an ambiguous date stays ambiguous. Nothing is guessed.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Literal
from zoneinfo import ZoneInfo

from wordround.connectors.files.cells import Cell, value_in
from wordround.connectors.files.settings import DateOrder

Problem = Literal["missing_date", "unreadable_date", "impossible_date", "ambiguous_date"]

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", re.IGNORECASE)
# ISO's basic form, with a time or without. Of these years no day first and no month first can be meant.
_BASIC = re.compile(r"((?:199|20\d)\d)(\d\d)(\d\d)(?:(?:\d\d){2,3}|[T ]\d.*)?", re.IGNORECASE)
# A time with its zone, behind a day in any notation.
_TIME = re.compile(
    r"[T ,](\d{1,2}):?(\d\d)(?::?\d\d(?:[.,]\d+)?)? ?([ap]m)? ?(Z|UTC|GMT|BST|[+-]\d\d(?::?\d\d)?)", re.IGNORECASE
)
_HOURS = {"Z": 0, "UTC": 0, "GMT": 0, "BST": 1}
_NUMERIC = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T ,].*)?")
# With the month as a word no order can be meant but the one that is written.
_WORDED = tuple(
    re.compile(rf"(?:[a-z]+,? )?{form}(?:[T ,].*)?", re.IGNORECASE)
    for form in (
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)?[-/. ](?P<month>[a-z]{3,9})\.?,?[-/. ](?P<year>\d{4}|\d{2})",
        r"(?P<month>[a-z]{3,9})\.?[-/. ](?P<day>\d{1,2})(?:st|nd|rd|th)?,?[-/. ](?P<year>\d{4})",
        r"(?P<year>\d{4})[-/. ](?P<month>[a-z]{3,9})\.?[-/. ](?P<day>\d{1,2})",
    )
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_LONDON = ZoneInfo("Europe/London")
_EXCEL_EPOCH, _EXCEL_EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_EXCEL_DAYS = range(32_874, 73_051)  # 1990 to 2099


@dataclass
class DateEvidence:
    """How many of a trust's dates can only be read day first, and how many only month first."""

    day_first: int = 0
    month_first: int = 0
    seen: set[str] = field(default_factory=set, repr=False)

    def add(self, cell: Cell) -> None:
        """Take one cell into account; only distinct spellings count."""
        if not isinstance(cell, str) or cell in self.seen:
            return
        self.seen.add(cell)
        match = _NUMERIC.fullmatch(value_in(cell))
        if match:
            first, second = int(match[1]), int(match[2])
            self.day_first += 12 < first <= 31 and second <= 12
            self.month_first += 12 < second <= 31 and first <= 12

    def order(self, setting: DateOrder) -> DateOrder:
        """Return how ambiguous dates are read; `evidence` means that they stay ambiguous."""
        if setting != "evidence":
            return setting
        if self.day_first and not self.month_first:
            return "day_first"
        if self.month_first and not self.day_first:
            return "month_first"
        return "evidence"


def read_date(cell: Cell, order: DateOrder, counts_from_1904: bool = False) -> date | Problem:
    """Return the day that a cell names, or what is wrong with it.

    counts_from_1904: the date system of the workbook, for numbers that are days.
    """
    if isinstance(cell, datetime):
        return _in_london(cell)
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float):
        if isinstance(cell, int) and cell > _EXCEL_DAYS.stop:
            return read_date(str(cell), order)
        days = int(cell) + (_EXCEL_EPOCH_1904 - _EXCEL_EPOCH).days * counts_from_1904
        return _EXCEL_EPOCH + timedelta(days=days) if days in _EXCEL_DAYS else "unreadable_date"
    written = value_in(cell)
    if not written:
        return "missing_date"
    day = _read_day(written, order)
    return _with_zone(day, written) if isinstance(day, date) else day


def _read_day(written: str, order: DateOrder) -> date | Problem:
    if match := _ISO.fullmatch(written):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _BASIC.fullmatch(written):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.fullmatch(written):
        return _numeric(int(match[1]), int(match[2]), _year(match[3]), order)
    for form in _WORDED:
        if (match := form.fullmatch(written)) and (month := _month(match["month"])):
            return _day(_year(match["year"]), month, int(match["day"]))
    return "unreadable_date"


def _month(word: str) -> int | None:
    """Return the month that a word begins to name, such as Sep or September."""
    small = word.lower()
    return next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(small)), None)


def _in_london(moment: datetime) -> date:
    return (moment.astimezone(_LONDON) if moment.tzinfo else moment).date()


def _with_zone(day: date, written: str) -> date:
    """Return the day in London of a moment whose time has a zone; without one it is the day as written."""
    match = _TIME.search(written)
    if not match or match.end() < len(written):
        return day
    hour, minute, half, zone = int(match[1]), int(match[2]), (match[3] or "").lower(), match[4].upper()
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    digits = re.sub(r"\D", "", zone)
    if digits and not -12 <= int(zone[0] + digits[:2]) <= 14:
        # "13:00-14:00" is from one hour to another.
        return day
    ahead = (
        timedelta(hours=_HOURS[zone])
        if zone in _HOURS
        else timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0)) * (-1 if zone[0] == "-" else 1)
    )
    with suppress(ValueError, OverflowError):
        return _in_london(datetime.combine(day, time(hour, minute), timezone(ahead)))
    return day


def _numeric(first: int, second: int, year: int, order: DateOrder) -> date | Problem:
    if first == second or first > 12:
        return _day(year, second, first)
    if second > 12:
        return _day(year, first, second)
    if order == "evidence":
        return "ambiguous_date"
    return _day(year, second, first) if order == "day_first" else _day(year, first, second)


def _year(written: str) -> int:
    return int(written) if len(written) == 4 else 2000 + int(written)


def _day(year: int, month: int, day: int) -> date | Problem:
    try:
        return date(year, month, day)
    except ValueError:
        return "impossible_date"
