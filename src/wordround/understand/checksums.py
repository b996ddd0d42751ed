"""CRC-32 of many short strings at once, as zlib gives it of each.

A checksum of strings of one length is the exclusive or of what each byte adds where it stands (the code is linear), so
that a table for each place takes the place of a loop over strings.
"""

from functools import cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint32]


def crc32_of_rows(rows: NDArray[np.uint8]) -> Numbers:
    """Return the checksum of each row (n, length) of bytes."""
    tables, nothing = _tables(rows.shape[1])
    found = np.full(len(rows), nothing, np.uint32)
    for table, column in zip(tables, rows.T, strict=True):
        found ^= table[column]
    return found


@cache
def _tables(length: int) -> tuple[list[Numbers], int]:
    """Return for each place what each byte adds to the checksum of as many noughts, and that checksum."""
    nothing = crc32(bytes(length))
    return [
        np.array(
            [crc32(bytes(place) + bytes([byte]) + bytes(length - place - 1)) ^ nothing for byte in range(256)],
            np.uint32,
        )
        for place in range(length)
    ], nothing
