"""Whether a post is an experience of care, by words that were learned and by cues that speak against it.

    log odds = learned evidence of its words - AGAINST * groups of relevance_cues.csv that speak for another reason

What was learned: comments of patients and posts of our own against public text of other subjects and posts that sound
alike. What a hospital says of itself, news, adverts and questions are known by their cues as well. Half is set
where few general posts pass; figures are in docs/models/relevance.md. The reason and the cues that are shown are those
of `relevance.py`.
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from wordround.deidentify.placeholders import without_placeholders
from wordround.understand import model_files
from wordround.understand.learned import Floats
from wordround.understand.model_files import Form
from wordround.understand.ngrams import Reader
from wordround.understand.relevance import ABOUT_CARE, RELEVANT, Relevance, RelevanceCues, likeliest
from wordround.understand.relevance_signs import without_links

# The model that is shipped: `wordround train relevance` makes it.
RELEVANCE = Path(__file__).with_name("models") / "relevance.npz"

# What a cue against an experience weighs beside what was learned, which knows part of it (posts of `train/posts.toml`).
AGAINST = 0.5

_MENTION = re.compile(r"@\w+")
_FORMS = {"numbers": Form("u", ("known",)), "weights": Form("i", ("known",)), "scale": Form("f"), "bias": Form("f")}


class LearnedRelevance:
    """The model that was read, with the cues. Reading it takes a moment; keep it. Not for several threads at once."""

    def __init__(
        self, arrays: dict[str, NDArray[Any]], about: dict[str, Any], digest: str, cues: RelevanceCues
    ) -> None:
        self.about = about
        self.version = f"relevance-{digest}-{cues.version.rpartition('-')[2]}"
        self._cues = cues
        self._numbers: NDArray[np.uint32] = arrays["numbers"]
        # The last one is that of all that it does not know.
        self._weights: Floats = np.append(arrays["weights"].astype(np.float32) * arrays["scale"], np.float32(0))
        self._bias = float(arrays["bias"])
        self._reader = Reader()
        self._units = np.zeros((0, 2), np.float32)

    @classmethod
    def read(cls, path: Path = RELEVANCE) -> Self:
        """Read a file that `wordround train relevance` wrote. Raises ModelUnreadable."""
        arrays, about, written = model_files.read(path, _FORMS)
        return cls(arrays, about, hashlib.sha256(written).hexdigest()[:8], RelevanceCues.read())

    def judge(self, text: str) -> Relevance:
        """Judge one text."""
        return self.judge_all([text])[0]

    def judge_all(self, texts: Sequence[str]) -> list[Relevance]:
        """Judge texts, in order."""
        found = self._cues.found(texts)
        against = AGAINST * np.array([each.against for each in found], np.float32)
        probability = expit(self.evidence([as_read(text) for text in texts]) - against)
        return [
            Relevance(likely, ABOUT_CARE if likely >= RELEVANT else likeliest(each.strength), each.cues)
            for likely, each in zip(probability.tolist(), found, strict=True)
        ]

    def probabilities(self, texts: Sequence[str]) -> list[float]:
        """Return the probabilities alone, as `judge_all` has them, several times as fast."""
        against = AGAINST * np.array(self._cues.against(texts), np.float32)
        likely: list[float] = expit(self.evidence([as_read(text) for text in texts]) - against).tolist()
        return likely

    def evidence(self, texts: Sequence[str]) -> Floats:
        """Return what the words of each text, read by `as_read`, say for an experience: log odds without cues."""
        if self._reader.is_full:
            self._reader.reset()
            self._units = self._units[:0]
        reading = self._reader.read(texts)
        units = self._units_met()
        runs = self._columns(reading.runs)
        both = np.concatenate([units[reading.words], runs])
        owner = np.concatenate([reading.word_text, reading.run_text])
        weight, count = (np.bincount(owner, both[:, column], len(texts)) for column in (0, 1))
        evidence: Floats = (weight / np.sqrt(np.maximum(count, 1)) + self._bias).astype(np.float32)
        return evidence

    def _units_met(self) -> Floats:
        """Return for each word met so far the weight of what it gives and how many of that are known."""
        fresh = self._reader.units[len(self._units) :]
        if fresh:
            columns = self._columns(np.array([number for unit in fresh for number in unit], np.uint32))
            begin = np.cumsum([0, *(len(unit) for unit in fresh[:-1])])
            self._units = np.concatenate([self._units, np.add.reduceat(columns, begin)])
        return self._units

    def _columns(self, numbers: NDArray[np.uint32]) -> Floats:
        place = np.searchsorted(self._numbers, numbers).clip(max=len(self._numbers) - 1)
        known = self._numbers[place] == numbers
        return np.stack([self._weights[np.where(known, place, -1)], known.astype(np.float32)], 1)


def as_read(text: str) -> str:
    """Return the words of a post: links, placeholders and whoever is spoken to say nothing of its subject."""
    words = without_placeholders(without_links(text))
    return _MENTION.sub(" ", words) if "@" in words else words
