"""`wordround train relevance`: from comments of patients and public text of other subjects to the model's file.

For: the labelled comments, those of the first phase, the examples of the lived-experience frame, and the posts of
`posts.toml` and of the evaluation's development half that are experiences. Against: the tweets, reviews and editorials
that VADER was measured on (Hutto and Gilbert, ICWSM 2014, as its source distribution has them, MIT licence), and the
other posts. A classifier over words, pairs and spellings that at least five of these texts hold.
"""

import csv
import html
import tarfile
import tomllib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from wordround.evaluate.agreement import Share
from wordround.evaluate.relevance import RelevanceJudged, corpus
from wordround.outcomes import Outcome
from wordround.registers.frames import LIVED_EXPERIENCE, tables
from wordround.train.corpus import fold_of, key_of, read_labelled, read_phase_one
from wordround.train.student import write
from wordround.train.vocabulary import Floats, Places
from wordround.understand.learned_relevance import AGAINST, LearnedRelevance, as_read
from wordround.understand.ngrams import Numbers, Reader
from wordround.understand.relevance import ABOUT_CARE, RelevanceCues

_FEWEST_TEXTS = 5
_FIT, _SCALE = 1.5, 4.0
# Posts of the development half are few and the hardest: each counts as fifteen, and those of posts.toml as four.
_OWN_WEIGHT, _POST_WEIGHT = 15.0, 4.0
_FOLDS = 5
# What share of general posts may pass: less than the twentieth that is promised, for other posts may be harder.
_PASS = 0.048
_MOST_OF_ONE_KIND = 5_200
_TRUTH = "_GroundTruth.txt"
_LENGTHS = ((1, 3), (4, 7), (8, 30), (31, 1000))


class TrainedRelevance(Outcome):
    """What was made of how much; `recall` of comments and `passed` of general posts by models without them."""

    texts: int
    bytes: int
    recall: float | None
    passed: float | None


class Material(NamedTuple):
    """Texts, whether each is an experience, its weight, the fold of its words, and whether it is a general post."""

    texts: list[str]
    is_care: Places
    weight: Floats
    fold: Places
    is_general: Places


def train(labelled_file: Path, phase_one_file: Path, general_file: Path, into: Path) -> TrainedRelevance:
    """Train on everything and write the model; first judge comments and general posts by models without their fold."""
    material = _material(labelled_file, phase_one_file, general_file)
    reader, numbers = Reader(), list[Numbers]()
    for start in range(0, len(material.texts), 2_000):
        numbers += reader.numbers([as_read(text) for text in material.texts[start : start + 2_000]])
    rows = np.arange(len(material.texts))
    evidence = np.zeros(len(rows), np.float32)
    for fold in range(_FOLDS):
        own = np.flatnonzero(material.fold == fold)
        model = _model(_fitted(numbers, material, np.flatnonzero(material.fold != fold)))
        evidence[own] = model.evidence([as_read(material.texts[row]) for row in own])
    cues = RelevanceCues.read()
    logit = evidence - AGAINST * np.array(cues.against(material.texts), np.float32)
    # Half is where so few of the general posts pass that no model had learned from.
    cut = float(np.quantile(logit[material.is_general == 1], 1 - _PASS))
    judged = _judged(material, logit >= cut)
    arrays = _fitted(numbers, material, rows)
    arrays["bias"] = np.float32(arrays["bias"] - cut)
    write(into, arrays, {"texts": len(rows), "judged": judged.model_dump(mode="json")})
    return TrainedRelevance(
        texts=len(rows), bytes=into.stat().st_size, recall=judged.recall["all"].share, passed=judged.passed.share
    )


def _material(labelled_file: Path, phase_one_file: Path, general_file: Path) -> Material:
    labelled, phase_one = read_labelled(labelled_file), read_phase_one(phase_one_file)
    comments = dict(zip(phase_one.keys, phase_one.texts, strict=True)) | dict(
        zip(labelled.keys, labelled.texts, strict=True)
    )
    posts = corpus()["development"]
    examples = [row["example"] for row in tables(LIVED_EXPERIENCE).cues if row.get("example")]
    written = [*posts[ABOUT_CARE], *(str(example) for example in examples)]
    hard = [text for reason, texts in posts.items() if reason != ABOUT_CARE for text in texts]
    general = _general(general_file)
    own = tomllib.loads((resources.files("wordround.train") / "posts.toml").read_text(encoding="utf-8"))
    kinds = (
        (list(comments.values()), 1, 1.0, 0), (written, 1, _OWN_WEIGHT, 0), (hard, 0, _OWN_WEIGHT, 0),
        (own["care"], 1, _POST_WEIGHT, 0), (own["other"], 0, _POST_WEIGHT, 0),
    )  # fmt: skip
    parts = [*kinds, *((texts, 0, 1.0, int(name == "tweets")) for name, texts in general.items())]
    sizes = [len(texts) for texts, *_ in parts]
    return Material(
        [text for texts, *_ in parts for text in texts],
        np.repeat([is_care for _, is_care, *_ in parts], sizes),
        np.repeat(np.array([weight for *_, weight, _ in parts], np.float32), sizes),
        np.array([fold_of(key_of(text), _FOLDS) for texts, *_ in parts for text in texts]),
        np.repeat([is_general for *_, is_general in parts], sizes),
    )


def _general(file: Path) -> dict[str, list[str]]:
    """Return the public texts of each kind, at most so many of one, as `hutto_ICWSM_2014.tar.gz` has them."""
    found: dict[str, list[str]] = {}
    with tarfile.open(file) as archive:
        for member in sorted(archive.getmembers(), key=lambda each: each.name):
            stream = archive.extractfile(member) if member.name.endswith(_TRUTH) else None
            if stream:
                lines = csv.reader(stream.read().decode("latin-1").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
                texts = [html.unescape(line[2]) for line in lines if len(line) > 2]
                name = Path(member.name).name.removesuffix(_TRUTH)
                step = max(1, -(-len(texts) // _MOST_OF_ONE_KIND))
                found[name] = texts[::step]
    return found


def _fitted(numbers: Sequence[Numbers], material: Material, rows: Places) -> dict[str, Any]:
    """Return the arrays of a model that learned from these rows."""
    each = [np.unique(numbers[row], return_counts=True) for row in rows]
    every, often = np.unique(np.concatenate([number for number, _ in each]), return_counts=True)
    known = every[often >= _FEWEST_TEXTS]
    text, place, value = list[Places](), list[Places](), list[Floats]()
    for row, (number, count) in enumerate(each):
        found = np.searchsorted(known, number).clip(max=len(known) - 1)
        has = known[found] == number
        text.append(np.full(int(has.sum()), row, np.int32))
        place.append(found[has].astype(np.int32))
        value.append(_SCALE * count[has] / np.sqrt(max(1, count[has].sum())))
    features = csr_matrix(
        (np.concatenate(value), (np.concatenate(text), np.concatenate(place))), shape=(len(rows), len(known))
    )
    features.indices, features.indptr = features.indices.astype(np.int32), features.indptr.astype(np.int32)
    model = LogisticRegression(C=_FIT, solver="liblinear")
    model.fit(features, material.is_care[rows], sample_weight=material.weight[rows])
    weights = _SCALE * model.coef_[0]
    scale = float(np.abs(weights).max() / 127)
    return {
        "numbers": known, "weights": np.rint(weights / scale).astype(np.int8), "scale": np.float32(scale),
        "bias": np.float32(model.intercept_[0]),
    }  # fmt: skip


def _model(arrays: dict[str, Any]) -> LearnedRelevance:
    return LearnedRelevance(arrays, {}, "", RelevanceCues.read())


def _judged(material: Material, passes: NDArray[np.bool_]) -> RelevanceJudged:
    comments = (material.is_care == 1) & (material.weight == 1)
    words = np.array([len(text.split()) for text in material.texts])
    lengths = {f"{low} to {high}": comments & (words >= low) & (words <= high) for low, high in _LENGTHS}
    general = material.is_general == 1
    return RelevanceJudged(
        recall={
            name: Share.of(int((passes & rows).sum()), int(rows.sum()))
            for name, rows in {"all": comments, **lengths}.items()
        },
        passed=Share.of(int((passes & general).sum()), int(general.sum())),
    )
