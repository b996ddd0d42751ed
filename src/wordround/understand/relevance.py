"""Whether a post is an experience of care, by cues that anybody can read and argue with.

A de-identified post has a probability, one of REASONS, and the cues that made it. Who wrote it plays no part: that an
organisation posted it is a fact of the comment, joined later.

`Judge` is what callers know. In force is `LearnedRelevance` (learned_relevance.py), which takes the reasons and what
speaks against from here; alone, these cues find half of the experiences.

The probability, from `relevance_cues.csv`. A cue speaks for an experience (groups FOR) or for another reason (AGAINST):

    log odds = ln(PRIOR / (1 - PRIOR)) + WORTH * (groups for - groups against + PAIR where somebody speaks of their own,
               of a matter of care, and of what happened, with a verdict or of a time)
    a group  = its strongest weight + REST times the sum of its other weights; for an experience at most CAP

What is told, a verdict and a time count only beside a matter of care or something that happened: much else is amazing,
or late. Somebody speaks of their own where something happened or the group `person` reaches VOICE; without, neither a
time nor PAIR counts: wards are open from ten to eight.

PRIOR: 11 % of tweets to English hospitals were about the quality of care (Greaves et al., BMJ Quality & Safety 23,
2014, 838-846, doi 10.1136/bmjqs-2014-002875). Weights, PAIR, VOICE, REST and CAP were chosen on the posts `development`
of `evaluate/corpus/relevance.toml`. WORTH is below 1 because cues overlap and were written by somebody who had read
those posts: on posts written afterwards, probabilities without it were too high. Figures: docs/models/relevance.md.
"""

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from math import exp, log
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from wordround.deidentify.placeholders import without_placeholders
from wordround.errors import WordroundError
from wordround.understand.relevance_signs import SIGNS, shown, without_links
from wordround.understand.themes import Codebook, CodebookInvalid

CUES = Path(__file__).with_name("relevance_cues.csv")
COLUMNS = ("group", "expression", "exclude", "weight")

ABOUT_CARE = "about_care"
REASONS = (ABOUT_CARE, "about_service", "organisation_own_post", "news_or_campaign", "advert_or_job", "other")
# From where on a post counts as an experience.
RELEVANT = 0.5

PRIOR = 0.11
PAIR, VOICE, REST, CAP, WORTH = 1.5, 0.5, 0.25, 3.0, 0.6
FOR = ("person", "care", "event", "verdict", "time", "telling")
AGAINST = REASONS[1:]

# Part of the version: raise it when the same cues would judge a text differently.
_ENGINE = 1


class Relevance(NamedTuple):
    """How probable it is that a text is an experience of care (0 to 1), what it is, and the cues, as the list has them.

    `reason` is `about_care` from RELEVANT on, else the likeliest of the others.
    """

    probability: float
    reason: str
    cues: tuple[str, ...]


class Judge(Protocol):
    """A model of relevance. `version` changes whenever a text could be judged differently."""

    @property
    def version(self) -> str: ...

    def judge_all(self, texts: Sequence[str]) -> list[Relevance]: ...


class Found(NamedTuple):
    """The groups that stand in a text with their strengths, and the cues, as the list has them."""

    strength: dict[str, float]
    cues: tuple[str, ...]

    @property
    def against(self) -> float:
        """How strongly it speaks for any other reason."""
        return sum(self.strength.get(group, 0.0) for group in AGAINST)


class RelevanceCuesInvalid(WordroundError):
    """A row of the list of cues cannot be used. The message names file, row and column."""


class RelevanceCues:
    """The list of cues, compiled. Build it once.

    Rows are mappings with the keys COLUMNS. Raises RelevanceCuesInvalid for an unknown group or sign, a weight that is
    no number above 0, and whatever a codebook refuses.
    """

    def __init__(self, rows: Iterable[Mapping[str, str | None]], name: str = "cues") -> None:
        self._weights: dict[tuple[str, str], float] = {}
        self._signs: dict[str, list[str]] = {}
        words: list[Mapping[str, str | None]] = []
        for number, row in enumerate(rows, start=2):
            group, expression = ((row.get(column) or "").strip() for column in COLUMNS[:2])
            self._weights[group, expression] = _weight(group, row, f"{name}: row {number}")
            words.append({"theme_code": group, "cue": expression, "exclude": row.get("exclude")})
            if expression in SIGNS:
                self._signs.setdefault(expression, []).append(group)
            elif expression.startswith("["):
                known = ", ".join(SIGNS)
                raise RelevanceCuesInvalid(f"{name}: row {number}: column expression: signs are {known}.")
        try:
            self._codebook = Codebook(words, name)
        except CodebookInvalid as error:
            raise RelevanceCuesInvalid(str(error)) from error
        speaking_against = [row for row in words if row["theme_code"] in AGAINST]
        self._against = Codebook(speaking_against, name) if speaking_against else None
        against = {sign: [group for group in groups if group in AGAINST] for sign, groups in self._signs.items()}
        self._signs_against = {sign: groups for sign, groups in against.items() if groups}
        self.version = f"relevance-cues-{self._digest()}"

    @classmethod
    def read(cls, path: Path = CUES) -> Self:
        """Read a UTF-8 CSV file with the columns COLUMNS."""
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                reader = csv.DictReader(stream)
                header, rows = tuple(reader.fieldnames or ()), list(reader)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise RelevanceCuesInvalid(f"{path}: cannot be read as a CSV file in UTF-8.") from error
        if header != COLUMNS:
            raise RelevanceCuesInvalid(f"{path}: row 1: the columns must be {', '.join(COLUMNS)}.")
        return cls(rows, str(path))

    def judge(self, text: str) -> Relevance:
        """Judge one text. An empty one has the prior's probability and the reason `other`."""
        ((strength, cues),) = self.found([text])
        probability = _probability(strength)
        return Relevance(probability, ABOUT_CARE if probability >= RELEVANT else likeliest(strength), cues)

    def judge_all(self, texts: Sequence[str]) -> list[Relevance]:
        """Judge texts, in order."""
        return [self.judge(text) for text in texts]

    def found(self, texts: Sequence[str]) -> list[Found]:
        """Return what stands in each text."""
        return [
            Found(
                {group: self._strength(group, expressions) for group, expressions in found.items()},
                tuple(
                    f"{group}: {expression}"
                    for group in (*FOR, *AGAINST)
                    for expression in sorted(found.get(group, ()))
                ),
            )
            for found in self._groups(texts, self._codebook, self._signs)
        ]

    def against(self, texts: Sequence[str]) -> list[float]:
        """Return how strongly each text speaks for any other reason: as `found` has it, in a fraction of the time."""
        if self._against is None:
            return [0.0] * len(texts)
        each = self._groups(texts, self._against, self._signs_against)
        return [
            Found({group: self._strength(group, expressions) for group, expressions in found.items()}, ()).against
            if found
            else 0.0
            for found in each
        ]

    def _groups(
        self, texts: Sequence[str], codebook: Codebook, signs: Mapping[str, Sequence[str]]
    ) -> list[dict[str, list[str]]]:
        """Return the expressions of each group in each text: those of a codebook, and signs with their groups."""
        each = []
        words = [without_placeholders(without_links(text)) for text in texts]
        for text, places in zip(texts, codebook.places_in(words), strict=True):
            found: dict[str, list[str]] = {}
            for place in places:
                group, expression = codebook.mentions[place]
                if expression not in SIGNS:  # those are no words
                    found.setdefault(group, []).append(expression)
            for sign in shown(signs, text):
                for group in signs[sign]:
                    found.setdefault(group, []).append(sign)
            each.append(found)
        return each

    def _strength(self, group: str, expressions: Iterable[str]) -> float:
        strongest, *others = sorted((self._weights[group, expression] for expression in expressions), reverse=True)
        return min(CAP, strongest + REST * sum(others)) if group in FOR else strongest + REST * sum(others)

    def _digest(self) -> str:
        lines = sorted(f"{group}\t{expression}\t{weight}" for (group, expression), weight in self._weights.items())
        constants = f"engine {_ENGINE} {PRIOR} {PAIR} {VOICE} {REST} {CAP} {WORTH} {self._codebook.version}"
        signs = "\n".join(f"{sign} {pattern.pattern}" for sign, pattern in SIGNS.items())
        return hashlib.sha256("\n".join((constants, signs, *lines)).encode()).hexdigest()[:8]


def _weight(group: str, row: Mapping[str, str | None], where: str) -> float:
    if group not in (*FOR, *AGAINST):
        raise RelevanceCuesInvalid(f"{where}: column group: must be one of {', '.join((*FOR, *AGAINST))}.")
    try:
        weight = float(row.get("weight") or "")
    except ValueError:
        weight = 0.0
    if not 0 < weight < 10:
        raise RelevanceCuesInvalid(f"{where}: column weight: must be a number above 0 and below 10.")
    return weight


def _probability(strength: Mapping[str, float]) -> float:
    has_care, has_happened = "care" in strength, "event" in strength
    has_voice = has_happened or strength.get("person", 0.0) >= VOICE
    counting = set(FOR) if has_care or has_happened else {"person"}
    if not has_voice:
        counting -= {"time"}
    # In one order, or the last digit would differ from process to process.
    speaks_for = sum(strength.get(group, 0.0) for group in FOR if group in counting)
    evidence = speaks_for - sum(strength.get(group, 0.0) for group in AGAINST)
    if has_care and has_voice and not strength.keys().isdisjoint(("event", "verdict", "time")):
        evidence += PAIR
    return 1 / (1 + exp(-log(PRIOR / (1 - PRIOR)) - WORTH * evidence))


def likeliest(strength: Mapping[str, float]) -> str:
    """The reason against with the strongest cues; without any, a matter of care makes it about the service."""
    against = [(strength[reason], -place, reason) for place, reason in enumerate(AGAINST) if reason in strength]
    if against:
        return max(against)[2]
    return "about_service" if "care" in strength else "other"
