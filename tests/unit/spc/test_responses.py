"""Responses to posts: intervals that hold, bursts that widen them, and sources that answer more than others."""

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from wordround.spc.responding import judged
from wordround.spc.responses import Stratum, per_post, times_others


def test_even_counts_have_the_exact_interval_of_a_poisson_sum() -> None:
    found = per_post([2, 2, 2, 2, 2])
    assert found is not None and found.value == 2
    assert stats.poisson.sf(9, 5 * found.low) == pytest.approx(0.025)
    assert stats.poisson.cdf(10, 5 * found.high) == pytest.approx(0.025)


def test_one_burst_says_less_than_many_posts_that_draw_as_much() -> None:
    even, burst = per_post([2] * 10), per_post([20] + [0] * 9)
    assert even is not None and burst is not None
    assert burst.value == even.value and burst.low < even.low and burst.high > even.high


def test_no_reply_has_an_interval_from_nought_and_no_post_has_none() -> None:
    found = per_post([0] * 12)
    assert found is not None and (found.value, found.low) == (0, 0) and 0.2 < found.high < 0.4
    assert per_post([]) is None


def test_at_one_source_it_is_the_interval_of_two_poisson_counts() -> None:
    found = times_others({"a": Stratum([1] * 10, [2] * 30)})
    exact = stats.binomtest(10, 70).proportion_ci(0.95, "exact")
    assert found is not None and found.value == pytest.approx(0.5)
    assert found.low == pytest.approx(3 * exact.low / (1 - exact.low))
    assert found.high == pytest.approx(3 * exact.high / (1 - exact.high))


def test_a_source_where_everybody_answers_more_says_nothing_of_a_subject() -> None:
    """Half as many replies as the others in all, and as many as these at each source."""
    found = times_others({"busy": Stratum([8] * 5, [8] * 40), "quiet": Stratum([1] * 30, [1] * 10)})
    assert found is not None and found.value == pytest.approx(1)


def test_without_others_or_replies_to_them_nothing_is_compared() -> None:
    assert times_others({"a": Stratum([3, 4], [])}) is None
    assert times_others({"a": Stratum([3, 4], [0, 0])}) is None
    assert times_others({}) is None


@pytest.mark.parametrize(("mean", "size"), [(0.5, 0.4), (1, 0.7), (3, 0.5), (1, 50)])
def test_where_a_subject_is_as_the_others_one_in_twenty_is_called_otherwise_at_most(mean: float, size: float) -> None:
    """Negative binomial counts, as replies come: few posts have most of them."""
    chance = np.random.default_rng(17)

    def drawn(posts: int) -> list[int]:
        return [int(count) for count in chance.negative_binomial(size, size / (size + mean), posts)]

    found = [times_others({"a": Stratum(drawn(12), drawn(60))}) for _ in range(600)]
    wrong = [each for each in found if each and (each.high < 1 or each.low > 1)]
    assert len(wrong) <= 0.06 * len(found)


def posts(**counts: list[int]) -> pa.Table:
    """Posts by subject, each under it and under all."""
    return pa.Table.from_pylist(
        [
            {
                "comment_id": f"{subject} {number}", "source_code": "a", "subject_code": code, "split_code": "all",
                "value_code": "all", "drawn_reply_count": count, "reaction_count": None,
            }
            for subject, given in counts.items()
            for number, count in enumerate(given)
            for code in (subject, "all")
        ],
        schema=pa.schema(
            [
                *((name, pa.string()) for name in ("comment_id", "source_code", "subject_code", "split_code")),
                ("value_code", pa.string()), ("drawn_reply_count", pa.int32()), ("reaction_count", pa.int32()),
            ]
        ),
    )  # fmt: skip


def test_few_replies_are_said_where_the_interval_says_so_and_not_of_few_posts() -> None:
    given = {"silent": [0] * 15, "usual": [1, 2, 3] * 10, "rare": [1] * 9}
    found = {row["subject_code"]: row for row in judged(posts(**given), 10).to_pylist()}
    assert {code: row["response_code"] for code, row in found.items()} == {
        "silent": "few", "usual": "many", "rare": None, "all": None,
    }  # fmt: skip
    assert found["rare"]["replies_per_post"] is None and found["rare"]["post_count"] == 9
    assert found["silent"]["reactions_per_post"] is None, "no source gives any"


def test_the_more_lines_a_table_has_the_wider_is_each_interval() -> None:
    def width(lines: int) -> float:
        others = {f"s{number}": [0, 1, 2, 1, 3] * (12 // lines) for number in range(lines)}
        rows = judged(posts(one=[0, 1, 2, 1] * 4, **others), 10).to_pylist()
        (row,) = (each for each in rows if each["subject_code"] == "one")
        return row["times_others_high"] - row["times_others_low"]

    assert width(1) < width(3) < width(6)
    assert judged(posts(), 10).num_rows == 0
