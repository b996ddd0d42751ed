"""JSON lines on standard input, one comment a line: what every verb for other pipelines reads.

A line that is no such object is counted and named by its number, never by its content; the others go on.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

LONGEST = 1_000_000  # bytes of a line


class Unusable(ValueError):
    """What is wrong with a line, and what to do."""


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a stream; of one that is too long its beginning, so that no line fills the memory."""
    while line := stream.readline(LONGEST + 1):
        yield line
        while len(line) > LONGEST and not line.endswith(b"\n"):
            line = stream.readline(LONGEST + 1)


def numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield lines with their numbers; blank ones are nothing."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, line


def comment_of(line: bytes) -> dict[str, Any]:
    """Return the object of a line, which has an `id` and a `text`. Raises Unusable."""
    if len(line) > LONGEST:
        raise Unusable(f"is longer than {LONGEST:,} bytes. Write one comment a line.")
    try:
        given = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unusable("is not UTF-8. Write the file as UTF-8.") from error
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        raise Unusable("is not JSON. Write one object a line.") from error
    if not isinstance(given, dict) or not isinstance(given.get("text"), str) or "id" not in given:
        raise Unusable('is no object with `id` and `text` (a string). Write {"id": 1, "text": "..."}.')
    if not isinstance(given["id"], str | int):
        raise Unusable("has an `id` that is neither a string nor a number.")
    try:
        f"{given['id']}{given['text']}".encode()
    except ValueError as error:
        raise Unusable("holds half a character (a surrogate alone). Write the text as UTF-8.") from error
    return given
