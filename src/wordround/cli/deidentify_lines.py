"""De-identification for other pipelines: JSON lines in, JSON lines out.

A line `{"id": .., "text": ..}` becomes `{"id": .., "text": .., "withheld": .., "found": [{"kind", "start", "end"}]}`,
where `text` is null if the comment is withheld and positions are those of the text as it came. A line that is no such
object is counted and named by its number, never by its content; the others go on.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, TextIO

from wordround.deidentify import Deidentifier
from wordround.plain_text import plain

Outcome = dict[str, Any]

LONGEST = 1_000_000  # bytes of a line


class _Unusable(ValueError):
    """What is wrong with a line."""


def deidentify_lines(lines: Iterable[bytes], out: TextIO, kept: Iterable[str] = ()) -> Outcome:
    """Write each line de-identified to `out`.

    kept: names that may stay, as of services and sites. Returns {rows: {in, written, refused}, withheld, identifiers:
    {kind: count}, refused: [what is wrong with which line]}.
    """
    look = Deidentifier(kept)
    rows: Counter[str] = Counter()
    identifiers: Counter[str] = Counter()
    withheld, refused = 0, []
    for number, line in _numbered(lines):
        rows["in"] += 1
        try:
            given = _read(line)
        except _Unusable as problem:
            rows["refused"] += 1
            refused.append(f"line {number}: {problem}")
            continue
        # As at the door: signs that cannot be seen, which may hide an identifier, go first.
        result = look(plain(given["text"]))
        identifiers.update(span.kind for span in result.found)
        withheld += result.withheld
        found = [{"kind": span.kind, "start": span.start, "end": span.end} for span in result.found]
        text = None if result.withheld else result.text
        written = {"id": given["id"], "text": text, "withheld": result.withheld, "found": found}
        out.write(json.dumps(written, ensure_ascii=False) + "\n")
        rows["written"] += 1
    return {
        "rows": {name: rows[name] for name in ("in", "written", "refused")},
        "withheld": withheld,
        "identifiers": dict(sorted(identifiers.items())),
        "refused": refused,
    }


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a stream; of one that is too long its beginning, so that no line fills the memory."""
    while line := stream.readline(LONGEST + 1):
        yield line
        while len(line) > LONGEST and not line.endswith(b"\n"):
            line = stream.readline(LONGEST + 1)


def _numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield lines with their numbers; blank ones are nothing."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, line


def _read(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST:
        raise _Unusable(f"is longer than {LONGEST:,} bytes. Write one comment a line.")
    try:
        given = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _Unusable("is not UTF-8. Write the file as UTF-8.") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise _Unusable("is not JSON. Write one object a line.") from error
    if not isinstance(given, dict) or not isinstance(given.get("text"), str) or "id" not in given:
        raise _Unusable('is no object with `id` and `text` (a string). Write {"id": 1, "text": "..."}.')
    if not isinstance(given["id"], str | int):
        raise _Unusable("has an `id` that is neither a string nor a number.")
    return given
