"""Whether counts can be what a chart takes them for; the first cell that cannot is named by row and column."""

import math
from collections.abc import Callable

import numpy as np

from wordround.errors import SeriesUnusable
from wordround.spc.series import Series

COUNTS = ("numerator", "denominator")
# exp() of more says nothing that a share could show.
_LARGEST_OFFSET = 5.0


def check_counts(name: str, series: list[Series], may_exceed: bool = False) -> None:
    """Refuse counts that are no `x of n`; `may_exceed`: they are x in n, such as mentions a comment."""

    def says(x: float, n: float) -> str | None:
        if math.isnan(x) != math.isnan(n):
            return "numerator and denominator have to be given together, or both left blank."
        if x < 0 or n < 0:
            return "counts are never below zero."
        if x > n and (n == 0 or not may_exceed):
            return f"{x:g} of {n:g} is no share: the numerator may not exceed the denominator."
        if 0 < n < 1:
            return f"a denominator of {n:g} is no number of comments: give counts, and no shares."
        return None

    _check(name, series, "numerator", says)


def check_single(name: str, series: list[Series], column: str, chart: str) -> None:
    """Refuse what a chart of one number a point cannot show."""

    def says(value: float, denominator: float) -> str | None:
        if not math.isnan(denominator):
            article = "an" if chart == "i" else "a"
            return f"{article} {chart} chart has no denominator: leave it blank, or use a p or u chart."
        if chart == "t" and value <= 0:
            return "a time between events must be greater than zero: use hours instead of days, or a g chart."
        return "a count is never below zero." if chart in ("c", "g") and value < 0 else None

    _check(name, series, column, says)


def check_services(name: str, services: Series) -> None:
    """Refuse a service that has nothing to be compared by."""

    def says(_: float, n: float) -> str | None:
        return None if n > 0 else "a service without comments has no place in a funnel: take the row out."

    _check(name, [services], "numerator", says)
    first: dict[str, int] = {}
    for label, row in zip(services.labels, services.rows, strict=True):
        if before := first.setdefault(label, row) - row:
            raise SeriesUnusable(
                f"{name}: row {row}, column label: {label} stands twice, first in row {row + before}. Add their counts "
                "up, or name them apart."
            )


def check_marks(name: str, series: list[Series]) -> None:
    """Refuse marks of weeks that are neither 0 nor 1, and an offset that would explain anything."""
    for column in ("paused", "rebase"):
        _check(name, series, column, lambda mark, _: None if mark in (0, 1) or math.isnan(mark) else "may be 0 or 1.")
    beyond = f"is beyond {_LARGEST_OFFSET:g}: give log-odds, of which 1 is nearly a threefold."
    _check(name, series, "offset", lambda offset, _: beyond if abs(offset) > _LARGEST_OFFSET else None)


def _check(name: str, series: list[Series], column: str, says: Callable[[float, float], str | None]) -> None:
    for each in series:
        beside = each.values.get("denominator", np.full(len(each.rows), np.nan))
        for row, value, other in zip(each.rows, each.values[column], beside, strict=True):
            if problem := says(float(value), float(other)):
                raise SeriesUnusable(f"{name}: row {row}, column {column}: {problem}")
