"""What a trust's own people have settled, as a model learns from it: two thirds to train on, a third kept apart.

Which third is decided by a hash of the words. Nothing that is kept apart may be met in training under any question, and
what the published comments say too ("Nothing") is not kept apart: every model knows it.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from wordround.coding.settling import settled
from wordround.deidentify.placeholders import without_placeholders
from wordround.records import reviews
from wordround.registers.frames import PATIENT_EXPERIENCE
from wordround.registers.models import is_held_out
from wordround.review.unedited import words_of
from wordround.settings import Settings
from wordround.train.corpus import Labelled, fold_of, key_of, minor_themes
from wordround.understand.learned import SENTIMENTS, Floats

# The trust of these comments, among those of the published ones.
OWN = "own"


class OwnCodes(NamedTuple):
    """Settled comments. `grades`: places in SENTIMENTS; `themes` (n, 32); `weights`: how many each stands for."""

    texts: list[str]
    questions: list[str]
    grades: list[int]
    themes: Floats
    weights: list[float]

    def part(self, rows: Sequence[int]) -> "OwnCodes":
        """Return some of them."""
        return OwnCodes(
            [self.texts[row] for row in rows],
            [self.questions[row] for row in rows],
            [self.grades[row] for row in rows],
            self.themes[list(rows)],
            [self.weights[row] for row in rows],
        )


def read(settings: Settings) -> tuple[OwnCodes, OwnCodes]:
    """Return the settled comments whose words are there: those to train on, and those that are kept apart.

    To train on are those alone whose themes are settled too. Kept apart are those alone that chance drew: on what
    somebody flagged because the model was wrong, any other model would do better.
    """
    coded = reviews.coded(settings)
    words = words_of(settings, coded) if coded else {}
    names = minor_themes()
    texts, questions, grades, weights, themes, is_kept, is_whole = [], [], [], [], [], [], []
    for each in coded:
        outcome, word = settled(each.codes), words.get(each.item.comment_id)
        if outcome is None or outcome.sentiment is None or word is None or word.text is None or word.text_id is None:
            continue
        if is_held_out(word.text_id) and not each.item.by_chance:
            continue
        has = {theme.label for theme in outcome.themes or () if theme.frame == PATIENT_EXPERIENCE}
        texts.append(without_placeholders(word.text))
        questions.append(word.question_type or "unknown")
        grades.append(SENTIMENTS.index(outcome.sentiment))
        weights.append(each.item.weight)
        themes.append([float(name in has) for name in names])
        is_kept.append(is_held_out(word.text_id))
        is_whole.append(outcome.themes is not None)
    rows = np.array(themes, np.float32).reshape(len(texts), len(names))
    found = OwnCodes(texts, questions, grades, rows, weights)
    places = range(len(texts))
    return (
        found.part([place for place in places if not is_kept[place] and is_whole[place]]),
        found.part([place for place in places if is_kept[place]]),
    )


def unmet(held_out: OwnCodes, known: Collection[str]) -> OwnCodes:
    """Return those kept apart whose words are none of these keys."""
    return held_out.part([row for row, text in enumerate(held_out.texts) if key_of(text) not in known])


def with_own(labelled: Labelled, own: OwnCodes) -> Labelled:
    """Return the labelled comments with the trust's own, which take the place of the same words under one question."""
    keys = [key_of(text) for text in own.texts]
    first = {(key, question): row for row, (key, question) in enumerate(zip(keys, own.questions, strict=True)) if key}
    mine = list(first.values())
    kept = [row for row, each in enumerate(zip(labelled.keys, labelled.questions, strict=True)) if each not in first]
    grades = np.eye(len(SENTIMENTS), dtype=np.float32)[[own.grades[row] for row in mine]].reshape(-1, len(SENTIMENTS))
    return Labelled(
        texts=[*(labelled.texts[row] for row in kept), *(own.texts[row] for row in mine)],
        questions=[*(labelled.questions[row] for row in kept), *(own.questions[row] for row in mine)],
        keys=[*(labelled.keys[row] for row in kept), *(keys[row] for row in mine)],
        trusts=[*(labelled.trusts[row] for row in kept), *(OWN for _ in mine)],
        sentiment=np.concatenate([labelled.sentiment[kept], grades]),
        themes=np.concatenate([labelled.themes[kept], own.themes[mine]]),
        rows=np.concatenate([labelled.rows[kept], np.ones(len(mine), np.int64)]),
        spread=np.concatenate([labelled.spread[kept], np.ones(len(mine), np.int64)]),
        fold=np.concatenate([labelled.fold[kept], np.array([fold_of(keys[row]) for row in mine], np.int64)]),
    )
