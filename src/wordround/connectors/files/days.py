"""Days of the rows of one file: how each trust writes them, and which of them can be meant."""

from collections import defaultdict
from datetime import date

from wordround.connectors.files.cells import Cell
from wordround.connectors.files.dates import DateEvidence, read_date
from wordround.connectors.files.settings import DateOrder, TableSource


class Days:
    """Reads the days of one file, once `add` has seen them all: evidence decides what 03/04/2026 means."""

    def __init__(self, source: TableSource, today: date, counts_from_1904: bool) -> None:
        self._source, self._today, self._counts_from_1904 = source, today, counts_from_1904
        self._evidence: defaultdict[str, DateEvidence] = defaultdict(DateEvidence)
        self._days: dict[tuple[str, Cell], date | str] = {}

    def add(self, trust: str, dated: Cell) -> None:
        """Take one cell into account."""
        self._evidence[trust].add(dated)

    @property
    def orders(self) -> dict[str, DateOrder]:
        """How each trust's ambiguous dates are read; `evidence` means that they stay ambiguous."""
        return {trust: found.order(self._source.date_order_of(trust)) for trust, found in self._evidence.items()}

    def read(self, trust: str, dated: Cell) -> date | str:
        """Return the day that a cell of a trust names, or what is wrong with it."""
        day = self._days.get((trust, dated))
        if day is None:
            day = self._days[trust, dated] = self._read(trust, dated)
        return day

    def _read(self, trust: str, dated: Cell) -> date | str:
        order = self._evidence[trust].order(self._source.date_order_of(trust))
        day = read_date(dated, order, self._counts_from_1904)
        if isinstance(day, date):
            if day > self._today:
                return "future_date"
            if day < self._source.earliest_date:
                return "date_too_early"
        return day
