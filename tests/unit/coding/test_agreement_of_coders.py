"""Coefficients of agreement: the values that were published of them, and what is said where they are not defined."""

import math
from itertools import product

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as property_settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from wordround.coding.agreement import agreed
from wordround.records.reviews import Code, ThemeCode
from wordround.understand.learned import SENTIMENTS

PARKING = ThemeCode("patient_experience", "Parking")
# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): four observers, twelve units, five values. By hand
# there: nominal .743, ordinal .815.
FOUR_OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)


def coded(*coders: tuple[int | None, ...]) -> list[dict[str, Code]]:
    """Codes of each comment by coder, of grades from 1 to 5."""
    return [
        {f"coder {n}": Code(SENTIMENTS[grade - 1]) for n, grade in enumerate(column) if grade is not None}
        for column in zip(*coders, strict=True)
    ]


def test_ordinal_alpha_of_grades_is_the_published_one() -> None:
    names = [f"coder {n}" for n in range(4)]
    found = agreed(names, coded(*FOUR_OBSERVERS), resamples=50)
    assert found.alpha_of_grade.value == pytest.approx(0.815, abs=0.0005)
    assert found.comments == 12
    assert found.is_few


def test_kappa_of_a_theme_is_that_of_the_published_table() -> None:
    # The example that is given everywhere: of 50 proposals both said yes to 20 and no to 15, one alone to 5, the other
    # alone to 10. Observed .70, by chance .50, kappa .40.
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    codes = [
        {name: Code("neutral", (PARKING,) if has else ()) for name, has in zip("AB", pair, strict=True)}
        for pair in pairs
    ]
    (theme,) = agreed(["A", "B"], codes, resamples=200).themes
    assert theme.kappa.value == pytest.approx(0.4)
    assert theme.counts == {"A": 25, "B": 30}
    assert theme.kappa.low is not None and theme.kappa.high is not None
    assert theme.kappa.low < 0.4 < theme.kappa.high
    assert theme.kappa.low > 0.05 and theme.kappa.high < 0.75


def test_of_a_label_that_everybody_always_gave_nothing_is_known() -> None:
    codes = [{name: Code("positive", (PARKING,)) for name in "AB"} for _ in range(30)]
    found = agreed(["A", "B"], codes, resamples=20)
    assert found.same_class == found.same_grade == 1
    assert found.kappa_of_class.value is found.alpha_of_class.value is found.themes[0].kappa.value is None


def test_what_cannot_be_said_is_missing_and_not_another_value() -> None:
    codes = [
        {"A": Code(one), "B": Code(other)} for one, other in [("positive", "positive"), ("negative", "negative")] * 9
    ]
    plain = agreed(["A", "B"], codes, resamples=20)
    doubted = agreed(["A", "B"], [*codes, {"A": Code(None), "B": Code("neutral")}], resamples=20)
    assert plain.kappa_of_class.value == doubted.kappa_of_class.value == 1
    assert doubted.comments == plain.comments + 1


grades = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=40)


@property_settings(max_examples=40)
@given(grades)
def test_figures_are_those_of_the_libraries_and_lie_in_their_intervals(pairs: list[tuple[int, int]]) -> None:
    one, other = zip(*pairs, strict=True)
    found = agreed(["coder 0", "coder 1"], coded(one, other), resamples=30)
    classes = np.array([[0, 0, 1, 2, 2][grade - 1] for grade in (*one, *other)]).reshape(2, -1)
    if len(np.unique(classes)) > 1:
        assert found.kappa_of_class.value == pytest.approx(cohen_kappa_score(*classes))
        assert found.alpha_of_class.value == pytest.approx(
            krippendorff.alpha(classes.astype(float), level_of_measurement="nominal")
        )
    for figure in (found.kappa_of_class, found.alpha_of_class, found.alpha_of_grade):
        if figure.low is not None and figure.high is not None:
            assert figure.low <= figure.high <= 1 + 1e-9
            assert not any(map(math.isnan, (figure.low, figure.high)))


def test_more_of_the_same_comments_narrow_the_interval() -> None:
    pairs = [(1, 1), (1, 2), (4, 4), (4, 5), (3, 1), (2, 2), (5, 5), (3, 3)]

    def width(times: int) -> float:
        one, other = zip(*(pair for pair, _ in product(pairs, range(times))), strict=True)
        figure = agreed(["coder 0", "coder 1"], coded(one, other), resamples=200).alpha_of_grade
        assert figure.low is not None and figure.high is not None
        return figure.high - figure.low

    assert width(16) < width(1) / 2
