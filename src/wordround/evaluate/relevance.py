"""How well experiences of care are told from other posts, on written posts whose reason is known.

The posts are those of `corpus/relevance.toml`; a file of survey answers may be given too. In the corpus far more posts
are experiences than among posts about a hospital: precision and calibration are carried over to a prevalence of PRIOR.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field
from rich.table import Table

from wordround.errors import FileUnreadable
from wordround.evaluate.agreement import Agreement, Figures, Share, agreement, shown, wilson
from wordround.evaluate.evaluation import Evaluation
from wordround.evaluate.labels import answers_of
from wordround.understand.learned_relevance import LearnedRelevance
from wordround.understand.relevance import ABOUT_CARE, PRIOR, REASONS, RELEVANT, Judge, Relevance

PARTS = ("development", "held_out", "lived_experience")
CUT_OFFS = (0.2, 0.3, 0.4, RELEVANT, 0.6, 0.7)
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 1.0)
# A shorter answer to a survey rests on the question that was asked.
SHORTEST_ANSWER = 8
# What the gate asks of posts that no cue was written for: the lower bound of precision among them, and of recall.
GATE = {"precision_low": 0.6, "recall_low": 0.5}

Judged = Sequence[tuple[str, Relevance]]


class CutOff(Figures):
    """What holds when posts count from `cut_off` on; `precision_expected` is that at PRIOR."""

    cut_off: float
    precision: float | None
    recall: float | None
    recall_low: float | None
    recall_high: float | None
    f1: float | None
    others_taken: float
    others_taken_low: float | None
    others_taken_high: float | None
    precision_expected: float | None
    precision_expected_low: float | None
    precision_expected_high: float | None


class Bin(Figures):
    """Posts of a range of probability: the probability they were given on average, and what share were experiences."""

    least: float = Field(serialization_alias="from")
    most: float = Field(serialization_alias="to")
    posts: int
    predicted: float | None
    observed: float | None
    observed_low: float | None
    observed_high: float | None


class Part(Figures):
    """What was measured on one part of the corpus."""

    posts: int
    relevant: Agreement
    reasons: list[Agreement]
    cut_offs: list[CutOff]
    calibration: list[Bin]


class AnswerCutOff(Figures):
    """Recall on survey answers when they count from `cut_off` on."""

    cut_off: float
    recall: float | None
    recall_low: float | None
    recall_high: float | None


class Answers(Figures):
    """What was measured on survey answers."""

    answers: int
    cut_offs: list[AnswerCutOff]


class RelevanceJudged(Figures):
    """Measured when the model was trained, by models that had not learned from a text.

    `recall` of patients' comments, `all` and by number of words; `passed`: the share of general posts that passed.
    """

    recall: dict[str, Share]
    passed: Share


class RelevanceEvaluation(Evaluation):
    """A judge measured on written posts and, where a file was given, on survey answers."""

    page: ClassVar[str] = "relevance.md.j2"
    share_form: ClassVar[str] = ".2f"

    task: Literal["relevance"] = "relevance"
    model_version: str
    cut_off: float
    prevalence: float
    parts: dict[str, Part]
    gates: dict[str, bool]
    answers: Answers | None
    judged: RelevanceJudged | None
    general: Share | None

    def page_values(self) -> Mapping[str, object]:
        """Figures by cut-off, what the gate asks, and how short an answer may be."""
        at = {part: {of.cut_off: of for of in figures.cut_offs} for part, figures in self.parts.items()}
        return {"at": at, "gate": GATE, "shortest": SHORTEST_ANSWER}

    def as_table(self) -> Table:
        """The figures for people: a line per cut-off, first of the posts that no cue was written for."""
        table = Table(title=f"relevance, {self.model_version}")
        for column in ("posts", "counted from", "precision", "recall", "F1", "others taken in", "precision at 11 %"):
            table.add_column(column, justify="left" if column == "posts" else "right")
        for part in reversed(PARTS):
            for at in self.parts[part].cut_offs:
                shares = (at.precision, at.recall, at.f1, at.others_taken, at.precision_expected)
                cells = (shown(share, self.share_form) for share in shares)
                table.add_row(f"{part} ({self.parts[part].posts})", str(at.cut_off), *cells)
            table.add_section()
        for answer in self.answers.cut_offs if self.answers else ():
            recall = shown(answer.recall, self.share_form)
            table.add_row(f"answers ({self.answers.answers if self.answers else 0})", str(answer.cut_off), "", recall)
        return table


def evaluate(
    judge: Judge | None = None, labels_file: Path | None = None, general_file: Path | None = None
) -> RelevanceEvaluation:
    """Measure a judge, the shipped one if none is given.

    labels_file: survey answers (column `FFT answer`), every one an experience of care. general_file: posts of other
    subjects, one a line in UTF-8. Raises UnexpectedColumns, FileUnreadable.
    """
    model = judge or LearnedRelevance.read()
    parts = {
        part: _figures([(reason, given) for reason, texts in posts.items() for given in model.judge_all(texts)])
        for part, posts in corpus().items()
    }
    relevant = parts["held_out"].relevant
    return RelevanceEvaluation(
        model_version=model.version,
        cut_off=RELEVANT,
        prevalence=PRIOR,
        parts=parts,
        gates={name: (getattr(relevant, name) or 0.0) >= least for name, least in GATE.items()},
        answers=_of_answers(model, labels_file) if labels_file else None,
        judged=RelevanceJudged(**model.about["judged"]) if isinstance(model, LearnedRelevance) else None,
        general=_of_general(model, general_file) if general_file else None,
    )


def corpus() -> dict[str, dict[str, list[str]]]:
    """Return the written posts: part -> reason -> texts."""
    return tomllib.loads((resources.files("wordround.evaluate.corpus") / "relevance.toml").read_text(encoding="utf-8"))


def _figures(judged: Judged) -> Part:
    """Measure judged posts, each given with its true reason."""
    return Part(
        posts=len(judged),
        relevant=agreement(ABOUT_CARE, _pairs(judged, RELEVANT)),
        reasons=[agreement(reason, [({true}, {given.reason}) for true, given in judged]) for reason in REASONS],
        cut_offs=[_at(judged, cut_off) for cut_off in CUT_OFFS],
        calibration=list(_calibration(judged)),
    )


def _pairs(judged: Judged, cut_off: float) -> list[tuple[set[str], set[str]]]:
    return [({true}, {ABOUT_CARE} if given.probability >= cut_off else set()) for true, given in judged]


def _at(judged: Judged, cut_off: float) -> CutOff:
    """Recall, share of others taken in, and the precision to expect at PRIOR, from their worst and best bounds."""
    found = agreement(ABOUT_CARE, _pairs(judged, cut_off))
    others = sum(true != ABOUT_CARE for true, _ in judged)
    wrong = found.predicted - found.agreed
    low, high = wilson(wrong, others)
    taken = wrong / others
    return CutOff(
        cut_off=cut_off,
        precision=found.precision,
        recall=found.recall,
        recall_low=found.recall_low,
        recall_high=found.recall_high,
        f1=found.f1,
        others_taken=taken,
        others_taken_low=low,
        others_taken_high=high,
        precision_expected=_precision(found.recall, taken),
        precision_expected_low=_precision(found.recall_low, high),
        precision_expected_high=_precision(found.recall_high, low),
    )


def _precision(recall: float | None, taken: float | None) -> float | None:
    """The share of experiences among posts taken in, where PRIOR of all posts are experiences."""
    right, wrong = PRIOR * (recall or 0.0), (1 - PRIOR) * (taken or 0.0)
    return right / (right + wrong) if right + wrong else None


def _calibration(judged: Judged) -> Iterator[Bin]:
    """Yield each bin of probability, at PRIOR."""
    share = sum(true == ABOUT_CARE for true, _ in judged) / len(judged)
    at_prior = _carrier(share)
    for low, high in pairwise(BINS):
        inside = [
            (true, given.probability)
            for true, given in judged
            if low <= given.probability < high or given.probability == high == 1
        ]
        care = sum(true == ABOUT_CARE for true, _ in inside)
        bounds = wilson(care, len(inside))
        weights = [PRIOR / share if true == ABOUT_CARE else (1 - PRIOR) / (1 - share) for true, _ in inside]
        weighed = sum(w * p for w, (_, p) in zip(weights, inside, strict=True))
        yield Bin(
            least=low,
            most=high,
            posts=len(inside),
            predicted=weighed / sum(weights) if inside else None,
            observed=at_prior(care / len(inside)) if inside else None,
            observed_low=None if bounds[0] is None else at_prior(bounds[0]),
            observed_high=None if bounds[1] is None else at_prior(bounds[1]),
        )


def _carrier(share: float) -> Callable[[float], float]:
    """Return what turns a share of experiences among these posts into that at PRIOR: odds times a constant."""
    factor = (PRIOR / (1 - PRIOR)) * ((1 - share) / share)
    return lambda seen: seen * factor / (seen * factor + 1 - seen)


def _of_general(judge: Judge, general_file: Path) -> Share:
    """How many posts of other subjects are taken for an experience."""
    try:
        posts = [line for line in general_file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnreadable(f"{general_file.name}: cannot be read as posts, one a line in UTF-8.") from error
    return Share.of(sum(given.probability >= RELEVANT for given in judge.judge_all(posts)), len(posts))


def _of_answers(judge: Judge, labels_file: Path) -> Answers:
    """Recall on survey answers, all of them experiences, by cut-off."""
    answers = [text for text in answers_of(labels_file) if len(text.split()) >= SHORTEST_ANSWER]
    probabilities = [given.probability for given in judge.judge_all(answers)]
    recalls = {
        cut_off: Share.of(sum(probability >= cut_off for probability in probabilities), len(probabilities))
        for cut_off in CUT_OFFS
    }
    return Answers(
        answers=len(probabilities),
        cut_offs=[
            AnswerCutOff(cut_off=cut_off, recall=recall.share, recall_low=recall.low, recall_high=recall.high)
            for cut_off, recall in recalls.items()
        ],
    )
