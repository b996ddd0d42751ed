"""`wordround chart` gives the numbers of NHSRplotthedots, qicharts2, FunnelPlotR and of the rule that decides.

Every case goes through the command: a file of points and a file of options in, JSON out.
"""

import csv
import json
import math
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from wordround.cli import app
from wordround.settings import PROJECT

FIXTURES = PROJECT / "tests" / "fixtures"
Chart = Callable[[Iterable[dict[str, Any]], dict[str, Any]], tuple[int, Any, str]]


def fixture(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FIXTURES / f"{name}_conformance.json").read_text(encoding="utf-8"))
    return content


SPC, ATTRIBUTE, FUNNEL, DECISION = (fixture(name) for name in ("spc", "attribute", "funnel", "decision"))
# The reference draws conclusions from these; here they are refused (docs/trends.md).
REFUSED = {
    "constant_then_jump": "the baseline does not vary: the limits lie on the mean",
    "zeros_with_rare_ones_noscreen": "too rare for this chart: use a g or t chart",
}


def params(cases: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in cases]


@pytest.fixture
def chart(tmp_path: Path) -> Chart:
    """The command with --json: exit code, what it printed, what it said of it."""

    def call(points: Iterable[dict[str, Any]], options: dict[str, Any]) -> tuple[int, Any, str]:
        rows = list(points)
        with (tmp_path / "series.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        (tmp_path / "options.json").write_text(json.dumps(options), encoding="utf-8")
        arguments = ["chart", str(tmp_path / "series.csv"), "--options", str(tmp_path / "options.json"), "--json"]
        result = CliRunner().invoke(app, arguments)
        return result.exit_code, json.loads(result.stdout), result.stderr

    return call


def assert_same(ours: Any, theirs: Any, where: object, rel: float = 1e-9, absolute: float = 1e-12) -> None:
    if isinstance(theirs, dict):
        for name, value in theirs.items():
            assert_same(ours[name], value, (where, name), rel, absolute)
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs), where
        for place, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            assert_same(mine, other, (where, place), rel, absolute)
    elif isinstance(theirs, bool | str) or theirs is None:
        assert ours == theirs and (ours is None) == (theirs is None), where
    else:
        assert ours is not None and math.isclose(ours, theirs, rel_tol=rel, abs_tol=absolute), (where, ours, theirs)


def test_the_fixtures_hold_all_cases() -> None:
    counts = [len(SPC[name]) for name in ("xmr_cases", "attribute_chart_cases")]
    counts += [len(ATTRIBUTE["attribute_chart_cases"]), len(FUNNEL["cases"]), len(DECISION["cases"])]
    assert counts == [57, 11, 10, 3, 8]


@pytest.mark.parametrize("case", params(SPC["xmr_cases"]))
def test_xmr(chart: Chart, case: dict[str, Any]) -> None:
    code, rows, said = chart(case["series"], {"chart": "xmr"} | case["options"])
    if case["id"] in REFUSED:
        assert code == 1
        assert said == f"series.csv: no facet: {REFUSED[case['id']]}\n"
        assert {row["refusal_reason"] for row in rows} == {REFUSED[case["id"]]}
        assert not any(row["special_cause_flag"] or row["outside_limits"] for row in rows)
        return
    assert (code, said) == (0, "")
    if "expected" not in case:  # The reference stops with an error of R's: a run of points with a gap in it.
        assert [row["value"] for row in rows] == [point["value"] for point in case["series"]]
        return
    assert_same(rows, case["expected"]["rows"], case["id"])
    by_facet = {row["facet"]: row for row in rows}
    for icon in case["expected"]["icons"]:
        if icon["type"] == "variation":
            assert by_facet[icon["facet"]]["variation_icon"] == icon["icon"]
    for answer in case["expected"]["assurance"]:
        assert by_facet[answer["facet"]]["assurance_type"] == answer["assurance_type"]


@pytest.mark.parametrize("case", params([c for c in SPC["xmr_cases"] if c.get("mdc_2023_two_sigma_differences")]))
def test_xmr_with_points_outside_the_limits_in_two_of_three(chart: Chart, case: dict[str, Any]) -> None:
    _, rows, _ = chart(case["series"], case["options"] | {"rule_profile": "mdc_2023"})
    found = {(row["facet"], row["date"]): row["special_cause_type"] for row in rows}
    for difference in case["mdc_2023_two_sigma_differences"]:
        assert found[difference["facet"], difference["date"]] == difference["mdc_2023"]


@pytest.mark.parametrize("case", params(SPC["attribute_chart_cases"] + ATTRIBUTE["attribute_chart_cases"]))
def test_attribute_charts(chart: Chart, case: dict[str, Any]) -> None:
    code, rows, said = chart(case["series"], {"chart": case["chart"]} | case["options"])
    if "expected_error" in case:
        assert (code, said) == (1, "")
        assert "a time between events must be greater than zero" in rows["message"]
        assert rows["message"].startswith("series.csv: row 3, column numerator: ")
        return
    assert (code, said) == (0, "")
    assert_same(rows, case["expected"], case["id"])


@pytest.mark.parametrize("case", params(FUNNEL["cases"]))
def test_funnels(chart: Chart, case: dict[str, Any]) -> None:
    counts = zip(case["numerator"], case["denominator"], strict=True)
    services = ({"label": f"S{place}", "numerator": x, "denominator": n} for place, (x, n) in enumerate(counts))
    code, figures, _ = chart(services, {"chart": "funnel", "winsorise": case["winsorise"]})
    assert code == 0
    assert_same(figures, {name: value for name, value in case.items() if name != "id"}, case["id"], 0, 1e-9)


@pytest.mark.parametrize("case", params(DECISION["cases"]))
def test_decisions(chart: Chart, case: dict[str, Any]) -> None:
    columns = zip(case["numerator"], case["denominator"], case["offset"], strict=True)
    weeks = [
        {
            "facet": "A", "date": date(2024, 1, 1) + timedelta(weeks=week), "numerator": x, "denominator": n,
            "offset": offset, "paused": int(week in case["paused_weeks"]), "rebase": int(week in case["rebase_weeks"]),
        }
        for week, (x, n, offset) in enumerate(columns)
    ]  # fmt: skip
    code, decided, _ = chart(weeks, {"chart": "decision"} | case["options"])
    assert code == 0
    expected = case["expected"]
    for name in expected.keys() - {"episodes"}:
        assert_same([row[name] for row in decided["rows"]], expected[name], name, 0, 1e-9)
    assert_same(decided["episodes"], expected["episodes"], case["id"], 0, 1e-9)
    for episode in decided["episodes"]:
        assert episode["opened_date"] == str(weeks[episode["opened"]]["date"])
