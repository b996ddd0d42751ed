"""Texts to distil on: the comments themselves, under other questions, their clauses, and comments joined in pairs.

The student sees what the teacher says of each. Made from a seed alone, so the same files give the same texts.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from wordround.train.corpus import key_of
from wordround.understand.clauses import clauses
from wordround.understand.learned import QUESTIONS

_SAME_QUESTION = 0.6
_TRIES = 20


class Row(NamedTuple):
    """A text under a question, and the folds of the comments that it is made of."""

    text: str
    question: str
    folds: frozenset[int]


def distilled(texts: Sequence[str], questions: Sequence[str], folds: Sequence[int], total: int, seed: int) -> list[Row]:
    """Return up to about `total` rows, each text and question once, the comments as they are first."""
    chance = np.random.default_rng(seed)
    rows: dict[tuple[str, str], Row] = {}

    def add(text: str, question: str, *of: int) -> None:
        if key := key_of(text):
            rows.setdefault((key, question), Row(text, question, frozenset(of)))

    for text, question, fold in zip(texts, questions, folds, strict=True):
        add(text, question, fold)
    for text, question, fold in zip(texts, questions, folds, strict=True):
        add(text, QUESTIONS[chance.integers(len(QUESTIONS))], fold)
        parts = clauses(text)
        for part in parts if len(parts) > 1 else ():
            keeps = chance.random() < _SAME_QUESTION
            add(part, question if keeps else QUESTIONS[chance.integers(len(QUESTIONS))], fold)
    for _ in range(_TRIES * total):  # few comments make few pairs
        if len(rows) >= total:
            break
        one, other = chance.integers(len(texts), size=2)
        joined = f"{texts[one].rstrip('.')}{' ' if chance.random() < 0.3 else '. '}{texts[other]}"
        keeps = chance.random() < _SAME_QUESTION
        add(joined, questions[one] if keeps else QUESTIONS[chance.integers(len(QUESTIONS))], folds[one], folds[other])
    return list(rows.values())
