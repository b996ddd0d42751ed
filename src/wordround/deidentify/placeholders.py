"""Placeholders: typed, and stable inside one comment.

The first person of a kind is `<staff name>`, the next `<staff name 2>`; whoever is named again has the same
placeholder.
"""

import re
from collections.abc import Iterable

from wordround.deidentify.spans import Span

_KIND = r"[A-Za-z]+(?: [A-Za-z]+){0,4}"
# Also what stands for a word or a number of a withheld text. The group is the kind.
PLACEHOLDER = re.compile(rf"<({_KIND})(?: \d{{1,3}})?>")
# As it is stored or, in square brackets, as it is quoted.
SHOWN = re.compile(rf"[<\[]{_KIND}(?: \d{{1,3}})?[>\]]")


def without_placeholders(text: str) -> str:
    """Return a text as it is scored: what stands for an identifier says nothing of a phone, a school or a place."""
    return PLACEHOLDER.sub(" ", text) if "<" in text else text


def numbered(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return spans whose kinds carry the number that their value has in this text."""
    known: list[tuple[str, frozenset[str], str]] = []
    counts: dict[str, int] = {}
    result = []
    for span in spans:
        words = _words(text[span.start : span.end])
        same = next((label for kind, others, label in known if _is_same(span.kind, words, kind, others)), None)
        if same is None:
            counts[span.kind] = counts.get(span.kind, 0) + 1
            same = span.kind if counts[span.kind] == 1 else f"{span.kind} {counts[span.kind]}"
            known.append((span.kind, words, same))
        result.append(span._replace(kind=same))
    return result


def replaced(text: str, spans: Iterable[Span]) -> str:
    """Return the text with `<kind>` for each span. Spans must not overlap."""
    parts, end = [], 0
    for span in sorted(spans):
        parts += [text[end : span.start], f"<{span.kind}>"]
        end = span.end
    return "".join([*parts, text[end:]])


def _is_same(kind: str, words: frozenset[str], other_kind: str, others: frozenset[str]) -> bool:
    """Names agree where one holds the words of the other, whatever role was read from their neighbours."""
    if kind.endswith("name") and other_kind.endswith("name") and "house" not in kind + other_kind:
        return bool(words) and (words <= others or others <= words)
    return kind == other_kind and words == others


def _words(value: str) -> frozenset[str]:
    small = value.casefold().replace("’", "'").removesuffix("'s")
    return frozenset(word for word in "".join(c if c.isalnum() else " " for c in small).split())
