"""Responses to posts: how many come per post, and how many times as many as to other posts, each with an interval.

Replies and likes come in bursts: one post may have more than all others. Counts are taken as Poisson, and divided by
how much more they differ than that (Pearson's dispersion, at least 1), so that bursts widen each interval.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from wordround.spc.traffic import odds_of


class Response(NamedTuple):
    """A figure with its interval."""

    value: float
    low: float
    high: float


class Stratum(NamedTuple):
    """Responses to each post of a group at one source, and to each of the others there."""

    of_group: Sequence[int]
    of_others: Sequence[int]


def per_post(counts: Sequence[int], level: float = 0.95) -> Response | None:
    """Return the mean of counts with an interval; None of no posts.

    The interval is Garwood's, exact for a Poisson sum (Biometrika 28, 1936), of the sum divided by its dispersion.
    """
    if not counts:
        return None
    spread, total, posts, tail = _dispersion([counts]), sum(counts), len(counts), (1 - level) / 2
    low = stats.chi2.ppf(tail, 2 * total / spread) / 2 if total else 0.0
    high = stats.chi2.ppf(1 - tail, 2 * (total / spread + 1)) / 2
    return Response(total / posts, float(low * spread / posts), float(high * spread / posts))


def times_others(sources: Mapping[str, Stratum], level: float = 0.95) -> Response | None:
    """Return how many times as many responses come to a group of posts as to the others of the same sources.

    What the group would have had is what the others of each source had per post (indirect standardisation): a source
    where everybody answers more says nothing of a subject. None where there are no others, or none of them had any.
    """
    compared = [each for each in sources.values() if len(each.of_group) and len(each.of_others)]
    expected = sum(len(each.of_group) * sum(each.of_others) / len(each.of_others) for each in compared)
    if not expected:
        return None
    had = sum(sum(each.of_group) for each in compared)
    others = sum(sum(each.of_others) for each in compared)
    spread = _dispersion([counts for each in compared for counts in each])
    return Response(*(odds * others / expected for odds in odds_of(had, others, spread, level)))


def _dispersion(groups: Sequence[Sequence[int]]) -> float:
    """Return Pearson's dispersion of counts about the mean of their group, at least 1."""
    known = [np.asarray(each, float) for each in groups if len(each) > 1 and any(each)]
    freedom = sum(len(each) - 1 for each in known)
    apart = sum(float(((each - each.mean()) ** 2).sum() / each.mean()) for each in known)
    return max(1.0, apart / freedom) if known else 1.0
