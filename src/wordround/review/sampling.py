"""Which comments of a population are drawn, and how many each stands for. Pure.

Strata are drawn from by themselves, each in proportion to the root of its size, so that rare ones are over-sampled
(power allocation: Bankier, The American Statistician 42, 1988). Within one every comment is as likely: a systematic
sample along the services, so that each has its share. A weight is one over that likelihood.
"""

import heapq
from collections.abc import Mapping, Sequence
from math import floor, sqrt
from random import Random

# With fewer to a stratum there is nothing to weigh by.
_FEWEST_A_STRATUM = 2
# What is given up first where there are too many strata: services, then bands of confidence, then what was answered.
_LEVELS = ((0, 1, 2, 3), (0, 1, 2), (0, 1), (1,), ())

Cell = tuple[str, str, str, str]
Key = tuple[str | None, str | None, str | None, str | None]


def strata(sizes: Mapping[Cell, int], size: int) -> dict[Cell, Key]:
    """Return the stratum of each cell (listing, class, band, service): the finest that a sample of `size` fills.

    What a stratum does not divide by is None in it.
    """
    for kept in _LEVELS:
        found = {cell: _kept(cell, kept) for cell in sizes}
        if len(set(found.values())) * _FEWEST_A_STRATUM <= size:
            return found
    return dict.fromkeys(sizes, (None, None, None, None))


def _kept(cell: Cell, places: Sequence[int]) -> Key:
    listing, sentiment, band, service = (part if place in places else None for place, part in enumerate(cell))
    return listing, sentiment, band, service


def allocated(sizes: Sequence[int], size: int) -> list[int]:
    """Return how many to draw of each stratum: one at least where there are enough, never more than there are."""
    drawn = [0] * len(sizes)
    # The next one goes where the root of the size is largest to what was given; the first one everywhere before that.
    waiting = [(-float("inf"), -count, place) for place, count in enumerate(sizes) if count]
    heapq.heapify(waiting)
    for _ in range(min(size, sum(sizes))):
        _, _, place = heapq.heappop(waiting)
        drawn[place] += 1
        if drawn[place] < sizes[place]:
            heapq.heappush(waiting, (-sqrt(sizes[place]) / (drawn[place] + 1), -sizes[place], place))
    return drawn


def systematic(count: int, drawn: int, chance: Random) -> list[int]:
    """Return `drawn` of the places 0 to `count` - 1, evenly spread from a start by chance; each is as likely."""
    if not drawn:
        return []
    step = count / drawn
    start = chance.random() * step
    return [min(count - 1, floor(start + number * step)) for number in range(drawn)]
