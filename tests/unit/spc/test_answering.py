"""What became of a share after a change: compared when twelve weeks have passed, and no surer than the weeks allow."""

from datetime import date, timedelta

import numpy as np
import pytest

from wordround.spc.answering import FEWEST_WEEKS, WEEKS_AFTER, Answer, Week, answer
from wordround.spc.deciding import decide

FIRST = date(2026, 1, 5)


def weeks_of(*counts: tuple[float, float], start: date = FIRST, whole: bool = True) -> list[Week]:
    return [Week(start + timedelta(weeks=number), x, n, whole) for number, (x, n) in enumerate(counts)]


def monday(number: int) -> date:
    return FIRST + timedelta(weeks=number)


def answered(weeks: list[Week], changed: int = 6, last: int = 18, **values: float) -> Answer:
    """Asked of an alert that its first week had opened already."""
    return answer(weeks, FIRST, FIRST, monday(changed) + timedelta(days=2), monday(last), **values)


FALLING = weeks_of((40, 40), *[(12, 40)] * 5, (20, 40), *[(5, 40)] * 12)


def test_the_weeks_before_and_the_twelve_after_are_added_up_and_the_week_of_the_change_is_on_neither_side() -> None:
    """Nor is the week that opened the alert."""
    found = answered([*FALLING, Week(monday(19), 40, 40)], last=30)
    assert (found.before.x, found.before.n, found.before.weeks) == (60, 200, 5)
    assert (found.after.x, found.after.n, found.after.weeks) == (60, 480, 12)
    assert (found.code, found.is_very_sure, found.passed) == ("lower", True, 12)


def test_the_deviate_is_that_of_two_shares_each_week_worth_less_by_its_design_effect() -> None:
    found = answered(FALLING, rho=0.02, phi=0.2)
    effect = 1 + 0.02 * (39 + 2 * 40 * 0.2 / 0.8)
    share = 120 / 680
    expected = (60 / 480 - 60 / 200) / (share * (1 - share) * effect * (1 / 200 + 1 / 480)) ** 0.5
    assert found.deviate == pytest.approx(expected)
    assert answered(FALLING, rho=0, phi=0).deviate == pytest.approx(expected * effect**0.5)


@pytest.mark.parametrize(("passed", "last"), [(0, 6), (0, 3), (5, 11), (11, 17)])
def test_before_twelve_weeks_have_passed_it_is_too_early(passed: int, last: int) -> None:
    found = answered(FALLING, last=last)
    assert (found.code, found.passed) == ("too_early", passed)


def test_weeks_that_are_paused_or_without_comments_do_not_count_and_too_few_say_nothing() -> None:
    nine = [*FALLING[:7], *weeks_of(*[(5, 40)] * 3, start=monday(7), whole=False), *FALLING[10:]]
    assert (answered(nine).code, answered(nine).after.weeks) == ("lower", 9)
    few = [*FALLING[:7], *weeks_of(*[(0, 0)] * 9, start=monday(7)), *FALLING[16:]]
    assert (answered(few).code, answered(few).after.weeks) == ("nothing_to_compare", 3)
    assert FEWEST_WEEKS > 3 and WEEKS_AFTER == 12


def test_a_change_in_the_first_week_of_an_alert_has_nothing_to_be_compared_with() -> None:
    assert answered(FALLING, changed=0, last=18).code == "nothing_to_compare"


def test_of_a_change_in_the_week_after_the_alert_both_shares_are_given_and_not_how_sure_that_is() -> None:
    found = answered(FALLING, changed=1, last=18)
    assert (found.code, found.is_very_sure) == ("not_judged", False)
    assert (found.before.x, found.before.n, found.after.weeks) == (40, 40, 12)


def test_a_share_that_rose_is_higher_and_one_that_hardly_moved_may_be_chance() -> None:
    rising = weeks_of(*[(5, 40)] * 7, *[(12, 40)] * 12)
    assert (answered(rising).code, answered(rising).is_very_sure) == ("higher", True)
    still = weeks_of(*[(10, 40)] * 7, *[(9, 40)] * 12)
    assert (answered(still).code, answered(still).is_very_sure) == ("may_be_chance", False)
    assert answered(weeks_of(*[(0, 40)] * 19)).code == "may_be_chance"
    assert answered(weeks_of(*[(40, 40)] * 19)).deviate == 0


def chance_alerts(runs: int = 1200, n: int = 40, rho: float = 0.02) -> list[tuple[list[Week], int, int]]:
    """Series where nothing changes, and since when and in which week the rule alerts of them all the same."""
    rng, length = np.random.default_rng(20261129), 110
    counts = rng.binomial(n, rng.beta(0.25 * (1 / rho - 1), 0.75 * (1 / rho - 1), (runs, length)))
    decided = decide(counts, np.full(counts.shape, n), h_improvement=99, rho=rho)
    return [
        (weeks_of(*((float(x), n) for x in counts[one.series])), one.since, one.opened)
        for one in decided.episodes
        if one.opened + 18 < length
    ]


def test_what_falls_back_by_itself_after_an_alert_that_was_chance_is_not_said_to_be_an_effect() -> None:
    """One in forty by the words; with the weeks that opened the alert it would be more than every other one."""
    found = chance_alerts()
    assert len(found) > 200
    last = monday(109)
    said = [
        answer(weeks, monday(since), monday(opened), monday(opened + 4), last).code for weeks, since, opened in found
    ]
    assert 0 < said.count("lower") / len(found) < 0.06
    picked = [
        answer(weeks, monday(since), monday(since - 1), monday(opened + 4), last).code for weeks, since, opened in found
    ]
    assert picked.count("lower") / len(found) > 0.3


def test_a_rho_or_phi_that_is_no_share_is_refused() -> None:
    for values in ({"rho": 1.0}, {"phi": -0.1}):
        with pytest.raises(ValueError, match="rho and phi"):
            answered(FALLING, **values)
