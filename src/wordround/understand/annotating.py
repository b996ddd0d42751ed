"""Everything that is understood of a comment, by one call: sentiment, themes in each frame, relevance and language.

    from wordround.registers.frames import frames
    from wordround.understand.annotating import Annotating

    annotating = Annotating(frames())  # takes a moment; keep it
    annotating.annotate(["The staff were lovely"], ["what_good"])

Nothing is stored and nothing is read but the models. De-identify texts before: a text is annotated as it comes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from wordround.deidentify.placeholders import without_placeholders
from wordround.understand.annotations import Annotator, Part, ThemeCoding
from wordround.understand.frames import Frame, FrameMention, kept
from wordround.understand.language import language_of
from wordround.understand.learned import COMMENTS, Learned
from wordround.understand.relevance import RelevanceCues
from wordround.understand.sentiment import Vader

LEARNED_FRAME = "patient_experience"


@dataclass(frozen=True)
class Theme:
    """A theme of a comment: frame and label as docs/code_frames.md has them, and how it is spoken of.

    `probability`: of the learned model in the patient-experience frame, else a share of the weight of all cues found.
    `words`: those that spoke for it, where they were asked for.
    """

    frame: str
    label: str
    probability: float
    polarity: str
    words: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Annotation:
    """What one comment says. `sentiment` is one of five, `sentiment_class` one of three, with its probability.

    `relevance`: how probable it is that the text is an experience of care. `language`: a code of two letters, or `und`.
    """

    sentiment: str
    sentiment_class: str
    sentiment_probability: float
    vader_compound: float
    relevance: float
    language: str
    themes: tuple[Theme, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        said = asdict(self)
        for theme in said["themes"]:
            if theme["words"] is None:
                del theme["words"]
        return said


class Annotating:
    """All models in one place. `frames`: by code; the learned `model` has the place of the patient-experience cues."""

    def __init__(self, frames: Mapping[str, Frame], model: Path = COMMENTS) -> None:
        self._annotator = Annotator(Learned.read(model))
        self._frames = {code: frame for code, frame in frames.items() if code != LEARNED_FRAME}
        self._vader, self._relevance = Vader(), RelevanceCues.read()

    def annotate(
        self, texts: Sequence[str], questions: Sequence[str | None], with_words: bool = False
    ) -> list[Annotation]:
        """Return what each text says under the question that it answers, in order; None where nobody asked."""
        words = [without_placeholders(text) for text in texts]
        found = self._annotator.annotate(words, questions)
        behind: Sequence[Sequence[tuple[str, ...] | None]] = [[None] * len(codings) for codings in found.themes]
        if with_words:
            behind = self._annotator.words_behind(words, questions, found)
        return [
            Annotation(
                sentiment=sentiment.sentiment,
                sentiment_class=sentiment.sentiment_class,
                sentiment_probability=round(sentiment.probability, 4),
                vader_compound=self._vader.score(word).compound,
                relevance=round(self._relevance.judge(text).probability, 4),
                language=language_of(text),
                themes=(*map(_learned, codings, said), *self._by_cues(text, parts, with_words)),
            )
            for text, word, sentiment, codings, said, parts in zip(
                texts, words, found.sentiment, found.themes, behind, found.parts, strict=True
            )
        ]

    def _by_cues(self, text: str, parts: Sequence[Part], with_words: bool) -> list[Theme]:
        themes = []
        for code, frame in self._frames.items():
            mentions = frame.mentions(text)
            if mentions:
                polarity = _polarity(frame, mentions, parts)
                themes += [
                    Theme(
                        code,
                        guess.label,
                        round(guess.share, 4),
                        polarity[guess.code],
                        tuple(guess.cues) if with_words else None,
                    )
                    for guess in kept(frame.ranked_themes(mentions))
                ]
        return themes


def _learned(coding: ThemeCoding, words: tuple[str, ...] | None) -> Theme:
    return Theme(LEARNED_FRAME, coding.label, coding.probability, coding.polarity, words)


def _polarity(frame: Frame, mentions: Sequence[FrameMention], parts: Sequence[Part]) -> dict[str, str]:
    """Return how each theme is spoken of: as the clause is in which most of its weight stands."""
    weights: dict[str, dict[str, float]] = {mention.theme_code: {} for mention in mentions}
    for part in parts:
        for mention in frame.mentions(part.text):
            by_polarity = weights.setdefault(mention.theme_code, {})
            by_polarity[part.polarity] = by_polarity.get(part.polarity, 0.0) + mention.weight
    # A cue may run over two clauses: then the first one speaks for it.
    spoken = {
        code: max(found, key=found.__getitem__) if found else parts[0].polarity for code, found in weights.items()
    }
    return spoken
