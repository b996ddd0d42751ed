"""Filling templates: a text with slots ("thanks to {staff.first}") becomes a comment whose identifiers are known.

A template with a slot that nothing fills is refused (UnknownSlot). Chance is the caller's, so that it can be seeded.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

_SLOT = re.compile(r"\{([\w.]+)\}")

Filler = Callable[[Random], "list[Piece]"]


class Piece(NamedTuple):
    """Part of what fills a slot; `kind` is empty where it is no identifier (the "and" of a list)."""

    text: str
    kind: str = ""
    origin: str = ""


class Marked(NamedTuple):
    """Characters `start` to `end` are an identifier; `origin` says where a name comes from."""

    start: int
    end: int
    kind: str
    origin: str


@dataclass(frozen=True)
class Sample:
    """A generated comment and where its identifiers stand."""

    text: str
    marked: tuple[Marked, ...]
    casing: str = "as written"
    typos: bool = False


class UnknownSlot(ValueError):
    """A template has a slot that nothing fills."""


def fill(template: str, fillers: Mapping[str, Filler], chance: Random) -> Sample:
    """Fill every slot of a template. Raises UnknownSlot."""
    parts: list[str] = []
    marked: list[Marked] = []
    length = end = 0
    for slot in _SLOT.finditer(template):
        if slot[1] not in fillers:
            raise UnknownSlot(f"nothing fills the slot {slot[0]}")
        for text, kind, origin in [Piece(template[end : slot.start()]), *fillers[slot[1]](chance)]:
            if kind:
                marked.append(Marked(length, length + len(text), kind, origin))
            parts.append(text)
            length += len(text)
        end = slot.end()
    return Sample("".join([*parts, template[end:]]), tuple(marked))


CASINGS: dict[str, Callable[[str], str]] = {
    "as written": lambda text: text,
    "lower case": str.lower,
    "CAPITALS": str.upper,
    "Every Word": lambda text: re.sub(r"(^|[\s(])(\w)", lambda m: m[1] + m[2].upper(), text),
}


def recase(sample: Sample, casing: str) -> Sample | None:
    """Return the sample in another casing; None where that changes lengths (a German sharp s)."""
    text = CASINGS[casing](sample.text)
    return Sample(text, sample.marked, casing, sample.typos) if len(text) == len(sample.text) else None


def misspell(sample: Sample, chance: Random, share: float, in_names: bool) -> Sample:
    """Slip in typing errors: a share of the longer words, and with `in_names` one in every second name.

    Structured identifiers stay as they are: a number with an error is another number.
    """
    parts: list[str] = []
    marked: list[Marked] = []
    length = end = 0
    typos = False
    for mark in [*sample.marked, None]:
        between = sample.text[end : mark.start if mark else len(sample.text)]
        slipped = re.sub(r"[a-zA-Z]{5,}", lambda m: _slip(m[0], chance) if chance.random() < share else m[0], between)
        typos |= slipped != between
        parts.append(slipped)
        length += len(slipped)
        if mark:
            value = sample.text[mark.start : mark.end]
            if in_names and "name" in mark.kind and len(value) > 4 and chance.random() < 0.5:
                value = _slip(value, chance)
                typos = True
            parts.append(value)
            marked.append(Marked(length, length + len(value), mark.kind, mark.origin))
            length += len(value)
            end = mark.end
    return Sample("".join(parts), tuple(marked), sample.casing, typos)


def _slip(word: str, chance: Random) -> str:
    """Return a word with one typing error after its first letter: swapped, dropped, doubled or neighbouring letters."""
    place = chance.randrange(1, len(word) - 1)
    if chance.random() < 0.35:
        heard = _as_heard(word, chance)
        if heard != word:
            return heard
    match chance.randrange(4):
        case 0:
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        case 1:
            return word[:place] + word[place + 1 :]
        case 2:
            return word[:place] + word[place] + word[place:]
    near = _NEIGHBOURS.get(word[place].lower(), word[place])
    return word[:place] + chance.choice(near) + word[place + 1 :]


def _as_heard(word: str, chance: Random) -> str:
    """Return a word spelt by ear: one sound written another way."""
    ways = [(was, now) for was, now in _BY_EAR if was in word[1:]]
    if not ways:
        return word
    was, now = chance.choice(ways)
    return word[0] + word[1:].replace(was, now, 1)


_BY_EAR = tuple(
    tuple(pair.split(">"))
    for pair in """
    tion>shun tion>sion sion>tion ph>f c>s c>k ck>k k>ck ie>ei ei>ie ea>ee ee>ea ous>us ful>full fully>fuly
    ent>ant ant>ent ence>ance ance>ence able>ible ible>able ss>s s>ss ll>l l>ll tt>t t>tt mm>m m>mm pp>p p>pp cc>c
    rr>r nn>n e> or>er er>or ar>er er>ar ou>u gh> x>cs y>ie ly>ley ate>at a>e e>a i>e e>i o>u u>o
""".split()
)

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    letter: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in _ROWS
    for place, letter in enumerate(row)
}
