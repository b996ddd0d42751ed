"""`wordround train comments`: from labelled comments to the model's file, and how well it does.

A teacher is tuned on the labelled comments, says what it thinks of ten times as many texts, and the student learns from
that. For the figures it is all done once more for each fold, with no labelled text of the fold in any part of it. The
same files, packages and kind of processor give the same bytes, whatever the number of cores.
"""

import csv
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from wordround.deidentify.names.vocabulary import vocabulary
from wordround.outcomes import Outcome
from wordround.train import linear, student, teacher
from wordround.train.calibration import Calibration, ThemeCuts, calibrated, class_weights, theme_cuts
from wordround.train.corpus import Labelled, PhaseOne, fold_of, minor_themes, part_of, read_labelled, read_phase_one
from wordround.train.cued import Cued
from wordround.train.cued import settled as settled_by_cues
from wordround.train.cues import Cues
from wordround.train.judging import judged
from wordround.train.own_codes import OwnCodes, with_own
from wordround.train.phrases import Phrase, phrases
from wordround.train.texts import Row, distilled
from wordround.train.vocabulary import Targets
from wordround.train.vocabulary import vocabulary as vocabulary_of
from wordround.understand.annotations import InClauses
from wordround.understand.learned import CLASS_OF, Floats, Learned, Places, given_themes, three_classes
from wordround.understand.ngrams import Numbers, Reader

_NO_FOLD = -1
_SEED = 0
_WORD = re.compile(r"[^\W\d_]+")
_TEXTS = 42_000
_FEWEST_COMMENTS = 5
_LINEAR_SHARE = 0.5
_OWN_LABELS, _COMMENT_WEIGHT, _OTHER_WEIGHT = 0.5, 0.8, 0.5
# The share of each other grade of a phrase: nobody is sure.
_DOUBT = 0.02


class Trained(Outcome):
    """What was made of how much. `accuracy`, `macro_f1`: sentiment in three classes on folds kept apart."""

    comments: int
    texts: int
    bytes: int
    accuracy: float | None = None
    macro_f1: float | None = None
    themes_f1: float | None = None


class Material(NamedTuple):
    """What all folds have in common. The labelled comments are the first of `rows`, then those of the first phase."""

    labelled: Labelled
    rows: list[Row]
    numbers: list[Numbers]
    comments: int
    hidden: teacher.Hidden
    first_layers: dict[str, Any]
    cued: Cued


class Settled(NamedTuple):
    """What is chosen on comments that a model did not learn from."""

    calibration: Calibration
    class_weights: Floats
    cuts: ThemeCuts

    def arrays(self) -> dict[str, Any]:
        """Return them as a model's file has them."""
        return {
            "temperature": np.float32(self.calibration.temperature),
            "sentiment_offsets": self.calibration.offsets,
            "class_weights": self.class_weights,
            "thresholds": np.full(len(minor_themes()), self.cuts.every, np.float32),
            "likeliest_threshold": np.float32(self.cuts.likeliest),
        }


# Until there are comments to choose it on.
_UNSETTLED = Settled(Calibration(1.0, np.zeros(5, np.float32)), np.ones(3, np.float32), ThemeCuts(0.35, 0.35))


# Sums that several threads share come out a little otherwise with each number of them, and so would the file.
@threadpool_limits.wrap(limits=1)
def train(
    labelled_file: Path, phase_one_file: Path, into: Path, folds: int, own: OwnCodes | None = None, held_out: int = 0
) -> Trained:
    """Train on all comments and write the model; first judge it on so many of five folds, each as long.

    own: comments that a trust's people have coded, to train on too; `held_out` of theirs are kept apart.
    """
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # nothing here reads what it has not written
    torch.set_num_threads(1)
    labelled, phase_one = read_labelled(labelled_file), read_phase_one(phase_one_file)
    if own is not None:
        labelled = with_own(labelled, own)
    with teacher.packaged_encoder() as folder:
        tower = teacher.Encoder(folder)
    material = _material(labelled, phase_one, tower)
    names = minor_themes()
    settled = _UNSETTLED
    about: dict[str, Any] = {}
    figures = None
    if folds:
        held = np.flatnonzero(labelled.fold < folds)
        known = part_of(labelled, held)
        logits, themes = _out_of_fold(material, tower, folds, held)
        settled = _settled(logits, themes, known)
        figures = judged(known, *_honest(known, logits, themes, folds), names, settled_by_cues(known.texts))
        about["judged"] = figures.model_dump(mode="json")
    arrays = _taught(material, tower, _NO_FOLD) | settled.arrays()
    about |= {
        "labels": list(names), "seed": _SEED, "comments": material.comments, "texts": len(material.rows),
        "labelled_file": _digest(labelled_file), "phase_one_file": _digest(phase_one_file),
        "torch": torch.__version__.partition("+")[0],
    }  # fmt: skip
    if own is not None:
        about["own"] = {"comments": len(own.texts), "held_out": held_out}
    student.write(into, arrays, about)
    return Trained(
        comments=material.comments,
        texts=len(material.rows),
        bytes=into.stat().st_size,
        accuracy=figures.sentiment.accuracy.share if figures else None,
        macro_f1=figures.sentiment.macro_f1 if figures else None,
        themes_f1=figures.themes_micro.f1 if figures else None,
    )


@cache
def names_alone() -> frozenset[str]:
    """Return first names and surnames that are no ordinary words, in small letters."""
    words = vocabulary()
    return (words.first_names | words.surnames) - words.ordinary


def _material(labelled: Labelled, phase_one: PhaseOne, tower: teacher.Encoder) -> Material:
    known = set(labelled.keys)  # nothing that is judged may be met in the first step, under whichever fold
    others = np.array([row for row, key in enumerate(phase_one.keys) if key not in known])
    texts = [*labelled.texts, *(phase_one.texts[row] for row in others)]
    questions = [*labelled.questions, *(phase_one.questions[row] for row in others)]
    folds = [*labelled.fold.tolist(), *(fold_of(phase_one.keys[row]) for row in others)]
    rows = distilled(texts, questions, folds, _TEXTS, _SEED)
    hidden = tower.hidden([row.text for row in rows], [row.question for row in rows])
    subcategory = np.eye(len(phase_one.subcategories), dtype=np.float32)[phase_one.subcategory[others]]
    targets = Targets(phase_one.criticality[others], subcategory, np.ones(len(others), np.float32))
    places = len(labelled.texts) + np.arange(len(others))
    first = teacher.tuned(tower.upper_layers(), hidden, places, targets, teacher.FIRST, _SEED)
    numbers, cued = _numbers([row.text for row in rows]), Cued([row.text for row in rows], labelled.themes)
    return Material(labelled, rows, numbers, len(texts), hidden, first.layers.state_dict(), cued)


def _numbers(texts: Sequence[str], size: int = 2_000) -> list[Numbers]:
    """Return the numbers of each text; words that are names alone are not read."""
    names, reader, found = names_alone(), Reader(), list[Numbers]()
    for start in range(0, len(texts), size):
        found += reader.numbers(
            [
                _WORD.sub(lambda word: " " if word.group().lower() in names else word.group(), text)
                for text in texts[start : start + size]
            ]
        )
    return found


def _taught(material: Material, tower: teacher.Encoder, fold: int) -> dict[str, Any]:
    """Return the arrays of a student that no text of the fold took part in."""
    labelled = material.labelled
    kept = [place for place, row in enumerate(material.rows) if fold not in row.folds]
    own_phrases = phrases()
    written = _numbers([phrase.text for phrase in own_phrases])
    # A phrase may stand there under two questions; it counts as one comment.
    once = dict(zip((phrase.text for phrase in own_phrases), written, strict=True))
    comments = [*(material.numbers[place] for place in kept if place < material.comments), *once.values()]
    known = vocabulary_of(
        comments,
        [*(material.numbers[place] for place in kept), *written],
        [*(material.rows[place].question for place in kept), *(phrase.question for phrase in own_phrases)],
        _FEWEST_COMMENTS,
        _cues(),
    )
    rows = [known.places(number, row.question) for number, row in zip(material.numbers, material.rows, strict=True)]
    places = np.flatnonzero(labelled.fold != fold)
    of_words = linear.opinions(rows, known, labelled.themes[places], places)
    choice, weighed = _answers(material, tower, places, np.array(kept))
    marks = _LINEAR_SHARE * of_words + (1 - _LINEAR_SHARE) * weighed
    marks = material.cued.taught(marks, np.arange(len(labelled.texts), len(marks)))
    for said, by_people in ((choice, labelled.sentiment), (marks, labelled.themes)):
        said[: len(by_people)] = _OWN_LABELS * by_people + (1 - _OWN_LABELS) * said[: len(by_people)]
    weight = np.full(len(material.rows), _OTHER_WEIGHT, np.float32)
    weight[: material.comments] = _COMMENT_WEIGHT
    weight[: len(labelled.texts)] = 1
    weight = np.concatenate([weight[kept], np.full(len(own_phrases), _OTHER_WEIGHT, np.float32)])
    grades = np.full((len(own_phrases), 5), _DOUBT, np.float32)
    grades[np.arange(len(own_phrases)), [phrase.grade for phrase in own_phrases]] = 1 - 4 * _DOUBT
    coded = _themes_of(own_phrases)
    asked = [known.places(number, phrase.question) for number, phrase in zip(written, own_phrases, strict=True)]
    seen = [rows[place] for place in kept]
    targets = Targets(np.concatenate([choice[kept], grades]), np.concatenate([marks[kept], coded]), weight)
    # Two students: what each gets wrong by chance is halved.
    students = [student.taught([*seen, *asked], known, targets, seed) for seed in (_SEED, _SEED + 1)]
    everything, marked = [*seen, *asked], np.flatnonzero(~np.isnan(targets.marks).any(1))
    by_words = linear.distilled(
        [everything[row] for row in marked], known, Targets(*(part[marked] for part in targets))
    )
    return student.arrays_of(students, by_words, known)


def _themes_of(own_phrases: Sequence[Phrase]) -> Floats:
    """Return a row of marks for each phrase; those of a phrase of which no theme is said are not numbers."""
    names = minor_themes()
    marks = np.full((len(own_phrases), len(names)), np.nan, np.float32)
    for row, phrase in enumerate(own_phrases):
        if phrase.themes is not None:
            marks[row] = [name in phrase.themes for name in names]
    return marks


def _answers(material: Material, tower: teacher.Encoder, places: Places, wanted: Places) -> tuple[Floats, Floats]:
    """Return what two teachers, tuned on the texts at `places`, say of those `wanted`: sentiment, and themes."""
    labelled = material.labelled
    own = Targets(labelled.sentiment[places], labelled.themes[places], np.ones(len(places), np.float32))
    said = []
    for recipe in (teacher.SENTIMENT, teacher.THEMES):
        layers = tower.upper_layers()
        layers.load_state_dict(material.first_layers)
        tuned = teacher.tuned(layers, material.hidden, places, own, recipe, _SEED)
        said.append(teacher.answers(tuned, material.hidden, wanted))
    return said[0][0], said[1][1]


def _cues() -> Cues:
    """Return the cues of the patient-experience frame as this version of Wordround brings them."""
    shipped = resources.files("wordround.understand") / "code_frames"
    headings, cues = (
        csv.DictReader((shipped / file).read_text(encoding="utf-8").splitlines())
        for file in ("patient_experience_headings.csv", "patient_experience_cues.csv")
    )
    return Cues.of(cues, [row["heading_code"] for row in headings])


def _out_of_fold(material: Material, tower: teacher.Encoder, folds: int, held: Places) -> tuple[Floats, Floats]:
    """Return logits of sentiment and probabilities of themes of the labelled texts `held`, by models without them."""
    labelled, names = material.labelled, minor_themes()
    sentiment = np.zeros((len(labelled.texts), 5), np.float32)
    themes = np.zeros((len(labelled.texts), len(names)), np.float32)
    plain = _UNSETTLED.arrays()
    for fold in range(folds):
        model = Learned(_taught(material, tower, fold) | plain, {"labels": names}, "")
        own = np.flatnonzero(labelled.fold == fold)
        read = InClauses.of(model, [labelled.texts[row] for row in own], [labelled.questions[row] for row in own])
        sentiment[own], themes[own] = np.log(read.whole.sentiment + 1e-9), read.themes()
    return sentiment[held], themes[held]


def _settled(logits: Floats, themes: Floats, labelled: Labelled) -> Settled:
    calibration = calibrated(logits, labelled.sentiment)
    said = CLASS_OF[labelled.sentiment.argmax(1)]
    weights = class_weights(three_classes(calibration.applied(logits)), said)
    return Settled(calibration, weights, theme_cuts(themes, labelled.themes >= 0.5))


def _honest(labelled: Labelled, logits: Floats, themes: Floats, folds: int) -> tuple[Floats, Places, NDArray[np.bool_]]:
    """Return probabilities, classes and themes of each fold, all that is settled being settled on the others."""
    probability, shown = np.zeros_like(logits), np.zeros(len(logits), np.int64)
    given = np.zeros(themes.shape, np.bool_)
    for fold in range(folds):
        others, own = np.flatnonzero(labelled.fold != fold), np.flatnonzero(labelled.fold == fold)
        settled = _settled(logits[others], themes[others], part_of(labelled, others)) if folds > 1 else _UNSETTLED
        probability[own] = settled.calibration.applied(logits[own])
        shown[own] = (three_classes(probability[own]) * settled.class_weights).argmax(1)
        given[own] = given_themes(themes[own], *settled.cuts)
    return probability, shown, given


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
