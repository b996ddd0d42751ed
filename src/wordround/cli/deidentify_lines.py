"""De-identification for other pipelines: JSON lines in, JSON lines out.

A line `{"id": .., "text": ..}` becomes `{"id": .., "text": .., "withheld": .., "found": [{"kind", "start", "end"}]}`,
where `text` is null if the comment is withheld and positions are those of the text as it came. A line that is no such
object is counted and named by its number, never by its content; the others go on.
"""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, TextIO

from wordround.cli.json_lines import Unusable, comment_of, numbered
from wordround.deidentify import Deidentifier
from wordround.plain_text import plain

Outcome = dict[str, Any]


def deidentify_lines(lines: Iterable[bytes], out: TextIO, kept: Iterable[str] = ()) -> Outcome:
    """Write each line de-identified to `out`.

    kept: names that may stay, as of services and sites. Returns {rows: {in, written, refused}, withheld, identifiers:
    {kind: count}, refused: [what is wrong with which line]}.
    """
    look = Deidentifier(kept)
    rows: Counter[str] = Counter()
    identifiers: Counter[str] = Counter()
    withheld, refused = 0, []
    for number, line in numbered(lines):
        rows["in"] += 1
        try:
            given = comment_of(line)
        except Unusable as problem:
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
