"""What a coder may choose: grades of sentiment, themes of the frames in force, and how each may be written in a cell.

A choice is known by its label, its code, or either with other capitals, spaces and punctuation.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from wordround.plain_text import one_line
from wordround.registers.frames import PATIENT_EXPERIENCE, frames, theme_code
from wordround.understand.learned import CLASSES, SENTIMENTS

_YES = frozenset({"yes", "y", "x", "1", "true", "cannot say"})
_NO = frozenset({"", "no", "n", "0", "false"})


class Choice(NamedTuple):
    """A theme to choose. `code`: as `dim_themes` has it; `shown`: as the list shows it.

    `belongs_to`: its major theme, or what its headings are. `counts_as`: the label under which a model gives it, which
    knows themes of other frames than patient experience as a whole, without their headings.
    """

    frame: str
    label: str
    code: str
    shown: str
    belongs_to: str
    counts_as: str

    @property
    def is_heading(self) -> bool:
        """Whether it is a part of a theme that can be chosen as a whole."""
        return self.label != self.counts_as


class Choices:
    """The themes in the order in which they are shown."""

    def __init__(self, themes: Iterable[Choice]) -> None:
        self.themes = tuple(themes)

    def theme(self, written: str) -> Choice | None:
        """Return the theme that a cell names, or None."""
        return self._by_name.get(_bare(written))

    def shown(self, frame: str, label: str) -> str:
        """Return a theme as the list shows it; one that is no longer chosen by its label."""
        return next((each.shown for each in self.themes if (each.frame, each.label) == (frame, label)), label)

    def code(self, frame: str, label: str) -> str | None:
        """Return the code of a theme by its label; None where no frame in force has it."""
        return next((each.code for each in self.themes if (each.frame, each.label) == (frame, label)), None)

    @cached_property
    def _by_name(self) -> Mapping[str, Choice]:
        names: dict[str, Choice] = {}
        for each in reversed(self.themes):
            # What is shown is unique; of a label that two frames have, the first frame's is meant.
            own_code = each.code.removeprefix(f"{each.frame}.")
            names |= dict.fromkeys(map(_bare, (each.code, own_code, each.label, each.shown)), each)
        return names | {_bare(each.shown): each for each in self.themes}


def choices() -> Choices:
    """Return the themes of all frames in force: minor ones of patient experience, those of others with their headings.

    Raises RegistryInvalid.
    """
    found = []
    for name, frame in frames().items():
        if name == PATIENT_EXPERIENCE:
            found += [(name, each.label, each.code, each.theme_label, each.label) for each in frame.headings.values()]
            continue
        for code, label in {each.theme_code: each.theme_label for each in frame.headings.values()}.items():
            headings = [each for each in frame.headings.values() if each.theme_code == code and each.label != label]
            found.append((name, label, code, "; ".join(each.label for each in headings), label))
            found += [(name, each.label, each.code, label, label) for each in headings]
    labels = [_bare(label) for _, label, *_ in found]
    return Choices(
        Choice(
            frame,
            label,
            theme_code(frame, code),
            label if labels.count(_bare(label)) == 1 else f"{label} ({_in_words(frame)})",
            about,
            counts_as,
        )
        for frame, label, code, about, counts_as in found
    )


def grade(written: str) -> str | None:
    """Return the grade of sentiment that a cell names, or None."""
    return next((each for each in SENTIMENTS if _bare(each) == _bare(written)), None)


def polarity(written: str) -> str | None:
    """Return the polarity that a cell names, or None."""
    return next((each for each in CLASSES if each == _bare(written)), None)


def is_ticked(written: str) -> bool | None:
    """Return whether a cell says yes; None where it says neither yes nor no."""
    bare = _bare(written)
    return True if bare in _YES else False if bare in _NO else None


def in_words(name: str) -> str:
    """Return a grade or polarity as people read it."""
    return _in_words(name)


def _bare(written: str) -> str:
    """Return what counts of a name: letters and digits in small letters, one space between words."""
    kept = "".join(character if character.isalnum() else " " for character in one_line(written).casefold())
    return " ".join(kept.split())


def _in_words(name: str) -> str:
    return name.replace("_", " ")
