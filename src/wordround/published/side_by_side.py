"""Services of one kind side by side, and the sites and areas that they are at, with what is small left out.

By name and in no other order: what lies outside the limits is a reason to look, and no place in a league. Shares stand
in steps and comments in tens, as the months that make them up are shown elsewhere.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import duckdb
import numpy as np

from wordround.plain_text import label as as_label
from wordround.published.database import rows
from wordround.published.disclosure import SmallNumbers, fine_percent, percent
from wordround.published.wording import listed
from wordround.spc.funnel import additive_limits

LEVELS = {"service": "Services", "site": "Sites", "area": "Areas"}
_LIMIT_POINTS = 40


@dataclass(frozen=True)
class _Compared:
    """One row of the comparison, as published."""

    TABLE: ClassVar = "marts.fct_service_comparison"

    kind_label: str
    unit_id: str
    theme_code: str | None
    service_id: str | None
    unit_label: str
    not_compared_reason: str | None
    side_code: str | None
    first_month_code: str
    last_month_code: str
    service_count: int
    numerator_count: int
    denominator_count: int
    mix_expected_share: float | None
    centre_share: float | None
    between_variance: float | None
    is_beyond_near_limit: bool
    is_outside: bool


@dataclass(frozen=True)
class _Mix:
    TABLE: ClassVar = "marts.fct_service_comparison_sources"

    kind_label: str
    unit_id: str
    source_label: str
    comment_count: int
    is_suppressed: bool


@dataclass(frozen=True)
class Unit:
    """One of those that are compared. `share`, `value`: None where hidden; then its place says nothing either."""

    unit_id: str
    service_id: str | None
    label: str
    services: int
    comments: int
    share: str | None
    value: float | None
    side: str | None
    is_outside: bool
    reason: str | None
    mix: str
    mix_expected: str | None

    @property
    def place(self) -> str:
        """Where it lies, in words."""
        if self.reason:
            return f"not compared: {self.reason}"
        if self.share is None:
            return "hidden"
        if self.is_outside:
            return f"outside, {self.side}"
        return f"beyond the inner limit, {self.side}" if self.side else "within"


@dataclass(frozen=True)
class Comparison:
    """Those of one kind by one measure. `centre`: the share of all in the funnel; None where there is no funnel."""

    kind: str
    theme_code: str | None
    units: tuple[Unit, ...]
    centre: float | None
    between_variance: float
    first_month: str
    last_month: str

    @property
    def in_funnel(self) -> list[Unit]:
        """Those that the funnel shows."""
        return [unit for unit in self.units if unit.reason is None and unit.value is not None]

    @property
    def compared_count(self) -> int:
        """How many are in the funnel, those that are hidden among them."""
        return sum(unit.reason is None for unit in self.units)

    @property
    def outside(self) -> list[Unit]:
        """Those outside the outer limits whose share may be shown."""
        return [unit for unit in self.in_funnel if unit.is_outside]

    def limits(self) -> list[tuple[int, list[tuple[float, float]]]]:
        """The lines of the funnel over the range of its comments: 0 for an inner one, 1 for an outer; none without."""
        comments = [unit.comments for unit in self.in_funnel]
        if self.centre is None or not comments:
            return []
        grid = np.geomspace(min(comments), max(max(comments), min(comments) + 1), _LIMIT_POINTS)
        found = additive_limits(self.centre, self.between_variance, grid)
        return [
            (number, list(zip(grid.tolist(), line.tolist(), strict=True)))
            for number, sides in enumerate(found.values())
            for line in sides.values()
        ]


def read(connection: duckdb.DuckDBPyConnection, level: str, small: SmallNumbers) -> list[Comparison]:
    """Return the comparisons of a level: of each kind by each measure, negative comments first."""
    mixes: dict[tuple[str, str], list[_Mix]] = defaultdict(list)
    for each in rows(connection, _MIXES, _Mix, level):
        mixes[each.kind_label, each.unit_id].append(each)
    funnels: dict[tuple[str, str | None], list[_Compared]] = defaultdict(list)
    for row in rows(connection, _COMPARED, _Compared, level):
        funnels[row.kind_label, row.theme_code].append(row)
    return [_comparison(found, mixes, small) for found in funnels.values()]


def without_kind(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of the services that are compared with none, as nobody has said of what kind they are."""
    return [as_label(name) for (name,) in connection.execute(_WITHOUT_KIND).fetchall()]


def _comparison(
    found: Sequence[_Compared], mixes: dict[tuple[str, str], list[_Mix]], small: SmallNumbers
) -> Comparison:
    first = found[0]
    compared = [row for row in found if row.not_compared_reason is None]
    # Of a theme that next to nobody criticises the centre would tell how many do.
    is_small = small.is_small(sum(row.numerator_count for row in compared))
    centre = next((row.centre_share for row in compared), None)
    variance = next((row.between_variance for row in compared), None)
    return Comparison(
        kind=as_label(first.kind_label),
        theme_code=first.theme_code,
        units=tuple(_unit(row, mixes[row.kind_label, row.unit_id], small) for row in found),
        centre=None if is_small else centre,
        between_variance=variance or 0.0,
        first_month=first.first_month_code,
        last_month=first.last_month_code,
    )


def _unit(row: _Compared, mix: Iterable[_Mix], small: SmallNumbers) -> Unit:
    value = small.fine_share(row.numerator_count, row.denominator_count)
    expected = row.mix_expected_share
    return Unit(
        unit_id=row.unit_id,
        service_id=row.service_id,
        label=as_label(row.unit_label),
        services=row.service_count,
        comments=small.in_tens(row.denominator_count),
        share=None if value is None else fine_percent(value),
        value=value,
        side=row.side_code if value is not None else None,
        is_outside=row.is_outside and value is not None,
        reason=row.not_compared_reason,
        mix=_mix_in_words(list(mix), small),
        mix_expected=None if value is None or expected is None else percent(expected),
    )


def _mix_in_words(mix: list[_Mix], small: SmallNumbers) -> str:
    whole = sum(each.comment_count for each in mix)
    if len(mix) == 1:
        return f"{as_label(mix[0].source_label)} alone"
    shares = [
        (each, 0.0 if each.is_suppressed else small.rolling_share(each.comment_count, whole) or 0.0) for each in mix
    ]
    said = [f"{as_label(each.source_label)} {percent(share)}" for each, share in shares if share > 0]
    return listed([*said, *(["others"] if len(said) < len(mix) else [])])


_COMPARED = """
select comparison.*
from marts.fct_service_comparison as comparison
left join marts.dim_themes as themes on comparison.theme_code = themes.theme_code
where comparison.level_code = ?
order by
    lower(comparison.kind_label), comparison.theme_code is not null, themes.frame_code != 'patient_experience',
    themes.frame_code, themes.sort_order, comparison.theme_code, lower(comparison.unit_label), comparison.unit_id
"""

_MIXES = """
select
    mix.*,
    sources.source_label
from marts.fct_service_comparison_sources as mix
inner join marts.dim_sources as sources on mix.source_code = sources.source_code
where mix.level_code = ?
order by mix.comment_count desc, sources.source_label
"""

_WITHOUT_KIND = """
select service_label
from marts.dim_services
where kind_label is null and not is_trust_level and comment_count > 0
order by lower(service_label), service_id
"""
