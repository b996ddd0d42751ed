"""What a funnel finds, by how many are compared: of few next to nothing, which is why few are not compared."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from wordround.spc.comparing import compared

WORLDS = 300


def outside(count: int, spread: float, least_units: int = 3) -> tuple[float, float]:
    """How often one of three tenths, whose odds are those of the others times 2.7, is outside; and how often another.

    spread: by how much services usually differ, as a standard deviation of log-odds.
    """
    chance = np.random.default_rng(11)
    rows: list[dict[str, Any]] = []
    for world in range(WORLDS):
        log_odds = np.log(0.3 / 0.7) + chance.normal(0, spread, count)
        log_odds[0] += 1
        for number, each in enumerate(1 / (1 + np.exp(-log_odds))):
            n = int(chance.integers(80, 900))
            rows.append(row(f"world {world}", f"{number}", int(chance.binomial(n, each)), n))
    found = compared(pa.Table.from_pylist(rows), least_units, 20).to_pylist()
    odd = [each["is_outside"] for each in found if each["unit_id"] == "0"]
    others = [each["is_outside"] for each in found if each["unit_id"] != "0"]
    return float(np.mean([bool(each) for each in odd])), float(np.mean([bool(each) for each in others]))


def row(kind: str, unit: str, x: int, n: int) -> dict[str, Any]:
    names = {"level_code": "service", "kind_label": kind, "measure_code": "negative_share", "theme_code": None}
    return names | {"unit_id": unit, "numerator_count": x, "denominator_count": n}


@pytest.mark.parametrize(("count", "spread", "least", "most"), [
    (3, 0.0, 0.0, 0.02), (4, 0.0, 0.0, 0.15), (6, 0.0, 0.4, 0.7), (8, 0.0, 0.9, 1.0),
    (4, 0.3, 0.0, 0.06), (12, 0.3, 0.4, 0.7),
])  # fmt: skip
def test_the_more_are_compared_the_more_is_found(count: int, spread: float, least: float, most: float) -> None:
    found, wrong = outside(count, spread)
    assert least <= found <= most
    # Those that differ as services usually do are outside as seldom as they should be, or a little more often.
    assert wrong < 0.02


def test_fewer_than_wanted_are_not_compared_and_keep_their_shares_out_of_no_other_funnel() -> None:
    rows = [row("ward", str(number), 30, 100) for number in range(4)]
    rows += [row("clinic", str(number), 30, 100) for number in range(5)]
    rows += [row("clinic", "small", 19, 19)]
    found = compared(pa.Table.from_pylist(rows), 5, 20).to_pylist()
    reasons = {(each["kind_label"], each["unit_id"] == "small"): each["not_compared_reason"] for each in found}
    assert reasons == {
        ("ward", False): "fewer than 5 of this kind have enough comments",
        ("clinic", False): None,
        ("clinic", True): "fewer than 20 comments",
    }
    assert {each["centre_share"] for each in found if each["kind_label"] == "clinic"} == {0.3, None}
    assert {each["compared_count"] for each in found if each["kind_label"] == "clinic"} == {5, None}


def test_a_theme_that_nobody_criticises_puts_nobody_outside() -> None:
    found = compared(pa.Table.from_pylist([row("ward", str(n), 0, 100) for n in range(6)]), 5, 20).to_pylist()
    assert not any(each["is_outside"] or each["is_beyond_near_limit"] for each in found)
    assert all(0 <= each["upper_limit"] < 0.1 for each in found)
