"""Calibration: what a model says is made to agree with how often it is right, on comments it did not learn from."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from wordround.understand.learned import CLASSES, three_classes

Floats = NDArray[np.float32]

_THRESHOLDS = np.arange(0.2, 0.81, 0.025)
# Chosen on one of five folds, where F1 over all themes was best at it.
_PRECISION = 0.74
# Chosen on the fourth of five folds, which no figure of a page is of.
_LIKELIEST = 0.45
_WEIGHTS = np.arange(1.0, 2.55, 0.1)
_HEAVIEST_NEGATIVE = 6
_ACCURACY_PAID = 0.005
_NEGATIVE_FOUND = 0.895
_PENALTY = 5.0


class Calibration(NamedTuple):
    """Logits are divided by `temperature`, then `offsets` (5,) are added."""

    temperature: float
    offsets: Floats

    def applied(self, logits: Floats) -> Floats:
        """Return probabilities (n, 5)."""
        scaled = logits / self.temperature + self.offsets
        likely = np.exp(scaled - scaled.max(1, keepdims=True))
        probability: Floats = (likely / likely.sum(1, keepdims=True)).astype(np.float32)
        return probability


class ThemeCuts(NamedTuple):
    """A theme is given from the probability `every` on; where none would be, the likeliest is from `likeliest` on."""

    every: float
    likeliest: float


def calibrated(logits: Floats, shares: Floats) -> Calibration:
    """Return the temperature and offsets under which the labels, as shares (n, 5), are likeliest.

    As grades and as the three classes, half each: people agree less on grades, so that grades alone would make the
    probability of a class, which is what is shown, smaller than it is right.
    """
    class_shares = three_classes(shares)

    def loss(values: NDArray[np.float64]) -> float:
        probability = Calibration(float(np.exp(values[0])), values[1:].astype(np.float32)).applied(logits)
        penalty = _PENALTY * float((values**2).sum()) / len(logits)
        return (
            _unlikeliness(probability, shares) + _unlikeliness(three_classes(probability), class_shares)
        ) / 2 + penalty

    best = minimize(loss, np.zeros(1 + logits.shape[1]), method="Nelder-Mead", options={"maxiter": 4000}).x
    return Calibration(float(np.exp(best[0])), (best[1:] - best[1:].mean()).astype(np.float32))


def class_weights(probability: Floats, said: NDArray[np.int64]) -> Floats:
    """Return weights (3,) of positive, neutral and negative under which the mean F1 of the three is best.

    Only as long as accuracy falls by no more than half a point, and where it can be had nine negative comments in ten
    are found: one that is missed costs more than one too many. `probability` (n, 3), `said` (n,) are of people.
    """
    plain = float((probability.argmax(1) == said).mean())
    negative_said = said == CLASSES.index("negative")
    best, chosen = (False, -1.0), np.ones(3, np.float32)
    for neutral in _WEIGHTS:
        for negative in _WEIGHTS[:_HEAVIEST_NEGATIVE]:
            weights = np.array([1, neutral, negative], np.float32)
            shown = (probability * weights).argmax(1)
            mean = float(np.mean([_f1(shown == place, said == place) for place in range(3)]))
            found = float((shown[negative_said] == said[negative_said]).mean()) if negative_said.any() else 1.0
            score = (found >= _NEGATIVE_FOUND, mean)
            if score > best and float((shown == said).mean()) >= plain - _ACCURACY_PAID:
                best, chosen = score, weights
    return chosen


def theme_cuts(probability: Floats, has: NDArray[np.bool_]) -> ThemeCuts:
    """Return the lowest probability from which on 74 of 100 themes that are given are right: recall at that precision.

    One for all themes: one for each is chosen by chance where examples are few. The likeliest theme of a comment that
    would have none needs less, because one that is right more often than half of F1 makes F1 better (Lipton, Elkan and
    Naryanaswamy 2014).
    """
    given = [probability >= cut for cut in _THRESHOLDS]
    right = np.array([(each & has).sum() / max(1, each.sum()) for each in given])
    every = float(_THRESHOLDS[int(np.argmax(right >= _PRECISION))] if (right >= _PRECISION).any() else _THRESHOLDS[-1])
    return ThemeCuts(every, min(every, _LIKELIEST))


def calibration_error(confidence: Floats, right: NDArray[np.bool_], bins: int = 10) -> float:
    """Return the mean distance between confidence (n,) and share right, over ten equal steps of confidence."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    steps = [place == each for each in range(bins) if (place == each).any()]
    return float(sum(abs(confidence[step].mean() - right[step].mean()) * step.mean() for step in steps))


def _unlikeliness(probability: Floats, shares: Floats) -> float:
    """Return the mean cross-entropy of shares (n, k) under probabilities (n, k)."""
    return float(-(shares * np.log(probability + 1e-9)).sum(1).mean())


def _f1(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    both = float((said & true).sum())
    return 2 * both / max(1.0, float(said.sum() + true.sum()))
