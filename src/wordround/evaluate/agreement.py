"""How far a model and people agree: shares with their intervals, precision, recall, F1 and the bias of a share.

It knows no file and no model. A share is None where there is nothing to divide by.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from math import sqrt
from typing import Self

from pydantic import BaseModel, ConfigDict

from wordround.spc import differences
from wordround.spc.differences import Z


class Figures(BaseModel):
    """Figures of an evaluation: they do not change once they are measured."""

    model_config = ConfigDict(frozen=True)


class Share(Figures):
    """A count of a total, and its share with Wilson's 95 % interval."""

    count: int
    all: int
    share: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, count: int, total: int) -> Self:
        low, high = wilson(count, total)
        return cls(count=count, all=total, share=count / total if total else None, low=low, high=high)

    def is_at_least(self, least: float) -> bool:
        """Whether a promise holds; of nothing any promise does."""
        return self.share is None or self.share >= least


class Agreement(Figures):
    """How often one label was given by people (`support`), by the model (`predicted`) and by both (`agreed`)."""

    label: str
    support: int
    predicted: int
    agreed: int
    precision: float | None
    precision_low: float | None
    precision_high: float | None
    recall: float | None
    recall_low: float | None
    recall_high: float | None
    f1: float | None


class Average(Figures):
    """Figures over all labels."""

    precision: float | None
    recall: float | None
    f1: float | None


class Estimate(Figures):
    """A figure of the population, with its 95 % interval; None where it is not defined."""

    value: float | None
    low: float | None
    high: float | None

    @property
    def share(self) -> float | None:
        """The value, as pages print shares."""
        return self.value


class ShareBias(Figures):
    """Predicted minus labelled share of a label, with the 95 % Wald interval for paired shares."""

    labelled: float | None = None
    predicted: float | None = None
    bias: float | None = None
    bias_low: float | None = None
    bias_high: float | None = None


def wilson(successes: int, total: int) -> tuple[float, float] | tuple[None, None]:
    """Wilson's 95 % interval of a share (JASA 22, 1927, 209-212), (None, None) for a total of 0."""
    if total == 0:
        return None, None
    return differences.wilson(successes / total, total)


def agreement(label: str, pairs: Iterable[tuple[Collection[str], Collection[str]]]) -> Agreement:
    """Counts and shares of one label over (labelled, predicted) pairs."""
    seen = Counter((label in labelled, label in predicted) for labelled, predicted in pairs)
    agreed = seen[True, True]
    support, predicted_count = agreed + seen[True, False], agreed + seen[False, True]
    precision, recall = Share.of(agreed, predicted_count), Share.of(agreed, support)
    return Agreement(
        label=label,
        support=support,
        predicted=predicted_count,
        agreed=agreed,
        precision=precision.share,
        precision_low=precision.low,
        precision_high=precision.high,
        recall=recall.share,
        recall_low=recall.low,
        recall_high=recall.high,
        f1=_f1(agreed, support, predicted_count),
    )


def _f1(agreed: int, support: int, predicted: int) -> float | None:
    return 2 * agreed / (support + predicted) if support + predicted else None


def micro_average(labels: Sequence[Agreement]) -> Average:
    """Weigh each mention alike."""
    agreed, support = sum(one.agreed for one in labels), sum(one.support for one in labels)
    predicted = sum(one.predicted for one in labels)
    return Average(
        precision=agreed / predicted if predicted else None,
        recall=agreed / support if support else None,
        f1=_f1(agreed, support, predicted),
    )


def macro_average(labels: Sequence[Agreement]) -> Average:
    """Weigh each label alike that occurs in the file."""
    occurring = [one for one in labels if one.support]
    means = {
        name: sum(getattr(one, name) or 0.0 for one in occurring) / len(occurring) if occurring else None
        for name in ("precision", "recall", "f1")
    }
    return Average(**means)


def share_bias(pairs: Sequence[tuple[str, str]], label: str) -> ShareBias:
    """Measure how far the predicted share of a label is off, over (labelled, predicted) pairs."""
    total = len(pairs)
    if not total:
        return ShareBias()
    false_alarms = sum(predicted == label != labelled for labelled, predicted in pairs)
    missed = sum(labelled == label != predicted for labelled, predicted in pairs)
    bias = (false_alarms - missed) / total
    margin = Z * sqrt(false_alarms + missed - total * bias * bias) / total
    share = sum(labelled == label for labelled, _ in pairs) / total
    return ShareBias(labelled=share, predicted=share + bias, bias=bias, bias_low=bias - margin, bias_high=bias + margin)


def shown(share: float | None, form: str = ".3f") -> str:
    """A share as it is printed; of nothing a dash."""
    return "-" if share is None else format(share, form)


def interval(low: float | None, high: float | None, form: str = ".3f") -> str:
    """An interval as tables print it; of nothing a dash."""
    return "-" if low is None else f"{shown(low, form)}-{shown(high, form)}"
