"""How far coders agree on sets of themes: as the library has it, on whatever was coded."""

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wordround.coding import theme_sets

_SETS = st.frozensets(st.sampled_from(["staff", "access", "thanks"]), max_size=3)
_CODED = st.lists(st.lists(_SETS, min_size=1, max_size=3), min_size=2, max_size=12)


def by_library(coded: list[list[frozenset[str]]]) -> float | None:
    units = [unit for unit in coded if len(unit) > 1]
    sets = sorted({each for unit in units for each in unit}, key=sorted)
    if len(sets) < 2:
        return None
    masi = np.array([[theme_sets._distance(one, other) for other in sets] for one in sets])
    counts = [[unit.count(each) for each in sets] for unit in units]
    return float(
        krippendorff.alpha(value_counts=counts, level_of_measurement=lambda v1, v2, i1, i2, n_v, dtype: masi[i1, i2])
    )


@settings(deadline=None, max_examples=60)
@given(coded=_CODED)
def test_it_is_what_the_library_gives(coded: list[list[frozenset[str]]]) -> None:
    found, expected = theme_sets.agreement(coded), by_library(coded)
    assert found.comment_count == sum(len(unit) > 1 for unit in coded)
    if expected is None:
        assert found.alpha is None
    else:
        assert found.alpha == pytest.approx(expected)
        assert found.low is not None and found.high is not None and found.low <= found.high <= 1


def test_who_agree_in_part_agree_by_more_than_who_do_not() -> None:
    staff, access, both = frozenset({"staff"}), frozenset({"access"}), frozenset({"staff", "access"})
    same = [[staff, staff], [access, access]] * 100
    in_part, not_at_all = (theme_sets.agreement([*same, *[[staff, other]] * 60]) for other in (both, access))
    assert theme_sets.agreement(same).alpha == 1.0
    assert in_part.alpha > not_at_all.high
    assert not in_part.is_few and theme_sets.agreement(same[:20]).is_few


def test_of_nothing_that_two_coded_nothing_is_said() -> None:
    found = theme_sets.agreement([[frozenset({"staff"})]])
    assert (found.comment_count, found.alpha, found.low) == (0, None, None)
