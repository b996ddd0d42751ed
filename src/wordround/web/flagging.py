"""What of a comment may be flagged as wrong: each theme that the model read in it, and how it sounds as a whole.

A page of comments asks once for all of them (`flags`), and its template shows each with the macro of `flags.html.j2`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from wordround.published.model_readings import ModelReading, ReadTheme, read_by_the_model
from wordround.records import comment_flags
from wordround.records.comment_flags import SENTIMENT, Flag, KeptFlag, Wrong
from wordround.web.visits import Visit

_SPOKEN = {"negative": "criticised", "neutral": "named", "positive": "praised"}


@dataclass(frozen=True)
class Offered:
    """One way in which a reading may be wrong. `value`: what its button sends."""

    wrong: Wrong
    frame: str
    code: str
    words: str

    @property
    def value(self) -> str:
        """What names it in a form."""
        return f"{self.wrong} {self.frame} {self.code}"


@dataclass(frozen=True)
class Line:
    """A theme or the sentiment as it was read, how that may be wrong, and the visitor's own flag of it."""

    read: str
    offered: tuple[Offered, ...]
    own: KeptFlag | None


@dataclass(frozen=True)
class Flags:
    """What may be flagged on a page, by comment. `here`: its address."""

    here: str
    lines: Mapping[str, list[Line]]

    def of(self, comment_id: str) -> list[Line]:
        """The lines of a comment; none where the model did not read it, or people have settled what it says."""
        return self.lines.get(comment_id, [])

    def own(self, comment_id: str) -> int:
        """How many of them the visitor has flagged."""
        return sum(line.own is not None for line in self.of(comment_id))


def flags(visit: Visit, comment_ids: Collection[str], here: str) -> Flags:
    """What may be flagged of these comments, which the visitor may read."""
    ids = tuple(comment_ids)
    read = visit.build.page(("read by the model", ids), lambda: read_by_the_model(visit.indexed, ids))
    own = {
        (each.flag.comment_id, each.flag.frame, each.flag.code): each
        for each in (comment_flags.of(visit.settings, visit.person.name, read) if read else [])
    }
    lines = {}
    for comment_id, (reading, themes) in read.items():
        lines[comment_id] = [
            Line(says, offered, own.get((comment_id, offered[0].frame, offered[0].code)))
            for says, offered in _offered(reading, themes)
        ]
    return Flags(here, lines)


def flag(visit: Visit, comment_id: str, value: str) -> Flag | None:
    """The flag that a button sends; None where the visitor may not read the comment, or it was not read so."""
    found = read_by_the_model(visit.indexed, [comment_id]).get(comment_id)
    if found is None:
        return None
    reading, themes = found
    if not visit.person.reach.includes(reading.service_id, reading.is_social):
        return None
    for _, offered in _offered(reading, themes):
        for each in offered:
            if each.value == value:
                by, version = visit.person.name, reading.model_version
                return Flag(by, comment_id, each.frame, each.code, each.wrong, version)
    return None


def _offered(reading: ModelReading, themes: list[ReadTheme]) -> list[tuple[str, tuple[Offered, ...]]]:
    """Each reading in words, with the ways in which it may be wrong."""
    found: list[tuple[str, tuple[Offered, ...]]] = []
    for theme in themes:
        spoken, named = _SPOKEN[theme.polarity], (theme.frame_code, theme.theme_code)
        ways = (Offered("theme", *named, "not about it"), Offered("polarity", *named, f"not {spoken}"))
        found.append((f"{theme.theme_label}: {spoken}", ways))
    if label := reading.sentiment_label:
        found.append((f"The whole comment: {label}", (Offered("sentiment", SENTIMENT, label, f"not {label}"),)))
    return found
