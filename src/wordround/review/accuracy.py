"""How well the model in force does on comments that the trust's own people have settled, weighted to all its comments.

The model's answers are those that it gave by itself, whatever people said. A model that was retrained on the trust's
own codes is judged on those alone that were kept from it. All figures are of comments that chance drew: what somebody
flagged was read wrongly more often than the rest, and counts in none until chance draws it too.
"""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from rich.table import Table

from wordround.coding.agreement import FEW
from wordround.coding.choices import choices
from wordround.coding.settling import Settled, settled
from wordround.errors import NothingToReview
from wordround.evaluate.agreement import Estimate, Figures, interval, shown
from wordround.evaluate.evaluation import Evaluation
from wordround.records import reviews
from wordround.records.reviews import CodedItem
from wordround.registers.models import comments_model_of, is_held_out
from wordround.review import weighted
from wordround.review.unedited import words_of
from wordround.review.weighted import Bools, Floats
from wordround.settings import Settings
from wordround.understand.learned import CLASSES, Learned
from wordround.warehouse import human_codes
from wordround.warehouse.human_codes import Answer


class OwnSentiment(Figures):
    """Figures of some comments; `effective`: of how many equally weighted ones they tell as much."""

    comments: int
    effective: float
    accuracy: Estimate
    same_grade: Estimate
    macro_f1: Estimate
    negative_recall: Estimate
    negative_labelled: Estimate
    negative_shown: Estimate
    calibration_error: Estimate


class OwnTheme(Figures):
    """Figures of one theme: how many comments people gave it (`support`), and the model (`predicted`)."""

    frame: str
    label: str
    support: int
    predicted: int
    precision: Estimate
    recall: Estimate
    f1: Estimate


class OwnEvaluation(Evaluation):
    """The model on the trust's own codes.

    `waiting`: coded by two and not settled; `learned_from`: settled and kept out, since the model was trained on them.
    """

    task: Literal["own"] = "own"
    model_version: str
    comments: int
    waiting: int
    cannot_say: int
    learned_from: int
    is_few: bool
    sentiment: OwnSentiment
    groups: dict[str, OwnSentiment]
    theme_comments: int
    themes: list[OwnTheme]
    themes_micro_f1: Estimate
    themes_macro_f1: Estimate

    def as_table(self) -> Table:
        """The figures for people."""
        table = Table(title=f"own comments, {self.model_version}: {self.comments:,} settled, weighted to all comments")
        for column in ("", "comments", "accuracy", "95 %", "macro F1", "negative recall", "95 %", "calibration error"):
            table.add_column(column, justify="right" if column else "left")
        for name, one in (("all", self.sentiment), *self.groups.items()):
            table.add_row(
                name,
                f"{one.comments:,}",
                *_shown(one.accuracy),
                shown(one.macro_f1.value),
                *_shown(one.negative_recall),
                shown(one.calibration_error.value),
            )
        table.add_section()
        for theme in self.themes:
            table.add_row(f"theme: {theme.label}", f"{theme.support:,}", "", "", *_shown(theme.f1))
        micro, macro = (" ".join(_shown(each)) for each in (self.themes_micro_f1, self.themes_macro_f1))
        few = f"Fewer than {FEW} comments: too few to state. " if self.is_few else ""
        table.caption = (
            f"{few}{self.waiting:,} wait to be discussed, {self.cannot_say:,} cannot be said, {self.learned_from:,} "
            f"trained the model and are kept out. Themes: micro F1 {micro}, macro F1 {macro}"
        )
        return table


class _Case(NamedTuple):
    """A settled comment, the model's answer, and how many comments it stands for."""

    people: Settled
    answer: Answer
    weight: float


def evaluate(settings: Settings) -> OwnEvaluation:
    """Measure the model in force on the trust's own codes. Raises NothingToReview where there are none."""
    if (found := measured(settings)) is None:
        raise NothingToReview(
            "No comment of this trust is coded by two people and read by the model in force. `wordround review sample` "
            "draws comments to code, `wordround understand` reads them."
        )
    return found


def measured(settings: Settings) -> OwnEvaluation | None:
    """Measure the model in force on the trust's own codes; None where there are none to measure by."""
    cases, learned_from = _cases(settings)
    return _evaluation(cases, learned_from) if cases else None


def _cases(settings: Settings) -> tuple[list[_Case], int]:
    """Return the settled comments that the model in force has not learned from, and how many it has."""
    coded = [each for each in reviews.coded(settings) if each.chance_sample_id is not None]
    outcomes = {each.item.comment_id: (each, outcome) for each in coded if (outcome := settled(each.codes))}
    if not outcomes:
        return [], 0
    current = words_of(settings, [each for each, _ in outcomes.values()])
    answers = {one.comment_id: one for one in human_codes.answers(settings, current.keys())}
    if not answers:
        return [], 0
    known = [(outcomes[one][0], outcomes[one][1], answer) for one, answer in answers.items()]
    trained = _was_trained_on_own_codes({answer.model_version for answer in answers.values()})
    is_seen = [trained and (answer.is_expired or not is_held_out(answer.text_id)) for _, _, answer in known]
    weights = _weights([each for each, _, _ in known])
    cases = [
        _Case(outcome, answer, weight)
        for (_, outcome, answer), weight, seen in zip(known, weights, is_seen, strict=True)
        if not seen
    ]
    return cases, sum(is_seen)


def reading(settings: Settings) -> dict[str, object] | None:
    """Return what the report may state of it: columns of understanding.own_reading; None where nothing is measured."""
    cases, _ = _cases(settings)
    rated = [case for case in cases if case.people.sentiment]
    # Of a single comment there is no interval, and nothing to state.
    if not rated or (figures := _sentiment(rated)).accuracy.low is None:
        return None
    return {
        "model_version": cases[0].answer.model_version,
        "comment_count": len(rated),
        "waiting_count": sum(not case.people.is_whole for case in cases),
        "right_share": figures.accuracy.value,
        "right_low": figures.accuracy.low,
        "right_high": figures.accuracy.high,
        "negative_recall": figures.negative_recall.value,
        "negative_labelled_share": figures.negative_labelled.value,
        "negative_shown_share": figures.negative_shown.value,
    }


def _was_trained_on_own_codes(versions: set[str]) -> bool:
    """Return whether a model that gave answers was, by its file; whether it is the newest does not matter."""
    found = ((version, Learned.read(comments_model_of(version))) for version in versions)
    return any("own" in model.about and version.startswith(model.version) for version, model in found)


def _weights(items: Sequence[CodedItem]) -> list[float]:
    """Return the weights of comments of several samples: each sample speaks for all, by how many comments it has."""
    totals: dict[int | None, list[float]] = {}
    for each in items:
        totals.setdefault(each.chance_sample_id, []).append(each.item.weight)
    shares = {sample_id: len(weights) / sum(weights) for sample_id, weights in totals.items()}
    return [each.item.weight * shares[each.chance_sample_id] / len(items) for each in items]


def _evaluation(cases: Sequence[_Case], learned_from: int) -> OwnEvaluation:
    rated = [case for case in cases if case.people.sentiment]
    themed = [case for case in cases if case.people.themes is not None]
    themes, micro, macro = _themes(themed)
    listings = sorted({case.answer.listing for case in rated})
    return OwnEvaluation(
        model_version=cases[0].answer.model_version,
        comments=len(rated),
        waiting=sum(not case.people.is_whole for case in cases),
        cannot_say=sum(case.people.cannot_say for case in cases),
        learned_from=learned_from,
        is_few=len(rated) < FEW,
        sentiment=_sentiment(rated),
        groups={name: _sentiment([case for case in rated if case.answer.listing == name]) for name in listings},
        theme_comments=len(themed),
        themes=themes,
        themes_micro_f1=micro,
        themes_macro_f1=macro,
    )


def _sentiment(cases: Sequence[_Case]) -> OwnSentiment:
    weights = np.array([case.weight for case in cases], np.float64)
    true = np.array([CLASSES.index(case.people.sentiment_class or "") for case in cases], np.int64)
    said = np.array([CLASSES.index(case.answer.sentiment_class) for case in cases], np.int64)
    same = np.array([case.people.sentiment == case.answer.sentiment for case in cases], np.bool_)
    sure = np.array([case.answer.probability for case in cases], np.float64)
    places, negative = np.arange(len(CLASSES)), CLASSES.index("negative")
    measures = {
        "accuracy": weighted.share(said == true),
        "same_grade": weighted.share(same),
        "macro_f1": weighted.mean_f1(said[:, None] == places, true[:, None] == places),
        "negative_recall": weighted.share(said == negative, true == negative),
        "negative_labelled": weighted.share(true == negative),
        "negative_shown": weighted.share(said == negative),
        "calibration_error": weighted.calibration_error(sure, said == true),
    }
    figures: dict[str, Any] = {name: weighted.estimate(weights, measure) for name, measure in measures.items()}
    return OwnSentiment(comments=len(cases), effective=weighted.effective(weights), **figures)


def _themes(cases: Sequence[_Case]) -> tuple[list[OwnTheme], Estimate, Estimate]:
    weights = np.array([case.weight for case in cases], np.float64)
    known = choices().themes
    named = {each.code: (each.frame, each.label) for each in known}
    # Headings that people chose are themes as the model gives them.
    counted = {(each.frame, each.label): (each.frame, each.counts_as) for each in known}
    chosen = [[(theme.frame, theme.label) for theme in case.people.themes or ()] for case in cases]
    given = [{counted.get(theme, theme) for theme in each} for each in chosen]
    codes = [set(case.answer.theme_codes) for case in cases]
    found = [{named[code] for code in each if code in named} for each in codes]
    # A frame that nobody coded by is not judged.
    frames = {frame for each in given for frame, _ in each}
    labels = sorted({one for each in (*given, *found) for one in each if one[0] in frames})
    true, said = (_has(each, labels) for each in (given, found))
    each = [
        _of_theme(label, weights, said[:, place], true[:, place])
        for place, label in enumerate(labels)
        if true[:, place].any()
    ]
    micro, macro = (
        weighted.estimate(weights, measure(said, true)) for measure in (weighted.micro_f1, weighted.mean_f1)
    )
    return each, micro, macro


def _of_theme(label: tuple[str, str], weights: Floats, said: Bools, true: Bools) -> OwnTheme:
    return OwnTheme(
        frame=label[0],
        label=label[1],
        support=int(true.sum()),
        predicted=int(said.sum()),
        precision=weighted.estimate(weights, weighted.share(true, said)),
        recall=weighted.estimate(weights, weighted.share(said, true)),
        f1=weighted.estimate(weights, weighted.f1(said, true)),
    )


def _has(each: Sequence[set[tuple[str, str]]], labels: Sequence[tuple[str, str]]) -> Bools:
    return np.array([[label in one for label in labels] for one in each], np.bool_).reshape(len(each), len(labels))


def _shown(figure: Estimate) -> tuple[str, str]:
    return shown(figure.value), interval(figure.low, figure.high)
