"""Whether a model takes the place of the one in force: only where it is better on comments that neither learned from.

The rule: the lower end of the 95 % interval of the difference of macro F1 (new minus in force) lies above nought, and
the upper end of the difference of negative recall does not lie below it. Both by a paired bootstrap: each resample of
the comments, with their weights, is given to both models.
"""

import shutil
from pathlib import Path

import numpy as np

from wordround.evaluate.agreement import Estimate
from wordround.outcomes import Outcome
from wordround.review import weighted
from wordround.review.weighted import Bools, Floats, Measure
from wordround.storage import DRAFT, storage, sync
from wordround.train.own_codes import OwnCodes
from wordround.understand.annotations import Annotator
from wordround.understand.learned import CLASS_OF, CLASSES, Learned

FEWEST = 30
_RESAMPLES = 2_000


class Comparison(Outcome):
    """Two models on the same comments. `is_better`: the new one takes the other's place; `why`, in words."""

    comments: int
    is_better: bool
    why: str
    in_force_version: str
    new_version: str
    in_force_macro_f1: float | None = None
    new_macro_f1: float | None = None
    macro_f1_difference: Estimate | None = None
    negative_recall_difference: Estimate | None = None


def compared(in_force: Learned, new: Learned, held_out: OwnCodes) -> Comparison:
    """Compare two models on comments that neither learned from."""
    count = len(held_out.texts)
    versions = {"in_force_version": in_force.version, "new_version": new.version}
    if count < FEWEST:
        why = f"{count} comments were kept apart, and fewer than {FEWEST} decide nothing"
        return Comparison(comments=count, is_better=False, why=why, **versions)
    true = CLASS_OF[held_out.grades]
    before, after = (_classes(model, held_out) for model in (in_force, new))
    weights = np.array(held_out.weights, np.float64)
    macro = [weighted.mean_f1(_one_hot(said), _one_hot(true)) for said in (before, after)]
    negative = CLASSES.index("negative")
    recall = [weighted.share(said == negative, true == negative) for said in (before, after)]
    f1_difference, recall_difference = (
        weighted.estimate(weights, _difference(*pair), _RESAMPLES) for pair in (macro, recall)
    )
    figures = [weighted.estimate(weights, measure, 2).value for measure in macro]
    is_better, why = _decided(f1_difference, recall_difference)
    return Comparison(
        comments=count, is_better=is_better, why=why, **versions, in_force_macro_f1=figures[0],
        new_macro_f1=figures[1], macro_f1_difference=f1_difference, negative_recall_difference=recall_difference,
    )  # fmt: skip


def put_in_force(new: Path, place: Path) -> None:
    """Put a model's file in the place of the one in force, whole, for its owner alone. Raises StorageFailed."""
    with storage(place):
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = place.with_name(f"{DRAFT}{place.name}")
        shutil.copyfile(new, draft)
        draft.chmod(0o600)
        sync(draft)
        draft.replace(place)


def _decided(macro_f1: Estimate, negative_recall: Estimate) -> tuple[bool, str]:
    if macro_f1.low is None or macro_f1.low <= 0:
        return False, "macro F1 is not better beyond doubt: the interval of the difference reaches nought"
    if negative_recall.high is not None and negative_recall.high < 0:
        return False, "it finds fewer negative comments, beyond doubt"
    return True, "macro F1 is better beyond doubt, and negative recall is not worse beyond doubt"


def _classes(model: Learned, comments: OwnCodes) -> Floats:
    questions = [None if question == "unknown" else question for question in comments.questions]
    shown = Annotator(model).annotate(comments.texts, questions).sentiment
    return np.array([CLASSES.index(one.sentiment_class) for one in shown])


def _one_hot(said: Floats) -> Bools:
    has: Bools = said[:, None] == np.arange(len(CLASSES))
    return has


def _difference(before: Measure, after: Measure) -> Measure:
    return lambda weights: after(weights) - before(weights)
