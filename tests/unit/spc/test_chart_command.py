"""`wordround chart` on files of anybody: what it refuses and how it says so, and what it draws."""

import csv
import json
import math
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from wordround.cli import app

Call = Callable[..., tuple[int, str, str]]
MONDAY = date(2026, 1, 5)
GOOD = "date,value\n" + "".join(f"{MONDAY + timedelta(weeks=week)},{10 + week % 3}\n" for week in range(20))


@pytest.fixture
def chart(tmp_path: Path) -> Call:
    """The command on the text of a file: exit code, stdout, stderr."""

    def call(series: str | bytes, options: object = None, *arguments: str) -> tuple[int, str, str]:
        file = tmp_path / "series.csv"
        file.write_bytes(series.encode() if isinstance(series, str) else series)
        given = [str(file), *arguments]
        if options is not None:
            written = options if isinstance(options, str) else json.dumps(options)
            (tmp_path / "options.json").write_text(written, encoding="utf-8")
            given += ["--options", str(tmp_path / "options.json")]
        result = CliRunner().invoke(app, ["chart", *given])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout, result.stderr

    return call


COUNTS = "date,numerator,denominator"
REFUSED = [
    ("date,value\n2026-01-05,1\n2026-01-05,3\n", {}, "row 3: the date 2026-01-05 stands twice, first in row 2"),
    ("facet,date,value\nA,2026-01-05,1\nB,2026-01-05,2\nA,5 Jan 2026,3\n", {}, "2026-01-05 of facet A stands twice"),
    ("date,value\n2026-01-05,about 7\n", {}, "row 2, column value: is no number. Write it in digits"),
    ("date,value\n2026-01-05,1e300\n", {}, "row 2, column value: is beyond"),
    ("date,value\n2026-01-05,inf\n", {}, "row 2, column value: is beyond"),
    ("date,value\n2026-02-30,1\n", {}, "row 2, column date: impossible date. Write the day as 2026-03-02"),
    ("date,value\n03/02/2026,1\n", {}, "row 2, column date: ambiguous date"),
    ("date,value\n2026-01-05,1,9\n", {}, "row 2: has more cells than the header"),
    ("date,value,value\n2026-01-05,1,9\n", {}, "the column value stands twice"),
    ("day,value\n2026-01-05,1\n", {}, "lacks the column date"),
    ("date,value\n", {}, "holds no row below its header"),
    ("date,value\n2026-01-05,1\n", {"facet_field": True}, "lacks the column facet"),
    (GOOD, {"colour": "red"}, '"colour" is no option of chart xmr. Take it out; its options are '),
    (GOOD, {"freeze": 12}, '"freeze" is no option of chart xmr'),
    (GOOD, {"chart": "pie"}, 'chart: "pie" is no chart. It may be xmr, p, pp'),
    (GOOD, {"chart": ["xmr"]}, "is no chart"),
    ("date,value\n2026-01-05,1_000\n", {}, "row 2, column value: is no number"),
    (GOOD, {"target": True}, "target: true cannot be used: give a number"),
    (GOOD, {"fix_after_n_points": True}, "fix_after_n_points: true cannot be used: give a number"),
    (GOOD, '{"chart": "xmr", "target": 1, "target": 2}', '"target" stands twice. Keep one of them'),
    (GOOD, '{"notes": {"2026-01-05": "a", "2026-01-05": "b"}}', '"2026-01-05" stands twice'),
    ("label,numerator,denominator\nA,1,9\nB,2,9\nA,3,9\n", {"chart": "funnel"},
     "row 4, column label: A stands twice, first in row 2"),
    (GOOD, {"fix_after_n_points": 11}, "fix_after_n_points: 11 cannot be used"),
    # What is reckoned with it would leave 64 bits.
    (f"{COUNTS}\n2026-01-05,1,4\n", {"chart": "decision", "baseline_weeks": 10**19}, "baseline_weeks: 1000"),
    (GOOD, {"rebase": ["2026-01-06"]}, "rebase: 2026-01-06 is the date of no row in series.csv"),
    (GOOD, {"rebase": {"B": ["2026-01-05"]}}, "rebase: series.csv has no facet B. It has no facet"),
    (GOOD, {"target": {"B": 1}}, "target: series.csv has no facet B"),
    (GOOD, {"rebase": ["soon"]}, 'rebase'),
    (GOOD, '{"target": NaN}', "target"),
    (GOOD, "[1]", "options.json: is no object"),
    (GOOD, "{", "options.json: is no JSON"),
    ("date,numerator,denominator\n2026-01-05,5,4\n", {"chart": "p"}, "row 2, column numerator: 5 of 4 is no share"),
    ("date,numerator,denominator\n2026-01-05,5,\n", {"chart": "p"}, "have to be given together, or both left blank"),
    ("date,numerator,denominator\n2026-01-05,-1,4\n", {"chart": "u"}, "counts are never below zero"),
    ("date,numerator,denominator\n2026-01-05,1,4\n", {"chart": "c"}, "a c chart has no denominator"),
    ("date,value\n2026-01-05,3\n2026-01-12,0\n", {"chart": "t"}, "row 3, column value: a time between events must"),
    ("label,numerator,denominator\nA,0,0\n", {"chart": "funnel"}, "row 2, column numerator: a service without"),
    ("label,numerator,denominator\n,1,2\n", {"chart": "funnel"}, "row 2, column label: is blank"),
    (f"{COUNTS},paused\n2026-01-05,1,4,2\n", {"chart": "decision"}, "row 2, column paused: may be 0 or 1"),
    (f"{COUNTS},offset\n2026-01-05,1,4,9\n", {"chart": "decision"}, "row 2, column offset: is beyond 5"),
    (f"{COUNTS}\n1826-01-05,1,4\n2026-01-05,1,4\n", {"chart": "decision"}, "more than a hundred years"),
]  # fmt: skip


@pytest.mark.parametrize(("series", "options", "says"), REFUSED)
def test_what_cannot_be_charted_is_refused_by_name(chart: Call, series: str, options: object, says: str) -> None:
    code, stdout, stderr = chart(series, options)
    assert (code, stdout) == (1, "")
    assert says in stderr
    code, stdout, stderr = chart(series, options, "--json")
    assert (code, stderr) == (1, "")
    assert says in json.loads(stdout)["message"]


def test_one_facet_that_is_too_rare_stops_no_other(chart: Call) -> None:
    lines = ["facet,date,value"]
    for week in range(24):
        lines += [f"Rare,{MONDAY + timedelta(weeks=week)},{int(week % 8 == 3)}"]
        lines += [f"Usual,{MONDAY + timedelta(weeks=week)},{40 + week % 5 + 20 * (week == 20)}"]
    code, stdout, stderr = chart("\n".join(lines), {}, "--json")
    rows = json.loads(stdout)
    assert code == 1
    assert stderr == "series.csv: Rare: too rare for this chart: use a g or t chart\n"
    assert [row["facet"] for row in rows] == ["Rare"] * 24 + ["Usual"] * 24
    assert [row["date"] for row in rows if row["special_cause_flag"]] == [str(MONDAY + timedelta(weeks=20))]
    assert {row["upl"] for row in rows[:24]} == {None}


def test_a_share_is_charted_from_its_counts_and_no_comments_are_a_gap(chart: Call) -> None:
    lines = [f"{MONDAY + timedelta(weeks=week)},{week % 4},{0 if week == 5 else 8}" for week in range(20)]
    lines[5] = f"{MONDAY + timedelta(weeks=5)},0,0"
    _, stdout, _ = chart("date,numerator,denominator\n" + "\n".join(lines), {}, "--json")
    values = [row["value"] for row in json.loads(stdout)]
    assert values[:7] == [0, 0.125, 0.25, 0.375, 0, None, 0.25]


def test_six_points_in_a_row_where_six_are_asked_for(chart: Call) -> None:
    values = [14, 10] * 6 + [13] * 6 + [11]
    series = "date,value\n" + "".join(f"{MONDAY + timedelta(weeks=w)},{v}\n" for w, v in enumerate(values))
    found = {}
    for run_length in (6, 7):
        _, stdout, _ = chart(series, {"fix_after_n_points": 12, "run_length": run_length}, "--json")
        found[run_length] = [row["special_cause_type"] for row in json.loads(stdout)][13:18]
    assert found == {6: ["6 Points Above CL"] * 5, 7: ["Common Cause"] * 5}


def test_other_notations_are_the_same_series(chart: Call) -> None:
    _, plain, _ = chart(GOOD, {}, "--json")
    semicolons = "Date;Value\n" + "\n".join(
        f"{date.fromisoformat(day):%d/%m/%Y};{value} " for day, value in (line.split(",") for line in GOOD.split()[1:])
    )
    _, other, _ = chart("\ufeff" + semicolons, {}, "--json")
    assert json.loads(other) == json.loads(plain)


# ---------- decisions


def weeks(counts: list[tuple[int, int]], start: date = MONDAY, facet: str = "A") -> list[str]:
    return [f"{facet},{start + timedelta(weeks=week)},{x},{n}" for week, (x, n) in enumerate(counts)]


HEADER = "facet,date,numerator,denominator\n"
RISE = [(10, 40)] * 40 + [(20, 40)] * 12


def test_a_missing_week_is_a_week_without_comments(chart: Call) -> None:
    options = {"chart": "decision", "rho": 0.02, "phi": 0}
    lacking = [line for place, line in enumerate(weeks(RISE)) if place not in (5, 42)]
    empty = [
        line if place not in (5, 42) else re.sub(r"\d+,40$", "0,0", line) for place, line in enumerate(weeks(RISE))
    ]
    (_, first, _), (_, second, _) = (chart(HEADER + "\n".join(each), options, "--json") for each in (lacking, empty))
    assert json.loads(first)["episodes"] == json.loads(second)["episodes"] != []
    assert len(json.loads(first)["rows"]) == len(RISE) - 2


def test_series_that_begin_and_end_at_other_times_are_decided_each_for_itself(chart: Call) -> None:
    options = {"chart": "decision", "rho": 0.02, "phi": 0}
    short = weeks(RISE[:45], MONDAY + timedelta(weeks=30), "B")
    _, both, _ = chart(HEADER + "\n".join(weeks(RISE) + short), options, "--json")
    _, alone, _ = chart(HEADER + "\n".join(short), options, "--json")
    ours = [row for row in json.loads(both)["rows"] if row["facet"] == "B"]
    assert ours == json.loads(alone)["rows"]
    assert [e for e in json.loads(both)["episodes"] if e["facet"] == "B"] == json.loads(alone)["episodes"] != []


def test_why_a_week_is_not_monitored_is_said(chart: Call) -> None:
    _, stdout, _ = chart(HEADER + "\n".join(weeks([(0, 1)] * 30)), {"chart": "decision"}, "--json")
    reasons = [row["not_monitored_reason"] for row in json.loads(stdout)["rows"]]
    assert reasons[3] == "not monitored: too few weeks (3 of 24 for a baseline)"
    assert reasons[25] == "not monitored: too few comments (24 of 50 for a baseline)"


# ---------- pictures


def test_pictures_carry_title_rule_notes_and_figures(chart: Call, tmp_path: Path) -> None:
    lines = [f"<b>Ward</b>,{MONDAY + timedelta(weeks=week)},{40 + week % 5}" for week in range(30)]
    options = {
        "title": "Calls & bells",
        "rebase": [str(MONDAY + timedelta(weeks=15))],
        "notes": {"2026-02-02": "New form"},
    }
    png, html = tmp_path / "chart.png", tmp_path / "chart.html"
    code, stdout, stderr = chart(
        "facet,date,value\n" + "\n".join(lines), options, "--png", str(png), "--html", str(html)
    )
    assert (code, stderr) == (0, "")
    assert stdout == f"{png} is written.\n{html} is written.\n"
    assert png.read_bytes().startswith(b"\x89PNG")
    page = html.read_text(encoding="utf-8")
    assert "<h1>Calls &amp; bells</h1>" in page
    assert "<h2>&lt;b&gt;Ward&lt;/b&gt;</h2>" in page
    assert "seven in a row that rise or fall" in page
    assert "<li>2 February 2026: New form</li>" in page
    assert "limits start anew" in re.sub(r"<li>.*", "", page)
    assert len(re.findall("<tr><td>2026", page)) == 30
    assert not re.findall(r"https?://(?!www\.w3\.org)", page)


@pytest.mark.parametrize("kind", ["p", "u", "g", "decision", "funnel"])
def test_every_chart_can_be_drawn(chart: Call, tmp_path: Path, kind: str) -> None:
    header = "label,date,numerator,denominator\n"
    lines = [f"S{week},{MONDAY + timedelta(weeks=week)},{5 + week % 4},{30 + week % 7}" for week in range(40)]
    if kind == "g":
        header, lines = "date,value\n", [line.split(",", 1)[1].rsplit(",", 1)[0] for line in lines]
    code, _, stderr = chart(header + "\n".join(lines), {"chart": kind}, "--png", str(tmp_path / "a.png"))
    assert (code, stderr) == (0, "")
    assert (tmp_path / "a.png").stat().st_size > 10_000


def test_a_picture_of_too_many_facets_is_refused_and_a_page_is_not(chart: Call, tmp_path: Path) -> None:
    series = "facet,date,value\n" + "".join(
        f"F{n},{MONDAY + timedelta(weeks=w)},{w}\n" for n in range(25) for w in (0, 1)
    )
    code, _, stderr = chart(series, {}, "--png", str(tmp_path / "a.png"))
    assert code == 1
    assert "--png: a picture holds 24 charts, and these are 25. Use --html" in stderr
    assert chart(series, {}, "--html", str(tmp_path / "a.html"))[0] == 0


def test_a_wrong_option_is_explained_once_and_where_it_stands(chart: Call) -> None:
    for option, says in (
        ({"target": "abc"}, "target: \"abc\" cannot be used"), ({"rebase": "2026-01-05"}, "should be a list"),
        ({"rebase": {"A": ["soon"]}}, "rebase (0)"), ({"notes": {"soon": "x"}}, "notes (soon)"),
        ({"target": {"A": "high"}}, "target (A): \"high\""),
    ):  # fmt: skip
        code, _, stderr = chart(GOOD, option)
        assert code == 1 and says in stderr and stderr.count("cannot be used") == 1


def test_limits_of_points_without_a_value_are_not_drawn_in_silence(chart: Call) -> None:
    of = "facet,date,numerator,denominator\n{}"
    lines = [line for name in "AB" for line in weeks([(3, 9)] * 6, MONDAY, name)]
    empty = list(weeks([(0, 0)] * 3 + [(3, 9)] * 3, MONDAY, "C"))
    for kind in ("p", "pp", "u", "up"):
        code, stdout, stderr = chart(of.format("\n".join(lines + empty)), {"chart": kind, "freeze": 3}, "--json")
        assert code == 1 and "C: the first 3 points, of which `freeze` makes the limits, hold no value" in stderr
        assert "A:" not in stderr and len(json.loads(stdout)) == 18


def test_notes_that_are_close_are_not_written_over_each_other(chart: Call, tmp_path: Path) -> None:
    notes = {str(MONDAY + timedelta(weeks=week)): f"note {week} " + "of many words " * 2 for week in range(8)}
    page = tmp_path / "a.html"
    assert chart(GOOD, {"notes": notes}, "--html", str(page))[0] == 0
    drawn = re.findall(r'transform="translate\(([\d.]+),(-?[\d.]+)\)"[^>]*>note \d', page.read_text(encoding="utf-8"))
    assert len(drawn) == 8 and len({height for _, height in drawn}) > 3
    by_row: dict[str, list[float]] = {}
    for x, height in drawn:
        by_row.setdefault(height, []).append(float(x))
    assert all(b - a > 150 for xs in by_row.values() for a, b in zip(sorted(xs), sorted(xs)[1:], strict=False))


def test_a_point_alone_has_its_date(chart: Call, tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    assert chart("date,value\n2026-01-05,1\n", {}, "--html", str(page))[0] == 0
    assert "5 Jan 2026" in page.read_text(encoding="utf-8").partition("<details>")[0]


# ---------- wild input

OPTIONS = [
    {"chart": "xmr"}, {"chart": "xmr", "rule_profile": "mdc_2023", "run_length": 6, "fix_after_n_points": 12},
    {"chart": "xmr", "screen_outliers": False, "improvement_direction": "neutral"},
    *({"chart": kind} for kind in ("p", "pp", "u", "up", "c", "g", "t", "i", "decision", "funnel")),
    {"chart": "up", "freeze": 3, "screened_mr": True}, {"chart": "i", "freeze": 2, "screened_mr": True},
    {"chart": "decision", "minimum_baseline_comments": 0, "baseline_weeks": 2, "gap_weeks": 0, "close_after_weeks": 0},
]  # fmt: skip
NUMBERS = st.one_of(
    st.sampled_from(["", "NA", "0", "1", "7", "0.25", "1e12", "-3", "nan"]),
    st.integers(0, 60).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(str),
)
FACETS = st.sampled_from(["", "A", "Ward 4, North", "=1+1", "<script>", "Ünï"])
ROWS = st.lists(st.tuples(FACETS, st.integers(0, 90), NUMBERS, NUMBERS), min_size=1, max_size=60)


def all_numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [number for each in value for number in all_numbers(each)]
    return [value] if isinstance(value, int | float) else []


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS, options=st.sampled_from(OPTIONS), counts=st.booleans(), weekly=st.booleans())
def test_nothing_crashes_and_every_number_is_finite(
    chart: Call,
    tmp_path: Path,
    rows: list[tuple[str, int, str, str]],
    options: dict[str, Any],
    counts: bool,
    weekly: bool,
) -> None:
    with (tmp_path / "wild.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["facet", "label", "date", "numerator", "denominator"] if counts else ["facet", "date", "value"]
        )
        for facet, day, first, second in rows:
            when = MONDAY + timedelta(days=day * (7 if weekly else 1))
            writer.writerow([facet, f"S{day}", when, first, second] if counts else [facet, when, first])
    code, stdout, stderr = chart((tmp_path / "wild.csv").read_bytes(), options, "--json")
    found = json.loads(stdout)
    if code and "message" in found:
        assert found["error"] in ("SeriesUnusable", "DateTwice", "UnexpectedColumns")
    else:
        assert code == 0 or "too rare" in stderr or "does not vary" in stderr
        assert all(math.isfinite(number) for number in all_numbers(found))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    facets=st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=40), min_size=2, max_size=4),
    kind=st.sampled_from(["xmr", "pp", "decision"]),
    order=st.randoms(use_true_random=False),
)
def test_neither_the_order_of_facets_nor_of_rows_matters(
    chart: Call, facets: list[list[int]], kind: str, order: Any
) -> None:
    lines = [line for n, xs in enumerate(facets) for line in weeks([(x, 30) for x in xs], MONDAY, f"F{n}")]
    mixed = order.sample(lines, len(lines))
    (_, first, _), (_, second, _) = (
        chart(HEADER + "\n".join(each), {"chart": kind}, "--json") for each in (lines, mixed)
    )

    def by_point(printed: str) -> dict[str, Any]:
        found = json.loads(printed)
        rows = found["rows"] if kind == "decision" else found
        return {f"{row['facet']} {row['date']}": row for row in rows}

    one, other = by_point(first), by_point(second)
    assert one.keys() == other.keys()
    for point, row in one.items():
        for name, value in row.items():
            same = (
                math.isclose(value, other[point][name], rel_tol=1e-9, abs_tol=1e-12)
                if isinstance(value, float)
                else (value == other[point][name])
            )
            assert same, (point, name)


def test_half_a_character_in_the_options_is_refused_in_words_that_can_be_printed(chart: Call, tmp_path: Path) -> None:
    code, stdout, stderr = chart(GOOD, {"chart": "\ud800"})
    assert (code, stdout) == (1, "")
    assert "half a character" in stderr and stderr.encode()
