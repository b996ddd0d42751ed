"""What is wrong with a code frame that can be used all the same: overlaps, dead cues, examples that go elsewhere.

Each finding names the table (headings or cues), the row, the column, and what to do. None holds words of a comment.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from wordround.understand.frames import Frame, Row, kept
from wordround.understand.themes import words_of

Kind = Literal["overlap", "hidden", "dead", "shadowed", "example", "empty", "unused"]
# What each kind means, in the order in which they are shown.
KINDS: dict[Kind, str] = {
    "dead": "cues that never count",
    "shadowed": "cues that say nothing new",
    "overlap": "cues under several themes",
    "hidden": "cues within a longer cue of another theme",
    "example": "examples that get another heading",
    "empty": "headings without cues",
    "unused": "cues that stand in none of the texts",
}
# A cue that weighs less than this part of the longer one does not turn the theme.
_TURNS = 0.5
_NAMED = 3


class Finding(NamedTuple):
    """One thing to look at. `row`: as a spreadsheet numbers it; 1 is the header."""

    kind: Kind
    table: Literal["headings", "cues"]
    row: int
    column: str
    says: str


class _Cue(NamedTuple):
    row: int
    heading: str
    theme: str
    cue: str
    weight: float
    excludes: bool
    example: str

    @property
    def words(self) -> str:
        """The cue as the words of a text."""
        return self.cue.removesuffix("*")

    @property
    def pattern(self) -> str:
        words = words_of(self.words)
        return words.rstrip() if self.cue.endswith("*") else words


def examine(frame: Frame, cue_rows: Iterable[Row]) -> list[Finding]:
    """Return what the frame's own rows show, in the order of KINDS and rows."""
    cues = [_cue(frame, row, number) for number, row in enumerate(cue_rows, start=2)]
    looks = (_dead, _shadowed, _overlaps, _hidden, _examples)
    return [finding for look in looks for finding in look(frame, cues)] + _empty(frame, cues)


def unused(frame: Frame, cue_rows: Iterable[Row], texts: Iterable[str]) -> tuple[list[Finding], Counter[str]]:
    """Return the cues that stand in none of the texts, and how many texts each heading labels ("": without a label)."""
    found: set[tuple[str, str]] = set()
    counts = Counter[str]()
    for text in texts:
        mentions = frame.mentions(text)
        found.update((mention.heading_code, mention.cue) for mention in mentions)
        counts.update([guess.code for guess in kept(frame.ranked_headings(mentions))] or [""])
    says = "stands in none of the texts. Leave it for texts to come, or write it as people do"
    cues = (_cue(frame, row, number) for number, row in enumerate(cue_rows, start=2))
    lacking = [
        Finding("unused", "cues", cue.row, "cue", f"{cue.cue!r} ({cue.heading}) {says}.")
        for cue in cues
        if (cue.heading, cue.cue) not in found
    ]
    return lacking, counts


def _cue(frame: Frame, row: Row, number: int) -> _Cue:
    heading, cue, weight = frame.cue_of(row)
    excludes, example = ((row.get(column) or "").strip() for column in ("exclude", "example"))
    return _Cue(number, heading, frame.headings[heading].theme_code, cue, weight, bool(excludes), example)


def _dead(frame: Frame, cues: Sequence[_Cue]) -> Iterator[Finding]:
    for cue in cues:
        if (cue.heading, cue.cue) in {(found.heading_code, found.cue) for found in frame.mentions(cue.words)}:
            continue
        if words_of(frame.as_read(cue.words)) != words_of(cue.words):
            why = "no text is read so: write the words of a hashtag apart, and http for a link"
        else:
            why = "its own exclude covers it wherever it stands: shorten the exclude, or remove the row"
        yield Finding("dead", "cues", cue.row, "cue", f"{cue.cue!r} ({cue.heading}) never counts, because {why}.")


def _shadowed(frame: Frame, cues: Sequence[_Cue]) -> Iterator[Finding]:
    """Where nothing is weighed, a cue that stands only where a broader one of its heading stands adds nothing."""
    if len({cue.weight for cue in cues}) > 1:
        return
    broad = {(cue.heading, cue.cue): cue for cue in cues if not cue.excludes}
    for cue in cues:
        for found in frame.mentions(cue.words):
            other = broad.get((found.heading_code, found.cue))
            if other and other.heading == cue.heading and other.row != cue.row:
                says = (
                    f"{cue.cue!r} ({cue.heading}) stands only where {other.cue!r} (row {other.row}) stands: remove it."
                )
                yield Finding("shadowed", "cues", cue.row, "cue", says)
                break


def _overlaps(_: Frame, cues: Sequence[_Cue]) -> Iterator[Finding]:
    same: dict[str, list[_Cue]] = defaultdict(list)
    for cue in cues:
        same[cue.pattern].append(cue)
    for cue in cues:
        others = [other for other in same[cue.pattern] if other.theme != cue.theme]
        if others:
            also = ", ".join(f"{other.heading} (row {other.row})" for other in others)
            says = f"{cue.cue!r} speaks for {cue.heading} and for {also}: leave it to one, or say more words in each."
            yield Finding("overlap", "cues", cue.row, "cue", says)


def _hidden(frame: Frame, cues: Sequence[_Cue]) -> Iterator[Finding]:
    own = {(cue.heading, cue.cue): cue for cue in cues}
    within: dict[int, list[_Cue]] = defaultdict(list)
    for longer in cues:
        for found in frame.mentions(longer.words):
            cue = own[found.heading_code, found.cue]
            if cue.theme != longer.theme and cue.pattern != longer.pattern and cue.weight >= _TURNS * longer.weight:
                within[cue.row].append(longer)
    by_row = {cue.row: cue for cue in cues}
    for row, longer_ones in sorted(within.items()):
        cue = by_row[row]
        some = ", ".join(f"{one.cue!r} (row {one.row}, {one.heading})" for one in longer_ones[:_NAMED])
        more = f" and {len(longer_ones) - _NAMED} more" if len(longer_ones) > _NAMED else ""
        says = (
            f"{cue.cue!r} ({cue.heading}) counts too where {some}{more} stands: put that into its exclude, or leave it."
        )
        yield Finding("hidden", "cues", row, "exclude", says)


def _examples(frame: Frame, cues: Sequence[_Cue]) -> Iterator[Finding]:
    for cue in cues:
        if not cue.example:
            continue
        mentions = frame.mentions(cue.example)
        first = next(iter(frame.ranked_headings(mentions)), None)
        if first and first.code == cue.heading:
            continue
        got = f"{first.code} first ({', '.join(first.cues)})" if first else "no heading"
        says = f"the example gets {got} and not {cue.heading}: add a cue or weight, or choose another sentence."
        yield Finding("example", "cues", cue.row, "example", says)


def _empty(frame: Frame, cues: Sequence[_Cue]) -> list[Finding]:
    spoken_for = {cue.heading for cue in cues}
    return [
        Finding("empty", "headings", number, "heading_code", f"{code!r} has no cue, so no text gets it: add one.")
        for number, code in enumerate(frame.headings, start=2)
        if code not in spoken_for
    ]
