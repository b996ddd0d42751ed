"""How far a model and people agree: precision, recall, F1, intervals and the bias of a share.

Comes in: pairs of what people said and what the model said. Goes out: plain numbers, None where there is nothing to
divide by. It knows no file and no model.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import sqrt
from typing import Any

Z = 1.959963984540054


def wilson(successes: int, total: int) -> tuple[float, float] | tuple[None, None]:
    """Wilson's 95 % interval of a share (JASA 22, 1927, 209-212), (None, None) for a total of 0."""
    if total == 0:
        return None, None
    share, spread = successes / total, Z * Z / total
    half_width = Z * sqrt(share * (1 - share) / total + spread / (4 * total))
    low, high = ((share + spread / 2 + sign * half_width) / (1 + spread) for sign in (-1, 1))
    return max(0.0, low), min(1.0, high)


def agreement(label: str, pairs: Iterable[tuple[Collection[str], Collection[str]]]) -> dict[str, Any]:
    """Counts and shares of one label over (labelled, predicted) pairs."""
    seen = Counter((label in labelled, label in predicted) for labelled, predicted in pairs)
    agreed = seen[True, True]
    support, predicted_count = agreed + seen[True, False], agreed + seen[False, True]
    figures: dict[str, Any] = {"label": label, "support": support, "predicted": predicted_count, "agreed": agreed}
    for name, total in (("precision", predicted_count), ("recall", support)):
        figures[name] = agreed / total if total else None
        figures[f"{name}_low"], figures[f"{name}_high"] = wilson(agreed, total)
    figures["f1"] = _f1(agreed, support, predicted_count)
    return figures


def _f1(agreed: int, support: int, predicted: int) -> float | None:
    return 2 * agreed / (support + predicted) if support + predicted else None


def averages(labels: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float | None]]:
    """{micro, macro}: micro averages weigh each mention alike, macro averages each label that occurs in the file."""
    agreed, support, predicted = (sum(one[name] for one in labels) for name in ("agreed", "support", "predicted"))
    occurring = [one for one in labels if one["support"]]
    macro = {
        name: sum(one[name] or 0.0 for one in occurring) / len(occurring) if occurring else None
        for name in ("precision", "recall", "f1")
    }
    micro = {
        "precision": agreed / predicted if predicted else None,
        "recall": agreed / support if support else None,
        "f1": _f1(agreed, support, predicted),
    }
    return {"micro": micro, "macro": macro}


def share_bias(pairs: Sequence[tuple[str, str]], label: str) -> dict[str, float | None]:
    """Predicted minus labelled share of a label, with the 95 % Wald interval for paired shares."""
    total = len(pairs)
    if not total:
        return dict.fromkeys(("labelled", "predicted", "bias", "bias_low", "bias_high"))
    false_alarms = sum(said == label != true for true, said in pairs)
    missed = sum(true == label != said for true, said in pairs)
    bias = (false_alarms - missed) / total
    margin = Z * sqrt(false_alarms + missed - total * bias * bias) / total
    labelled = sum(true == label for true, _ in pairs) / total
    return {
        "labelled": labelled,
        "predicted": labelled + bias,
        "bias": bias,
        "bias_low": bias - margin,
        "bias_high": bias + margin,
    }
