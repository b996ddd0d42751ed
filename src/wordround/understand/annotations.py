"""What a comment says, by the learned model: its sentiment, its themes, and of each theme whether it is praised.

A theme is coded half by the whole text and half by the clause that is likeliest about it, for what is said once beside
other things is lost in their average. Whether a theme is praised or criticised is known from its clauses: each weighs
as much as it is about the theme. So "staff lovely, parking a nightmare" praises staff and criticises parking. The
label of the whole comment is its own, not the mean of its clauses.
"""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from scipy.special import expit, logit

from wordround.understand.clauses import clauses
from wordround.understand.learned import (
    CLASSES,
    SENTIMENTS,
    Figures,
    Floats,
    Learned,
    Places,
    Read,
    Sentiment,
    three_classes,
)

# Part of the version: raise it when the same figures of the model would give other annotations.
ENGINE = 4

# A probability is kept so far from certainty.
_LEAST = 1e-6
_CHARACTERS_AT_ONCE = 1_000_000
_WORDS_SHOWN = 3


class ThemeCoding(NamedTuple):
    """A minor theme of a comment: how likely, and how it is spoken of (one of CLASSES).

    `words`: those that spoke for it, the strongest first, ordinary words alone; none where nobody asked for them.
    """

    label: str
    probability: float
    polarity: str
    words: tuple[str, ...] = ()


class Part(NamedTuple):
    """A clause of a comment, and how it speaks: one of CLASSES."""

    text: str
    polarity: str


class LabelShare(NamedTuple):
    """How often one of CLASSES was given to the comments that a model was judged on: by people, by the model."""

    label: str
    labelled_share: float
    shown_share: float


class Annotations(NamedTuple):
    """`grades` (n, 5): probabilities of learned.SENTIMENTS. `themes`: those of each text, the likeliest first.

    `parts`: the clauses of each text; one that is the text where it has no other. `unknown_words`: as Figures has them.
    """

    grades: Floats
    sentiment: list[Sentiment]
    themes: list[list[ThemeCoding]]
    parts: list[list[Part]]
    unknown_words: Floats


class InClauses(NamedTuple):
    """What the model makes of texts, and of each clause (`part`) of those that have several.

    `clauses`: of every text. `owner`: the text of each clause of `part`, in order.
    """

    read: Read
    clauses: list[list[str]]
    part: Figures
    owner: Places

    @classmethod
    def of(cls, model: Learned, texts: Sequence[str], questions: Sequence[str | None]) -> Self:
        """Read texts and their clauses, each under the question of its text."""
        found = [clauses(text) for text in texts]
        several = [place for place, own in enumerate(found) if len(own) > 1]
        owner = np.repeat(several, [len(found[place]) for place in several]).astype(np.int64)
        part = model.figures(
            [clause for place in several for clause in found[place]], [questions[place] for place in owner.tolist()]
        )
        return cls(model.read_texts(texts, questions), found, part, owner)

    @property
    def whole(self) -> Figures:
        """The figures of the texts."""
        return self.read.figures

    def themes(self) -> Floats:
        """Return how likely each theme is of each text (n, labels): the mean logit of whole and likeliest clause.

        The likeliest clause alone has many chances to be wrong. Halves were chosen on one of five folds.
        """
        themes = self.whole.themes.copy()
        if len(self.owner):
            begin = np.flatnonzero(np.diff(self.owner, prepend=-1))
            rows = self.owner[begin]
            likeliest = np.maximum.reduceat(self.part.themes, begin)
            pair = [logit(each.clip(_LEAST, 1 - _LEAST)) for each in (themes[rows], likeliest)]
            themes[rows] = expit((pair[0] + pair[1]) / 2)
        return themes


class Annotator:
    """Annotates texts, each under its question; None where nobody asked."""

    def __init__(self, model: Learned) -> None:
        self._model = model
        self.version = f"{model.version}-{ENGINE}"

    @property
    def label_reference(self) -> list[LabelShare]:
        """Shares of the labels where the model was judged; none of a model that was judged nowhere."""
        judged = self._model.about.get("judged")
        if not judged:
            return []
        return [
            LabelShare(one["label"], one["support"] / judged["texts"], one["predicted"] / judged["texts"])
            for one in judged["classes"]
        ]

    def annotate(self, texts: Sequence[str], questions: Sequence[str | None], with_words: bool = False) -> Annotations:
        """Return what each text says, in order. Memory is bounded by the characters looked at at once.

        With words, each theme says what spoke for it, which takes a tenth of the time.
        """
        parts: list[Annotations] = []
        start = 0
        while start < len(texts):
            end, characters = start + 1, len(texts[start])
            while end < len(texts) and characters + len(texts[end]) <= _CHARACTERS_AT_ONCE:
                characters += len(texts[end])
                end += 1
            parts.append(self._annotate(texts[start:end], questions[start:end], with_words))
            start = end
        return Annotations(
            np.concatenate([np.zeros((0, len(SENTIMENTS)), np.float32), *(part.grades for part in parts)]),
            [one for part in parts for one in part.sentiment],
            [one for part in parts for one in part.themes],
            [one for part in parts for one in part.parts],
            np.concatenate([np.zeros(0, np.float32), *(part.unknown_words for part in parts)]),
        )

    def _annotate(self, texts: Sequence[str], questions: Sequence[str | None], with_words: bool) -> Annotations:
        in_clauses = InClauses.of(self._model, texts, questions)
        whole, part, owner = in_clauses.whole, in_clauses.part, in_clauses.owner
        themes = in_clauses.themes()
        has = self._model.given(themes, whole.unknown_words)
        polarity = _polarity(three_classes(whole.sentiment), part.themes, three_classes(part.sentiment), owner)
        rows, labels = np.nonzero(has)
        likely = themes[rows, labels].astype(float).round(4).tolist()
        spoken_of = polarity[rows, labels].tolist()
        words: Sequence[tuple[str, ...]] = [()] * len(rows)
        if with_words:
            words = self._model.words_behind(in_clauses.read, rows, labels, _WORDS_SHOWN)
        found: list[list[ThemeCoding]] = [[] for _ in texts]
        pairs = zip(rows.tolist(), labels.tolist(), likely, spoken_of, words, strict=True)
        for row, label, share, place, behind in pairs:
            found[row].append(ThemeCoding(self._model.labels[label], share, CLASSES[place], behind))
        for codings in found:
            codings.sort(key=lambda coding: -coding.probability)
        shown = self._model.shown(whole.sentiment)
        said = [[Part(text, one.sentiment_class)] for text, one in zip(texts, shown, strict=True)]
        spoken = iter(self._model.shown(part.sentiment))
        for place, own in enumerate(in_clauses.clauses):
            if len(own) > 1:
                said[place] = [Part(clause, next(spoken).sentiment_class) for clause in own]
        return Annotations(whole.sentiment, shown, found, said, whole.unknown_words)


def _polarity(whole: Floats, themes: Floats, sentiment: Floats, owner: Places) -> Places:
    """Return the place in CLASSES of each text's (n) words on each theme, by its clauses where it has several.

    `owner`: the text of each clause, in order.
    """
    count, labels = len(whole), themes.shape[1]
    spoken = np.zeros((count, labels, len(CLASSES)), np.float32)
    if len(owner):
        begin = np.flatnonzero(np.diff(owner, prepend=-1))
        # Squared: a clause that is hardly about a theme has no say in how it is spoken of.
        spoken[owner[begin]] = np.add.reduceat(themes[:, :, None] ** 2 * sentiment[:, None, :], begin)
    alone = np.ones(count, np.bool_)
    alone[owner] = False
    spoken[alone] = whole[alone][:, None, :]
    said: Places = spoken.argmax(2)
    return said
