"""How far the words are read rightly: what a report says of the model in force."""

from dataclasses import dataclass

from wordround.evaluate.comments import evaluate
from wordround.published.tables import OwnReading
from wordround.registers.models import comments_model_of


@dataclass(frozen=True)
class Reading:
    """How far the words are read rightly: of 100 comments that the model did not learn from.

    `right` and `found` (of those that people call negative); `called` negative by people, and `shown` as negative.
    `own`: on how many comments of this trust that is known, with the interval of `right`; None: on published ones.
    """

    comments: int
    right: int
    found: int
    called: int
    shown: int
    own: int | None = None
    low: int | None = None
    high: int | None = None


# Fewer comments of the trust's own say less than the published ones do; nor do those on which people easily agreed.
_FEWEST_OWN, _MOST_WAITING = 100, 0.1


def reading(own: OwnReading | None, version: str | None = None) -> Reading:
    """Return figures of the model in force: on the trust's own comments, where enough are settled; else on others.

    version: of the annotations that are published.
    """
    evaluation = evaluate(comments_model_of(version))
    figures = evaluation.judged.sentiment
    shares = (figures.accuracy, figures.negative_recall, figures.negative_labelled, figures.negative_shown)
    if own and _is_enough(own) and own.negative_recall is not None:
        return Reading(
            comments=evaluation.comments,
            right=_of_100(own.right_share),
            found=_of_100(own.negative_recall),
            called=_of_100(own.negative_labelled_share),
            shown=_of_100(own.negative_shown_share),
            own=own.comment_count,
            low=_of_100(own.right_low),
            high=_of_100(own.right_high),
        )
    return Reading(evaluation.comments, *(_of_100(each.share or 0) for each in shares))


def _is_enough(own: OwnReading) -> bool:
    is_settled = own.waiting_count <= _MOST_WAITING * (own.comment_count + own.waiting_count)
    return own.comment_count >= _FEWEST_OWN and is_settled


def _of_100(share: float) -> int:
    return round(100 * share)
