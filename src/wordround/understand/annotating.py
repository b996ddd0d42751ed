"""Everything that is understood of a comment, by one call: sentiment, themes in each frame, relevance and language.

    from wordround.registers.frames import frames
    from wordround.understand.annotating import Annotating

    annotating = Annotating(frames())  # takes a moment; keep it
    annotating.annotate(["The staff were lovely"], ["what_good"])

Nothing is stored and nothing is read but the models. De-identify texts before: a text is annotated as it comes. A text
in another language than English has its language and nothing else, because the models are of English.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isnan
from pathlib import Path
from typing import Any, Literal, NamedTuple

from wordround.deidentify.placeholders import without_placeholders
from wordround.garbage import undisturbed
from wordround.understand import language
from wordround.understand.annotations import Annotator, LabelShare, Part, ThemeCoding
from wordround.understand.frame_sets import FrameSet
from wordround.understand.frames import Frame, FrameMention, Guess, kept
from wordround.understand.learned import COMMENTS, Learned, Sentiment
from wordround.understand.learned_relevance import LearnedRelevance
from wordround.understand.sentiment import Vader

_GUESSES_KEPT = 20_000

LEARNED_FRAME = "patient_experience"
# A cue of this weight is enough for its heading, whatever the model says.
SETTLES = 2.0

# Part of the version: raise it when the same models and frames would give other annotations.
_ENGINE = 3


class Theme(NamedTuple):
    """A theme of a comment: frame, code and label as docs/code_frames.md has them, and how it is spoken of.

    `probability`: of the learned model in the patient-experience frame, else a share of the weight of all cues found.
    `words`: those that spoke for it: ordinary words of English, or cues of the frame.
    """

    frame: str
    code: str
    label: str
    probability: float
    polarity: str
    words: tuple[str, ...]


class Reading(NamedTuple):
    """What the models of English make of a text. `sentiment` and `grades` are None in another language.

    `language` is None, and so are they, where nothing is left of a text but placeholders.
    `grades`: calibrated probabilities of learned.SENTIMENTS. `unknown_word_share`: of its words, how many the model of
    comments was not trained on; None where it has none.
    """

    language: str | None
    sentiment: Sentiment | None
    grades: list[float] | None
    themes: tuple[Theme, ...]
    unknown_word_share: float | None = None


@dataclass(frozen=True)
class Annotation:
    """What one comment says. `sentiment` is one of five, `sentiment_class` one of three, with its probability.

    `relevance`: how probable it is that the text is an experience of care. `language`: a code of two letters, or `und`
    where nobody can tell. All figures of sentiment are None in another language than English and of an empty text.
    """

    sentiment: str | None
    sentiment_class: str | None
    sentiment_probability: float | None
    vader_compound: float | None
    relevance: float
    language: str
    themes: tuple[Theme, ...]

    def as_json(self, with_words: bool = False) -> dict[str, Any]:
        """Return it as an object of JSON."""
        shown = ("frame", "label", "probability", "polarity", *(("words",) if with_words else ()))
        themes = [{name: getattr(theme, name) for name in shown} for theme in self.themes]
        return {**vars(self), "themes": themes}


class Annotating:
    """All models in one place. `frames`: by code; that of patient experience names what the learned model finds."""

    def __init__(self, frames: Mapping[str, Frame], model: Path = COMMENTS) -> None:
        self._annotator = Annotator(Learned.read(model))
        self.frames = frames
        self._frames = {code: frame for code, frame in frames.items() if code != LEARNED_FRAME}
        learned = frames[LEARNED_FRAME]
        self._code_of = {heading.label: heading.code for heading in learned.headings.values()}
        self._settling = learned.of_weight(SETTLES)
        settling = {} if self._settling is None else {LEARNED_FRAME: self._settling}
        self._cues = FrameSet({**settling, **self._frames})
        # Few words speak for most themes, so that the same cues stand in many texts.
        self._guesses = lru_cache(_GUESSES_KEPT)(self._ranked)
        self._vader, self._relevance = Vader(), LearnedRelevance.read()
        made_of = "\n".join((f"engine {_ENGINE}", language.VERSION, *sorted(each.version for each in frames.values())))
        self.version = f"{self._annotator.version}-{hashlib.sha256(made_of.encode()).hexdigest()[:8]}"

    @property
    def label_reference(self) -> list[LabelShare]:
        """Shares of the labels where the model was judged; none of a model that was judged nowhere."""
        return self._annotator.label_reference

    def annotate(
        self, texts: Sequence[str], questions: Sequence[str | None], with_words: bool = False
    ) -> list[Annotation]:
        """Return what each text says under the question that it answers, in order; None where nobody asked."""
        with undisturbed():
            return self._annotate(texts, questions, with_words)

    def _annotate(self, texts: Sequence[str], questions: Sequence[str | None], with_words: bool) -> list[Annotation]:
        readings = self.read(texts, questions, with_words)
        scored = iter(
            self._vader.score_all(
                [without_placeholders(text) for text, read in zip(texts, readings, strict=True) if read.sentiment]
            )
        )
        return [
            Annotation(
                sentiment=shown and shown.sentiment,
                sentiment_class=shown and shown.sentiment_class,
                sentiment_probability=round(shown.probability, 4) if shown else None,
                vader_compound=next(scored).compound if shown else None,
                relevance=round(relevance, 4),
                language=read.language or language.UNDETERMINED,
                themes=read.themes,
            )
            for read, relevance in zip(readings, self._relevance.probabilities(texts), strict=True)
            for shown in (read.sentiment,)
        ]

    def read(
        self,
        texts: Sequence[str],
        questions: Sequence[str | None],
        with_words: bool = True,
        languages: Sequence[str | None] | None = None,
    ) -> list[Reading]:
        """Return the language, sentiment and themes of each text under its question, in order.

        Without words, learned themes do not say what spoke for them, which takes a tenth of the time. `languages`: of
        the texts as they were before de-identification, where they are known; else they are told from the texts.
        """
        with undisturbed():
            return self._read(texts, questions, with_words, languages or [None] * len(texts))

    def _read(
        self, texts: Sequence[str], questions: Sequence[str | None], with_words: bool, known: Sequence[str | None]
    ) -> list[Reading]:
        bare = [without_placeholders(text) for text in texts]
        codes = [
            (code or language.language_of(text)) if text.strip() or code not in (None, language.ENGLISH) else None
            for code, text in zip(known, bare, strict=True)
        ]
        english = [place for place, code in enumerate(codes) if code == language.ENGLISH]
        words = [bare[place] for place in english]
        asked = [questions[place] for place in english]
        annotations = self._annotator.annotate(words, asked, with_words)
        grades = annotations.grades.astype(float).round(4).tolist()
        readings = [Reading(code, None, None, ()) for code in codes]
        learned = [tuple(filter(None, map(self._learned, codings))) for codings in annotations.themes]
        themes = self._with_cues(learned, [texts[place] for place in english], annotations.parts)
        for number, place in enumerate(english):
            unknown = float(annotations.unknown_words[number])
            readings[place] = Reading(
                language.ENGLISH,
                annotations.sentiment[number],
                grades[number],
                themes[number],
                None if isnan(unknown) else round(unknown, 4),
            )
        return readings

    def _learned(self, coding: ThemeCoding) -> Theme | None:
        """Return a theme of the learned model; None where the frame in force has no heading of this label."""
        if (code := self._code_of.get(coding.label)) is None:
            return None
        return Theme(LEARNED_FRAME, code, coding.label, coding.probability, coding.polarity, coding.words)

    def _with_cues(
        self, themes: Sequence[tuple[Theme, ...]], texts: Sequence[str], parts: Sequence[Sequence[Part]]
    ) -> list[tuple[Theme, ...]]:
        """Return of each text its learned themes, those that a strong cue settles, and those of frames matched by cues.

        `parts`: the clauses of each text.
        """
        found = self._cues.mentions(texts)
        # Only where clauses differ is looked at each of them.
        apart = [
            number
            for number, own in enumerate(parts)
            if found[number] and any(part.polarity != own[0].polarity for part in own)
        ]
        inside = iter(self._cues.mentions([part.text for number in apart for part in parts[number]]))
        polarities = {number: _Polarity(parts[number], [next(inside) for _ in parts[number]]) for number in apart}
        whole = list(themes)
        for number, by_frame in enumerate(found):
            if by_frame:
                polarity = polarities.get(number) or _Polarity(parts[number])
                settled = self._settled(themes[number], by_frame.get(LEARNED_FRAME, []), polarity)
                whole[number] = (*themes[number], *settled, *self._by_cues(by_frame, polarity))
        return whole

    def _settled(
        self, themes: tuple[Theme, ...], mentions: Sequence[FrameMention], polarity: "_Polarity"
    ) -> Iterator[Theme]:
        """Yield themes that a strong cue settles and that are not there: of some the model has hardly an example."""
        known = {theme.code for theme in themes}
        if self._settling is None or known.issuperset(mention.heading_code for mention in mentions):
            return
        spoken_of = polarity.of(LEARNED_FRAME, mentions, "heading_code")
        for guess in self._settling.ranked_headings(mentions):
            if guess.code not in known:
                yield Theme(
                    LEARNED_FRAME, guess.code, guess.label, round(guess.share, 4), spoken_of[guess.code], guess.cues
                )

    def _by_cues(self, found: Mapping[str, Sequence[FrameMention]], polarity: "_Polarity") -> Iterator[Theme]:
        for code in self._frames:
            mentions = found.get(code, ())
            if guesses := self._guesses(code, tuple(mentions)) if mentions else ():
                spoken_of = polarity.of(code, mentions, "theme_code")
                for guess in guesses:
                    yield Theme(code, guess.code, guess.label, round(guess.share, 4), spoken_of[guess.code], guess.cues)

    def _ranked(self, code: str, mentions: tuple[FrameMention, ...]) -> list[Guess]:
        return kept(self._frames[code].ranked_themes(mentions))


class _Polarity:
    """How themes and headings are spoken of in one text: as the clause is in which most of their weight stands."""

    def __init__(self, parts: Sequence[Part], inside: Sequence[Mapping[str, Sequence[FrameMention]]] = ()) -> None:
        """Take the clauses, and of each the cues that stand in it by frame; none where all clauses speak alike."""
        self._parts, self._inside = parts, inside

    def of(
        self, frame: str, mentions: Sequence[FrameMention], by: Literal["theme_code", "heading_code"]
    ) -> dict[str, str]:
        """Return the polarity of each theme or heading of these mentions."""
        weights: dict[str, dict[str, float]] = {getattr(mention, by): {} for mention in mentions}
        if not self._inside:
            return dict.fromkeys(weights, self._parts[0].polarity)
        for part, found in zip(self._parts, self._inside, strict=True):
            for mention in found.get(frame, ()):
                by_polarity = weights.setdefault(getattr(mention, by), {})
                by_polarity[part.polarity] = by_polarity.get(part.polarity, 0.0) + mention.weight
        # A cue may run over two clauses: then the first one speaks for it.
        return {
            code: max(found, key=found.__getitem__) if found else self._parts[0].polarity
            for code, found in weights.items()
        }
