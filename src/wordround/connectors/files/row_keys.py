"""Row keys: by what a row of a file is known again, whichever notation it comes in.

With an id column it is the id. Without one it is the meaning of the row (meaning.py) and which of the rows with that
meaning it is. Each key comes with those that earlier versions gave the row: they kept every cell as it was written.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from wordround.connectors.files.cells import Row, written
from wordround.connectors.files.columns import Columns
from wordround.connectors.files.meaning import look_alikes, row_id, spellings
from wordround.connectors.files.settings import TableLayout

_MOST_LOOKED_AFTER, _LONGEST_PADDED = 1_000, 10
# Part of every key by meaning, so that a change of the rule is a change of the keys.
_RULE = "meaning 1"


class RowKey(NamedTuple):
    """The lasting key of a row, and its keys of earlier versions."""

    key: str
    former: tuple[str, ...] = ()


class RowKeys:
    """Gives the rows of one file their keys, in file order."""

    def __init__(self, layout: TableLayout, columns: Columns, within: Callable[[str, str], str]) -> None:
        """`within` makes the key of an id of a trust unique among all ids of the source."""
        self._layout, self._columns, self._within = layout, columns, within
        self._occurrences: Counter[bytes] = Counter()
        # Keys that another row must not have: then ids differ in leading noughts alone.
        self.look_alikes: list[tuple[str, ...]] = []

    def by_id(self, row: Row, trust: str) -> RowKey | None:
        """Return the key of a row by its id column; None where the cell is blank."""
        cell = self._columns.cell(row.cells, self._layout.id)
        if not (name := row_id(cell)):
            return None
        self._look_after(trust, name)
        as_written = written(self._columns.as_written(row.cells, self._layout.id))
        if as_written == name and not name.isdigit():
            # Nothing around it and no number, as nearly every id is: every version knew it by this name.
            return RowKey(self._within(trust, name))
        former = [self._within(trust, one) for one in spellings(as_written) if one != name]
        return RowKey(self._within(trust, name), tuple(former))

    def by_meaning(self, row: Row, trust: str, meaning: Iterable[str]) -> RowKey:
        """Return the key of a row that has no id column."""
        respondent = row_id(self._columns.cell(row.cells, self._layout.respondent))
        cells = (
            # Earlier versions read a cell as blank that the file leaves blank.
            "" if self._columns.place[column] in row.filled else written(self._columns.as_written(row.cells, column))
            for column in self._layout.key_columns
        )
        return RowKey(self._numbered(_RULE, trust, respondent, *meaning), (self._numbered(*cells),))

    def _numbered(self, *parts: str) -> str:
        content = hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).digest()
        self._occurrences[content] += 1
        return f"{content.hex()}\x1f{self._occurrences[content]}"

    def _look_after(self, trust: str, name: str) -> None:
        if len(self.look_alikes) >= _MOST_LOOKED_AFTER or not name.isdigit():
            return
        # Of ids without noughts a few are enough: whole columns lose or gain them.
        longest = 0 if name.startswith("0") or len(self.look_alikes) >= _LONGEST_PADDED else _LONGEST_PADDED
        if similar := look_alikes(name, longest):
            self.look_alikes.append(tuple(self._within(trust, one) for one in similar))
