"""How well experiences of care are told from other posts, on written posts whose reason is known.

Comes in: a judge, the posts of `corpus/relevance.toml` and, if given, a file of survey answers. Goes out: counts and
shares with 95 % intervals, and a table of them; never a text. In the corpus far more posts are experiences than among
posts about a hospital: what is said of precision and calibration is carried over to a prevalence of PRIOR.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

from rich.table import Table

from wordround.evaluate.agreement import agreement, wilson
from wordround.evaluate.labels import answers_of
from wordround.understand.relevance import ABOUT_CARE, PRIOR, REASONS, RELEVANT, Judge, Relevance, RelevanceCues

PARTS = ("development", "held_out")
CUT_OFFS = (0.2, 0.3, 0.4, RELEVANT, 0.6, 0.7)
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 1.0)
# A shorter answer to a survey rests on the question that was asked.
SHORTEST_ANSWER = 8
# What the gate asks of posts that no cue was written for: the lower bound of precision among them, and of recall.
GATE = {"precision_low": 0.7, "recall_low": 0.35}

Judged = Sequence[tuple[str, Relevance]]


def evaluate(judge: Judge | None = None, labels_file: Path | None = None) -> dict[str, Any]:
    """Measure a judge, the shipped one if none is given.

    labels_file: survey answers (column `FFT answer`), every one an experience of care. Returns {task, model_version,
    cut_off, prevalence, parts: {development, held_out}, gates, answers}; see `_figures` for a part. Raises
    UnexpectedColumns or FileUnreadable.
    """
    model = judge or RelevanceCues.read()
    parts = {
        part: _figures([(reason, model.judge(text)) for reason, texts in posts.items() for text in texts])
        for part, posts in corpus().items()
    }
    relevant = parts["held_out"]["relevant"]
    return {
        "task": "relevance",
        "model_version": model.version,
        "cut_off": RELEVANT,
        "prevalence": PRIOR,
        "parts": parts,
        "gates": {name: (relevant[name] or 0.0) >= least for name, least in GATE.items()},
        "answers": _of_answers(model, labels_file) if labels_file else None,
    }


def corpus() -> dict[str, dict[str, list[str]]]:
    """Return the written posts: part -> reason -> texts."""
    return tomllib.loads((resources.files("wordround.evaluate.corpus") / "relevance.toml").read_text(encoding="utf-8"))


def _figures(judged: Judged) -> dict[str, Any]:
    """Return {posts, relevant, reasons, cut_offs, calibration} of judged posts, each given with its true reason."""
    return {
        "posts": len(judged),
        "relevant": agreement(ABOUT_CARE, _pairs(judged, RELEVANT)),
        "reasons": [agreement(reason, [({true}, {said.reason}) for true, said in judged]) for reason in REASONS],
        "cut_offs": [_at(judged, cut_off) for cut_off in CUT_OFFS],
        "calibration": list(_calibration(judged)),
    }


def _pairs(judged: Judged, cut_off: float) -> list[tuple[set[str], set[str]]]:
    return [({true}, {ABOUT_CARE} if said.probability >= cut_off else set()) for true, said in judged]


def _at(judged: Judged, cut_off: float) -> dict[str, Any]:
    """Recall, share of others taken in, and the precision to expect at PRIOR, from their worst and best bounds."""
    found = agreement(ABOUT_CARE, _pairs(judged, cut_off))
    others = sum(true != ABOUT_CARE for true, _ in judged)
    wrong = found["predicted"] - found["agreed"]
    low, high = wilson(wrong, others)
    recall, taken = found["recall"], wrong / others
    return {
        "cut_off": cut_off,
        **{name: found[name] for name in ("precision", "recall", "recall_low", "recall_high", "f1")},
        "others_taken": taken,
        "others_taken_low": low,
        "others_taken_high": high,
        "precision_expected": _precision(recall, taken),
        "precision_expected_low": _precision(found["recall_low"], high),
        "precision_expected_high": _precision(found["recall_high"], low),
    }


def _precision(recall: float, taken: float | None) -> float | None:
    """The share of experiences among posts taken in, where PRIOR of all posts are experiences."""
    right, wrong = PRIOR * recall, (1 - PRIOR) * (taken or 0.0)
    return right / (right + wrong) if right + wrong else None


def _calibration(judged: Judged) -> Iterator[dict[str, Any]]:
    """Yield each bin of probability: what was said on average, and what share were experiences, both at PRIOR."""
    share = sum(true == ABOUT_CARE for true, _ in judged) / len(judged)
    at_prior = _carrier(share)
    for low, high in pairwise(BINS):
        inside = [
            (true, said.probability)
            for true, said in judged
            if low <= said.probability < high or said.probability == high == 1
        ]
        care = sum(true == ABOUT_CARE for true, _ in inside)
        bounds = wilson(care, len(inside))
        weights = [PRIOR / share if true == ABOUT_CARE else (1 - PRIOR) / (1 - share) for true, _ in inside]
        yield {
            "from": low,
            "to": high,
            "posts": len(inside),
            "said": sum(w * p for w, (_, p) in zip(weights, inside, strict=True)) / sum(weights) if inside else None,
            "observed": at_prior(care / len(inside)) if inside else None,
            "observed_low": None if bounds[0] is None else at_prior(bounds[0]),
            "observed_high": None if bounds[1] is None else at_prior(bounds[1]),
        }


def _carrier(share: float) -> Callable[[float], float]:
    """Return what turns a share of experiences among these posts into that at PRIOR: odds times a constant."""
    factor = (PRIOR / (1 - PRIOR)) * ((1 - share) / share)
    return lambda seen: seen * factor / (seen * factor + 1 - seen)


def _of_answers(judge: Judge, labels_file: Path) -> dict[str, Any]:
    """Recall on survey answers, all of them experiences: counts and shares by cut-off."""
    probabilities = [
        judge.judge(text).probability for text in answers_of(labels_file) if len(text.split()) >= SHORTEST_ANSWER
    ]
    outcome: dict[str, Any] = {"answers": len(probabilities), "cut_offs": []}
    for cut_off in CUT_OFFS:
        found = sum(probability >= cut_off for probability in probabilities)
        low, high = wilson(found, len(probabilities))
        share = found / len(probabilities) if probabilities else None
        outcome["cut_offs"].append({"cut_off": cut_off, "recall": share, "recall_low": low, "recall_high": high})
    return outcome


def as_table(outcome: Mapping[str, Any]) -> Table:
    """Return the figures for people: a line per cut-off, first of the posts that no cue was written for."""
    table = Table(title=f"relevance, {outcome['model_version']}")
    for column in ("posts", "counted from", "precision", "recall", "F1", "others taken in", "precision at 11 %"):
        table.add_column(column, justify="left" if column == "posts" else "right")
    for part in reversed(PARTS):
        figures = outcome["parts"][part]
        for at in figures["cut_offs"]:
            shares = (at[name] for name in ("precision", "recall", "f1", "others_taken", "precision_expected"))
            table.add_row(f"{part} ({figures['posts']})", str(at["cut_off"]), *map(shown, shares))
        table.add_section()
    if answers := outcome["answers"]:
        for at in answers["cut_offs"]:
            table.add_row(f"answers ({answers['answers']})", str(at["cut_off"]), "", shown(at["recall"]))
    return table


def shown(share: float | None) -> str:
    """Return a share as it is printed."""
    return "-" if share is None else f"{share:.2f}"
