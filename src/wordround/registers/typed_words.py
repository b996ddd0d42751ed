"""What somebody typed about an alert or a report, without identifiers.

The names of the trust's own services, sites and wards stay. Comments do not come this way: they are de-identified as
they are read (connectors).
"""

from collections import Counter
from dataclasses import dataclass

from wordround.plain_text import plain
from wordround.registers.services import exempt_names


@dataclass(frozen=True)
class TypedWords:
    """What may be kept of it, None where that cannot be said; `taken_out`: identifiers by kind, and how many."""

    kept: str | None
    taken_out: dict[str, int]


def without_identifiers(typed: str) -> TypedWords:
    """De-identify what was typed."""
    # Its vocabulary takes as long to load as all that the doctor looks at.
    from wordround.deidentify import deidentifier

    found = deidentifier(exempt_names())(plain(typed).strip())
    kept = None if found.withheld else found.text.strip()
    return TypedWords(kept, dict(Counter(span.kind for span in found.found)))
