"""A code frame as data: headings that belong to themes, and for each heading the cues that speak for it.

Every frame that is matched by cues has this form: patient experience, lived experience, a trust's own. A frame is two
tables. `headings` names them: `theme_code`, `theme_label`, `heading_code`, `heading_label`; a theme without headings is
its own. `cues` says what speaks for each: `heading_code`, `cue`, and where wanted `weight` (1 if empty), `exclude`
(phrases in which the cue does not count, separated by `|`) and `example` (a sentence that must get the heading). Cues
are written and matched as in `themes.py`, all at once by one automaton.

A text is read as people write it: the words of a hashtag are words, a link is the word `http`, a placeholder nothing.
A negated cue still counts: "nobody listens" is about listening.

The share of a guess is a share of weight, not a calibrated probability: it says how far the cues that fired agree, and
not how often such a guess is right. Guesses say what a text is about and nothing of whether it is praise.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from wordround.deidentify.placeholders import PLACEHOLDER
from wordround.errors import WordroundError
from wordround.understand.themes import Codebook, CodebookInvalid, words_of

HEADING_COLUMNS: Final = ("theme_code", "theme_label", "heading_code", "heading_label")
CUE_COLUMNS: Final = ("heading_code", "cue", "weight", "exclude", "example")

# Part of the version: raise it when the same rows would code a text differently.
_ENGINE = 1
# What no cue says: a lone weak cue is no certainty.
_UNSAID = 1.0
# A label that is stored needs as much as one plain cue, and a fifth of all that speaks.
LEAST_WEIGHT: Final = 1.0
LEAST_SHARE: Final = 0.2

_LINK = re.compile(r"(?:https?://|\bwww\.)\S+|<(?:web address|profile link)(?: \d{1,3})?>", re.IGNORECASE)
_HASHTAG = re.compile(r"#(\w{3,60})\b")
_LONGEST_WORD = 20
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])")
_SMALL_WORDS = frozenset(
    "a i the to of in on is it my me we us our you your and for not are at be do no this that".split()
)

Row = Mapping[str, str | None]


class FrameInvalid(WordroundError):
    """A row of a code frame cannot be used. The message names file, row and column."""


class Heading(NamedTuple):
    """A heading and the theme that it belongs to."""

    code: str
    label: str
    theme_code: str
    theme_label: str


class FrameMention(NamedTuple):
    """A cue that stands in a text, and the heading that it speaks for."""

    theme_code: str
    heading_code: str
    cue: str
    weight: float


class Guess(NamedTuple):
    """A theme or heading that a text may be about. `share` is of the weight of all cues that fired, below 1."""

    code: str
    label: str
    share: float
    weight: float
    cues: tuple[str, ...]


class Frame:
    """A compiled code frame. Build it once: compiling takes a fraction of a second, coding microseconds.

    `names`: what messages call the two tables, headings first. Raises FrameInvalid for a row that cannot be used.
    `codebook_rows`: its cues as a codebook takes them. `every_mention`: one for each of them, sorted.
    """

    def __init__(
        self, code: str, headings: Iterable[Row], cues: Iterable[Row], names: tuple[str, str] = ("headings", "cues")
    ) -> None:
        self.code = code
        self.headings: dict[str, Heading] = _headings(headings, names[0])
        rows = self._rows = list(cues)
        self._names = names
        self._weights: dict[tuple[str, str], float] = {}
        self.codebook_rows: list[dict[str, str | None]] = []
        for number, row in enumerate(rows, start=2):
            heading, cue = _heading_of(row), _cell(row, "cue")
            if heading not in self.headings:
                column = "heading_code" if "heading_code" in row else "theme_code"
                why = f"{heading!r} is none of {names[0]}" if heading else "is empty"
                raise FrameInvalid(f"{names[1]}: row {number}: column {column}: {why}; write one of its codes.")
            self._weights[heading, cue] = _weight(row, f"{names[1]}: row {number}")
            self.codebook_rows.append({"theme_code": heading, "cue": cue, "exclude": row.get("exclude")})
        try:
            self._codebook = Codebook(self.codebook_rows, names[1])
        except CodebookInvalid as error:
            raise FrameInvalid(str(error)) from error
        self.every_mention = [
            FrameMention(self.headings[heading].theme_code, heading, cue, self._weights[heading, cue])
            for heading, cue in self._codebook.mentions
        ]
        self._theme_labels = {heading.theme_code: heading.theme_label for heading in self.headings.values()}
        self._heading_labels = {code: heading.label for code, heading in self.headings.items()}
        self._vocabulary = _SMALL_WORDS.union(*(_vocabulary(row) for row in rows))
        self.version = f"{code}-{self._digest()}"

    def cue_of(self, row: Row) -> tuple[str, str, float]:
        """Return heading, cue and weight of one of the rows that the frame was made of."""
        heading, cue = _heading_of(row), _cell(row, "cue")
        return heading, cue, self._weights[heading, cue]

    def of_weight(self, least: float) -> "Frame | None":
        """Return the frame with its heavy cues alone; None where it has none."""
        heavy = [row for row in self._rows if self.cue_of(row)[2] >= least]
        headings = [
            {
                "theme_code": heading.theme_code,
                "theme_label": heading.theme_label,
                "heading_code": heading.code,
                "heading_label": heading.label,
            }
            for heading in self.headings.values()
        ]
        return Frame(self.code, headings, heavy, self._names) if heavy else None

    def mentions(self, text: str) -> list[FrameMention]:
        """Return the cues of a text with their headings, sorted, each once. Time is linear in the text."""
        return [self.every_mention[place] for place in self._codebook.places(self.as_read(text))]

    def themes(self, text: str) -> list[Guess]:
        """Return the themes that a text may be about, the likeliest first; none where no cue stands in it."""
        return self.ranked_themes(self.mentions(text))

    def ranked_themes(self, mentions: Iterable[FrameMention]) -> list[Guess]:
        """Return the themes of these mentions, which may come from several clauses. A cue counts once a theme."""
        strongest: dict[str, dict[str, float]] = {}
        for theme, _, cue, weight in mentions:
            cues = strongest.setdefault(theme, {})
            cues[cue] = max(weight, cues.get(cue, 0.0))
        return _ranked(strongest, self._theme_labels)

    def ranked_headings(self, mentions: Iterable[FrameMention]) -> list[Guess]:
        """Return the headings of these mentions, the likeliest first."""
        cues: dict[str, dict[str, float]] = {}
        for _, heading, cue, weight in mentions:
            cues.setdefault(heading, {})[cue] = weight
        return _ranked(cues, self._heading_labels)

    def as_read(self, text: str) -> str:
        """Return the text as cues see it: hashtags in words, every link the word `http`, no placeholders."""
        if "://" in text or "www." in text.lower() or "<" in text:
            text = PLACEHOLDER.sub(" ", _LINK.sub(" http ", text))
        if "#" in text:
            text = _HASHTAG.sub(lambda found: f" {self._words_of_hashtag(found[1])} ", text)
        return text

    def _words_of_hashtag(self, tag: str) -> str:
        """Return the words that capitals part; else the fewest words of the frame that make it up; else the tag."""
        parts = _HUMP.sub(" ", tag.replace("_", " "))
        if " " in parts:
            return parts
        small = tag.lower()
        # Of the first i letters: how few words they are, and where the last of them begins.
        fewest: dict[int, tuple[int, int]] = {0: (0, 0)}
        for end in range(1, len(small) + 1):
            ways = (
                (fewest[start][0] + 1, start)
                for start in range(max(0, end - _LONGEST_WORD), end)
                if start in fewest and small[start:end] in self._vocabulary
            )
            if best := min(ways, default=None):
                fewest[end] = best
        if len(small) not in fewest:
            return tag
        words, end = [], len(small)
        while end:
            start = fewest[end][1]
            words.append(small[start:end])
            end = start
        return " ".join(reversed(words))

    def _digest(self) -> str:
        weights = sorted(f"{heading}\t{cue}\t{weight:g}" for (heading, cue), weight in self._weights.items())
        belongs = sorted(f"{heading.code}\t{heading.theme_code}" for heading in self.headings.values())
        lines = (f"engine {_ENGINE}", self._codebook.version, *belongs, *weights)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]


def kept(guesses: Sequence[Guess]) -> list[Guess]:
    """Return the guesses that are labels: enough weight of their own, and enough of the whole."""
    return [guess for guess in guesses if guess.weight >= LEAST_WEIGHT and guess.share >= LEAST_SHARE]


def _ranked(cues: Mapping[str, Mapping[str, float]], labels: Mapping[str, str]) -> list[Guess]:
    weights = {code: sum(found.values()) for code, found in cues.items()}
    whole = sum(weights.values()) + _UNSAID
    # The frame's own order decides between equals.
    ranked = sorted((code for code in labels if code in weights), key=lambda code: -weights[code])
    return [
        Guess(code, labels[code], weights[code] / whole, weights[code], _heaviest_first(cues[code])) for code in ranked
    ]


def _heaviest_first(cues: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(cues) if len(cues) == 1 else tuple(sorted(cues, key=lambda cue: (-cues[cue], cue)))


def _cell(row: Row, column: str) -> str:
    return (row.get(column) or "").strip()


def _heading_of(row: Row) -> str:
    """Return the code of a row's heading: a theme without headings is its own."""
    return _cell(row, "heading_code") or _cell(row, "theme_code")


def _headings(rows: Iterable[Row], name: str) -> dict[str, Heading]:
    found: dict[str, Heading] = {}
    for number, row in enumerate(rows, start=2):
        theme = _cell(row, "theme_code")
        code = _heading_of(row)
        if not theme:
            raise FrameInvalid(f"{name}: row {number}: column theme_code: is empty; name the theme of the heading.")
        if code in found:
            column = "heading_code" if _cell(row, "heading_code") else "theme_code"
            raise FrameInvalid(f"{name}: row {number}: column {column}: {code!r} stands there already; leave one.")
        theme_label = _cell(row, "theme_label") or theme
        found[code] = Heading(code, _cell(row, "heading_label") or theme_label, theme, theme_label)
    if not found:
        raise FrameInvalid(f"{name}: has no rows. Each row needs theme_code and heading_code.")
    return found


def _weight(row: Row, place: str) -> float:
    written = _cell(row, "weight") or "1"
    try:
        weight = float(written)
    except ValueError:
        weight = 0.0
    if not 0 < weight <= 100:
        raise FrameInvalid(
            f"{place}: column weight: {written!r} is no number above 0 and up to 100; write 1 or leave it empty."
        )
    return weight


def _vocabulary(row: Row) -> set[str]:
    """The words that a hashtag may be made of: those of cues, excluded phrases and examples, but no stems."""
    cue = _cell(row, "cue")
    written = f"{'' if cue.endswith('*') else cue} {_cell(row, 'exclude').replace('*', '')} {_cell(row, 'example')}"
    return {word for word in words_of(written).split() if len(word) > 1}
