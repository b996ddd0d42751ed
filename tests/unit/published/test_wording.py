"""What alerts are about, and how far two shares differ, in words."""

import pytest

from wordround.published import wording

ONE = {"XFV": "Fernvale"}
TWO = ONE | {"XGV": "Glenvale (merged)"}


@pytest.mark.parametrize(
    ("trusts", "theme", "said"),
    [
        (ONE, None, "The whole trust"),
        (ONE, "staff", "Staff, over all services"),
        (TWO, None, "Glenvale (merged)"),
        (TWO, "staff", "Staff, over all services of Glenvale (merged)"),
    ],
)
def test_a_total_says_of_which_trust_it_is_where_there_are_several(
    trusts: dict[str | None, str | None], theme: str | None, said: str
) -> None:
    trust = wording.trust_of("XGV", trusts)
    assert wording.subject(None, theme, {}, {"staff": "Staff"}, trust) == said


def test_a_service_is_called_by_its_own_name_in_one_trust_and_in_several() -> None:
    trust = wording.trust_of("XGV", dict(TWO))
    assert (
        wording.subject("heron", "staff", {"heron": "Heron Ward"}, {"staff": "Staff"}, trust) == "Staff in Heron Ward"
    )


@pytest.mark.parametrize(
    ("size", "low", "high", "said"),
    [
        (
            0.094,
            0.04,
            0.15,
            "9 points more than in May 2026 (95\xa0% confidence: between 4 and 15 more; unlikely to be",
        ),
        (-0.012, -0.05, 0.03, "1 point less than in May 2026 (95\xa0% confidence: between 5 less and 3 more; may be"),
        (
            -0.2,
            -0.3,
            -0.1,
            "20 points less than in May 2026 (95\xa0% confidence: between 10 and 30 less; unlikely to be",
        ),
        (0.002, -0.04, 0.04, "about as in May 2026 (95\xa0% confidence: between 4 less and 4 more; may be"),
    ],
)
def test_a_difference_is_told_with_its_interval_and_how_sure_it_is(
    size: float, low: float, high: float, said: str
) -> None:
    assert wording.difference(size, low, high, "May 2026").startswith(said)
