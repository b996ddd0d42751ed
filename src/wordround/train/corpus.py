"""What the models learn from: hand-labelled comments, one row a distinct text and question, with averaged labels.

The files are those of the Patient Experience Qualitative Data Categorisation project (The Strategy Unit, pxtextmining,
MIT licence) as published: a labelled file with sentiment (1 very positive to 5 very negative) and one column a theme of
version 6 of its frame, and the comments of its first phase with one older subcategory and a criticality.
"""

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wordround.comments import QuestionType
from wordround.errors import WordroundError
from wordround.folders import CODE_FRAMES

Floats = NDArray[np.float32]

# Names of version 7 whose columns in version 6 are others.
_FROM_VERSION_6: Mapping[str, tuple[str, ...]] = {
    "Staffing levels & responsiveness": ("Number & deployment of staff", "Staff responsiveness"),
    "Continuity of care": ("Referals & continuity of care", "Staff continuity"),
    "Environment, facilities & equipment": ("Environment & Facilities", "Provision of medical equipment"),
}
_QUESTIONS: Mapping[str, QuestionType] = {
    "What was good?": "what_good",
    "How could we improve?": "could_improve",
    "What could we do better?": "could_improve",
    "FFT Why?": "nonspecific",
}
_TEXT, _QUESTION, _SENTIMENT, _TRUST = "FFT answer", "FFT question", "Comment sentiment", "Trust"
_UNANSWERED = frozenset({"", "did not answer"})
_SPACE = re.compile(r"[\s\u00a0]+")
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_CRITICALITY = 5


class CorpusUnreadable(WordroundError):
    """A file of labelled comments lacks a column or holds a label that is none. The message names row and column."""


class Labelled(NamedTuple):
    """Distinct texts under one question each.

    `sentiment` (n, 5): the share of coders' labels, very positive first. `themes` (n, 32): the share of rows that bear
    each of minor_themes(). `rows`: how many rows of the file are this text under this question; `spread`: under any.
    `fold`: 0 to 4, the same for texts that differ in case or punctuation alone.
    """

    texts: list[str]
    questions: list[str]
    keys: list[str]
    trusts: list[str]
    sentiment: Floats
    themes: Floats
    rows: NDArray[np.int64]
    spread: NDArray[np.int64]
    fold: NDArray[np.int64]


class PhaseOne(NamedTuple):
    """Comments of the first phase: `criticality` (n, 5) from praise to criticism, `subcategory` an index."""

    texts: list[str]
    questions: list[str]
    keys: list[str]
    criticality: Floats
    subcategory: NDArray[np.int64]
    subcategories: list[str]


def minor_themes() -> tuple[str, ...]:
    """Return the labels of the frame's 32 minor categories, in its order: that of every array of themes."""
    with (CODE_FRAMES / "patient_experience_headings.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(row["heading_label"] for row in csv.DictReader(stream))


def key_of(text: str) -> str:
    """Return what two texts share that are the same but for case, punctuation and space."""
    return _NO_LETTER.sub(" ", text.lower()).strip()


def part_of(labelled: Labelled, rows: NDArray[np.int64]) -> Labelled:
    """Return some rows of it."""
    return Labelled(
        *[[part[row] for row in rows] if isinstance(part, list) else part[rows] for part in labelled]  # type: ignore[arg-type]
    )


def fold_of(key: str, folds: int = 5) -> int:
    """Return the fold of a text, from its key alone: more rows do not move those that are there."""
    return int(hashlib.sha256(f"fold {key}".encode()).hexdigest(), 16) % folds


def read_labelled(path: Path) -> Labelled:
    """Read the labelled file. Rows without a text or a sentiment teach nothing and are passed over."""
    names = minor_themes()
    groups: dict[tuple[str, str], list[tuple[str, int, list[bool], str]]] = {}
    for number, row in _rows(path, (_TEXT, _QUESTION, _SENTIMENT, _TRUST, *_columns(names))):
        text = _SPACE.sub(" ", row[_TEXT]).strip()
        key = key_of(text)
        if not text or key in _UNANSWERED or not row[_SENTIMENT].strip():
            continue
        question = _QUESTIONS.get(_SPACE.sub(" ", row[_QUESTION]).strip(), "nonspecific")
        themes = [any(row[column].strip() == "1" for column in _columns_of(theme)) for theme in names]
        groups.setdefault((key, question), []).append(
            (text, _label(path, number, row[_SENTIMENT]), themes, row[_TRUST].strip())
        )
    spread: dict[str, int] = {}
    for (key, _), rows in groups.items():
        spread[key] = spread.get(key, 0) + len(rows)
    ordered = sorted(groups)
    return Labelled(
        texts=[groups[each][0][0] for each in ordered],
        questions=[question for _, question in ordered],
        keys=[key for key, _ in ordered],
        trusts=[groups[each][0][3] for each in ordered],
        sentiment=np.array([_shares([label for _, label, *_ in groups[each]]) for each in ordered], np.float32),
        themes=np.array([np.mean([themes for *_, themes, _ in groups[each]], 0) for each in ordered], np.float32),
        rows=np.array([len(groups[each]) for each in ordered]),
        spread=np.array([spread[key] for key, _ in ordered]),
        fold=np.array([fold_of(key) for key, _ in ordered]),
    )


def read_phase_one(path: Path) -> PhaseOne:
    """Read the comments of the first phase, each text and question once; a criticality that is none counts as 0."""
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for _, row in _rows(path, ("text", "question_type", "subcategory", "criticality")):
        text = _SPACE.sub(" ", row["text"]).strip()
        if (key := key_of(text)) and key not in _UNANSWERED:
            found.setdefault((key, row["question_type"]), (text, row["subcategory"].strip(), row["criticality"]))
    ordered = sorted(found)
    names = sorted({found[each][1] for each in ordered})
    return PhaseOne(
        texts=[found[each][0] for each in ordered],
        questions=[question for _, question in ordered],
        keys=[key for key, _ in ordered],
        criticality=np.array([_criticality(found[each][2]) for each in ordered], np.float32),
        subcategory=np.array([names.index(found[each][1]) for each in ordered]),
        subcategories=names,
    )


def _rows(path: Path, columns: Iterable[str]) -> Iterable[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        for column in columns:
            if column not in (reader.fieldnames or ()):
                raise CorpusUnreadable(f"{path.name}: row 1: column {column!r} is missing. Take the file as published.")
        yield from enumerate(reader, start=2)


def _columns_of(theme: str) -> tuple[str, ...]:
    return _FROM_VERSION_6.get(theme, (theme,))


def _columns(themes: Iterable[str]) -> list[str]:
    return [column for theme in themes for column in _columns_of(theme)]


def _label(path: Path, number: int, written: str) -> int:
    if written.strip() not in ("1", "2", "3", "4", "5"):
        raise CorpusUnreadable(f"{path.name}: row {number}: column {_SENTIMENT!r} is none of 1 to 5.")
    return int(written) - 1


def _shares(labels: list[int]) -> list[float]:
    return [labels.count(label) / len(labels) for label in range(5)]


def _criticality(written: str) -> list[float]:
    """Return five shares: praise 4 and 5, 1 to 3, none, criticism -1 to -3, -4 and -5."""
    value = int(written) if re.fullmatch(r"-?[0-5]", written.strip()) else 0
    place = (0 if value > 3 else 1) if value > 0 else (2 if value == 0 else (3 if value >= -3 else 4))
    return [float(place == each) for each in range(_CRITICALITY)]
