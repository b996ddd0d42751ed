"""What a process and the child that reads a file for it (reading.py, child.py) have in common.

A child lives for one file: nothing that takes long to import, as pydantic does, is loaded here.
"""

from typing import TYPE_CHECKING

from wordround.connectors.files.cells import Row

if TYPE_CHECKING:
    from wordround.connectors.limits import FileLimits

# How the child ends where it could still say why.
OUT_OF_MEMORY, DAMAGED = 3, 4
# What it calls a date and a moment in JSON.
DAY, MOMENT = "$day", "$moment"


def short(row: Row, limits: "FileLimits") -> Row:
    """Return a row, without its cells where they are too long."""
    characters = sum([len(cell) for cell in row.cells if isinstance(cell, str)])
    return row if characters <= limits.row_characters else Row(row.number, [], "too_long")
