"""The charts agree with NHSRplotthedots 0.2.2 on every series of the fixture, and deviate only where they say so.

The macro runs in real dbt (tests/dbt/xmr_project). One run serves all cases; each case is charted twice, once under
each rule profile.
"""

import itertools
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from wordround.build import dbt as marts
from wordround.errors import BuildFailed
from wordround.settings import PROJECT, Settings, load_settings

CASES = json.loads((PROJECT / "tests/fixtures/spc_conformance.json").read_text(encoding="utf-8"))["xmr_cases"]
SPC_PROJECT = Path(__file__).parent / "xmr_project"

# The reference draws conclusions from these; here they are refused. Everything else about them is compared too.
REFUSED = {
    "constant_then_jump": "the baseline does not vary: the limits lie on the mean",
    "zeros_with_rare_ones_noscreen": "too rare for this chart: use a g or t chart",
}
# The reference stops with an error of R's on this series: a run of points with a gap in it.
NO_REFERENCE = {"missing_three"}

TYPES = {
    "Above UCL": ("outside_limits", "above"),
    "Below LCL": ("outside_limits", "below"),
    "7 Point Trend (Increasing)": ("trend", "above"),
    "7 Point Trend (Decreasing)": ("trend", "below"),
    "2 in 3 Above CL": ("two_of_three", "above"),
    "2 in 3 Below CL": ("two_of_three", "below"),
    "7 Points Above CL": ("shift", "above"),
    "7 Points Below CL": ("shift", "below"),
    "Common Cause": (None, None),
}

SERIES = """
    create schema if not exists spc;
    create or replace table spc.series (
        series_id varchar, point_date date, value double, improvement_direction varchar, is_screened boolean,
        fix_after_n integer, rebase_dates date[], rule_profile varchar, run_length integer, target double
    )
"""


def of_facet(option: Any, facet: str) -> Any:
    return option.get(facet) if isinstance(option, dict) else option


def rows_of(case: dict[str, Any], profile: str, run_length: int = 7) -> Iterator[tuple[Any, ...]]:
    options = case["options"]
    for point in case["series"]:
        facet = point["facet"]
        yield (
            f"{case['id']}|{profile}|{facet}",
            point["date"],
            point["value"],
            options["improvement_direction"],
            options["screen_outliers"],
            options["fix_after_n_points"],
            of_facet(options["rebase"], facet),
            profile,
            run_length,
            of_facet(options["target"], facet),
        )


def chart(settings: Settings, rows: list[tuple[Any, ...]]) -> dict[str, list[dict[str, Any]]]:
    settings.home.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.warehouse_file)) as connection:
        connection.execute(SERIES)
        for start in range(0, len(rows), 500):
            part = rows[start : start + 500]
            places = ", ".join([f"({', '.join('?' * 10)})"] * len(part))
            connection.execute(f"insert into spc.series values {places}", [value for row in part for value in row])
    marts.invoke(settings, ["run"], SPC_PROJECT)
    charts: dict[str, list[dict[str, Any]]] = {}
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        found = connection.execute("select * from spc.charts order by series_id, point_date")
        columns = [column[0] for column in found.description]
        for values in found.fetchall():
            point = dict(zip(columns, values, strict=True))
            charts.setdefault(point["series_id"], []).append(point)
    return charts


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORDROUND_HOME", str(tmp_path_factory.mktemp("spc")))
        patch.setenv("WORDROUND_CONFIG", str(PROJECT / "wordround.toml"))
        profiles = ("nhs_r", "mdc_2023")
        return chart(load_settings(), [row for case in CASES for p in profiles for row in rows_of(case, p)])


def drawn(charts: dict[str, list[dict[str, Any]]], case: dict[str, Any], profile: str) -> list[dict[str, Any]]:
    facets = sorted({point["facet"] for point in case["series"]})
    return [point for facet in facets for point in charts[f"{case['id']}|{profile}|{facet}"]]


def expected_rows(case: dict[str, Any]) -> list[dict[str, Any]]:
    return sorted(case["expected"]["rows"], key=lambda row: (row["facet"], row["date"]))


def same(ours: float | None, theirs: float | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12)


def with_reference() -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in CASES if case["id"] not in NO_REFERENCE]


def test_the_fixture_holds_all_57_series() -> None:
    assert len(CASES) == 57
    assert set(REFUSED) | NO_REFERENCE < {case["id"] for case in CASES}
    assert {case["id"] for case in CASES if "expected" not in case} == NO_REFERENCE


@pytest.mark.parametrize("case", with_reference())
def test_limits_are_those_of_the_reference(charts: dict[str, Any], case: dict[str, Any]) -> None:
    points = drawn(charts, case, "nhs_r")
    assert len(points) == len(case["series"])
    for ours, theirs in zip(points, expected_rows(case), strict=True):
        assert str(ours["point_date"]) == theirs["date"]
        assert same(ours["value"], theirs["value"])
        for mine, other in (("mean_value", "mean"), ("lower_limit", "lpl"), ("upper_limit", "upl")):
            assert same(ours[mine], theirs[other]), (theirs["date"], mine)
        if ours["upper_limit"] is not None:
            near = (ours["upper_limit"] - ours["mean_value"]) * 2 / 3
            assert same(ours["upper_near_limit"], ours["mean_value"] + near)
            assert same(ours["lower_near_limit"], ours["mean_value"] - near)


@pytest.mark.parametrize("case", with_reference())
def test_every_point_is_judged_as_the_reference_judges_it(charts: dict[str, Any], case: dict[str, Any]) -> None:
    points = drawn(charts, case, "nhs_r")
    for ours, theirs in zip(points, expected_rows(case), strict=True):
        when = theirs["date"]
        assert ours["rebase_group"] == theirs["rebase_group"], when
        assert ours["relative_to_mean"] == theirs["relative_to_mean"], when
        assert ours["is_outside"] == theirs["outside_limits"], when
        assert ours["is_near_limit"] == theirs["close_to_limits"], when
        assert (ours["special_cause_type"], ours["special_cause_side"]) == TYPES[theirs["special_cause_type"]], when
        assert (ours["special_cause_type"] is not None) == theirs["special_cause_flag"], when
        assert ours["point_type"] == theirs["point_type"].removeprefix("special_cause_"), when
        assert ours["is_short_group"] == theirs["short_group_warning"], when
    assert any(point["is_short_group"] for point in points) == case["expected"]["short_group_warning_raised"]


@pytest.mark.parametrize("case", with_reference())
def test_icons_come_from_the_last_point_and_the_last_limits(charts: dict[str, Any], case: dict[str, Any]) -> None:
    last = {facet: charts[f"{case['id']}|nhs_r|{facet}"][-1] for facet in {p["facet"] for p in case["series"]}}
    icons = {(icon["facet"], icon["type"]): icon["icon"] for icon in case["expected"]["icons"]}
    for facet, point in last.items():
        height = {"above": "_high", "below": "_low", None: ""}[point["special_cause_side"]]
        assert icons[facet, "variation"] == point["point_type"].removesuffix(height) + height
        assurance = point["assurance_type"]
        assert icons.get((facet, "assurance")) == (assurance and assurance.removeprefix("consistent_"))
    for answer in case["expected"]["assurance"]:
        assert last[answer["facet"]]["assurance_type"] == answer["assurance_type"]


@pytest.mark.parametrize("case", with_reference())
def test_mdc_2023_counts_points_outside_the_limits_in_two_of_three(
    charts: dict[str, Any], case: dict[str, Any]
) -> None:
    differs = {(d["facet"], d["date"]): d for d in case["mdc_2023_two_sigma_differences"]}
    for ours, theirs in zip(drawn(charts, case, "mdc_2023"), expected_rows(case), strict=True):
        difference = differs.get((theirs["facet"], theirs["date"]))
        wanted = difference["mdc_2023"] if difference else theirs["special_cause_type"]
        assert (ours["special_cause_type"], ours["special_cause_side"]) == TYPES[wanted], theirs["date"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
def test_only_the_documented_deviations_are_refused(charts: dict[str, Any], case: dict[str, Any]) -> None:
    assert {point["refusal_reason"] for point in drawn(charts, case, "nhs_r")} == {REFUSED.get(case["id"])}


@pytest.mark.parametrize("case_id", ["constant_int_noscreen", "constant_tenth"])
def test_a_constant_series_has_no_special_cause(charts: dict[str, Any], case_id: str) -> None:
    for point in charts[f"{case_id}|nhs_r|no facet"]:
        assert point["special_cause_type"] is None
        assert point["mean_value"] == point["value"]


def test_where_the_reference_stops_a_missing_value_drops_both_ranges_and_breaks_runs(charts: dict[str, Any]) -> None:
    points = charts["missing_three|nhs_r|no facet"]
    values = [point["value"] for point in points]
    assert values.count(None) == 3
    known = [value for value in values if value is not None]
    mean = math.fsum(known) / len(known)
    ranges = [abs(b - a) for a, b in itertools.pairwise(values) if a is not None and b is not None]
    kept = [r for r in ranges if r < 3.267 * math.fsum(ranges) / len(ranges)]
    assert same(points[0]["mean_value"], mean)
    assert same(points[0]["upper_limit"], mean + 2.66 * math.fsum(kept) / len(kept))
    assert not any(point["special_cause_type"] for point in points if point["value"] is None)


def series(name: str, values: list[float | None], run_length: int, **options: Any) -> list[tuple[Any, ...]]:
    case = {
        "id": name,
        "options": {
            "improvement_direction": "increase",
            "screen_outliers": True,
            "fix_after_n_points": 12,
            "rebase": None,
            "target": None,
        }
        | options,
        "series": [{"facet": "f", "date": f"2024-01-{day + 1:02}", "value": v} for day, v in enumerate(values)],
    }
    return list(rows_of(case, "nhs_r", run_length))


BASELINE: list[float | None] = [10, 14, 10, 14, 10, 14, 10, 14, 10, 14, 10, 14]


def test_a_signal_is_given_by_the_point_that_completes_the_rule_and_run_length_is_an_option(settings: Settings) -> None:
    six_above = [*BASELINE, 11, 13, 13.5, 13, 13.5, 13, 13.5, 11]
    rows = series("six", six_above, 6) + series("seven", six_above, 7)
    charts = chart(settings, rows)
    six = charts["six|nhs_r|f"]
    assert [p["special_cause_type"] for p in six][12:] == [None, *["shift"] * 6, None]
    assert [p["signal_type"] for p in six][12:] == [None] * 6 + ["shift", None]
    assert [p["signal_side"] for p in six][18] == "above"
    assert not any(p["special_cause_type"] or p["signal_type"] for p in charts["seven|nhs_r|f"])


def test_a_rebase_date_that_is_no_point_of_the_series_is_an_error_that_names_it(settings: Settings) -> None:
    with pytest.raises(BuildFailed, match=r"rebase date 2024-03-09 is no point of series wrong\|nhs_r\|f"):
        chart(settings, series("wrong", BASELINE, 7, rebase=["2024-03-09"]))
