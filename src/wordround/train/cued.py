"""Themes that no labelled comment has are learned from their strong cues: parking, in the published file.

The teacher has no example of such a theme and calls it by its neighbour, as the older frame did ("Parking/transport").
So where a cue that settles the theme stands in a text, the theme is marked, and its neighbours under the same major
theme only where a cue of theirs stands there too. What people labelled is left as it is.
"""

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wordround.registers.frames import PATIENT_EXPERIENCE, frame
from wordround.understand.annotating import SETTLES
from wordround.understand.frames import Frame
from wordround.understand.learned import Floats

_FEWEST_EXAMPLES = 2
# Says that there is no theme.
_NO_THEME = "labelling_not_possible"
_MARKED, _UNMARKED = 0.95, 0.05


class Cued:
    """What the shipped cues say of texts, for themes with fewer than two of the examples `themes` (n, labels)."""

    def __init__(self, texts: Sequence[str], themes: Floats) -> None:
        self.said = np.full((len(texts), themes.shape[1]), np.nan, np.float32)
        shipped, strong = _shipped()
        if shipped is None or strong is None:
            return
        codes = list(shipped.headings)
        few = np.flatnonzero((themes >= 0.5).sum(0) < _FEWEST_EXAMPLES)
        taught = {place for place in few.tolist() if codes[place] != _NO_THEME}
        for row, text in enumerate(texts):
            for place in taught & {codes.index(mention.heading_code) for mention in strong.mentions(text)}:
                spoken = {mention.heading_code for mention in shipped.mentions(text)}
                major = shipped.headings[codes[place]].theme_code
                for other, code in enumerate(codes):
                    if shipped.headings[code].theme_code == major and code not in spoken:
                        self.said[row, other] = _UNMARKED
                self.said[row, place] = _MARKED

    def taught(self, marks: Floats, rows: NDArray[np.int64]) -> Floats:
        """Return the marks of texts with what cues say in the place of the teacher's opinion of `rows`."""
        found = marks.copy()
        said = self.said[rows]
        found[rows] = np.where(np.isnan(said), marks[rows], said)
        return found


def settled(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Return which headings of the frame (n, headings) a strong cue settles in each text, whatever a model says."""
    shipped, strong = _shipped()
    codes = list(shipped.headings) if shipped else []
    found = np.zeros((len(texts), len(codes)), np.bool_)
    if strong is not None:
        for row, text in enumerate(texts):
            found[row, [codes.index(mention.heading_code) for mention in strong.mentions(text)]] = True
    return found


def _shipped() -> tuple[Frame | None, Frame | None]:
    """Return the frame that Wordround brings, and the same with the cues alone that settle a heading."""
    shipped = frame(PATIENT_EXPERIENCE, Path(str(resources.files("wordround.understand") / "code_frames")))
    return shipped, shipped and shipped.of_weight(SETTLES)
