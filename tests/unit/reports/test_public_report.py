"""The report for the public: the public figures, summed where all are shown, and nothing that they do not hold."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.fixtures.public_tables import Cells, build
from wordround.cli import app
from wordround.errors import MonthNotThere, NothingPublished
from wordround.publish import editions
from wordround.reports import public_report
from wordround.settings import Settings
from wordround.warehouse import engine

SERVICES = ("a", "b", "c")


def month(code: str, **comments: int) -> Cells:
    """Services with so many comments in each of two weeks of a month, half of them negative and about staff."""
    first = date.fromisoformat(f"{code}-05")
    monday = first - timedelta(days=first.weekday())
    return {
        ("T", service, code, monday + timedelta(weeks=week)): [count, count // 2, count // 2]
        for service, count in {**dict.fromkeys(SERVICES, 40), **comments}.items()
        for week in range(2)
    }


def made(settings: Settings, *months: Cells, changes: str = "") -> None:
    cells: Cells = {}
    for each in months:
        cells |= each
    with engine.connect(settings) as connection:
        build(connection, cells)
        connection.execute(changes or "select 1")
    assert editions.make(settings).made


def table(page: Path, caption: str) -> dict[str, list[str]]:
    html = page.read_text(encoding="utf-8")
    part = html.partition(f"<caption>{caption}")[2].partition("</table>")[0]
    return {
        name: re.findall(r'data-label="[^"]+">([^<]+)<', row)
        for row in part.split("<tr>")[2:]
        for name in re.findall(r'<th scope="row">([^<]+)<', row)
    }


@pytest.fixture
def without_pdf(settings: Settings) -> Settings:
    return settings.model_copy(update={"report": settings.report.model_copy(update={"pdf": False})})


def test_a_month_has_the_figures_of_the_edition_and_what_is_hidden_there_is_hidden(without_pdf: Settings) -> None:
    made(without_pdf, month("2026-01"), month("2026-02", b=2, c=2))
    outcome = public_report.write(without_pdf)
    assert (outcome.period, outcome.edition, outcome.services) == ("2026-02", 1, 3)
    assert outcome.report.parent.name == "public-2026-02"
    services = table(outcome.report, "Services: T")
    assert services["Ward a"] == ["80", "50%"] and services["Ward c"] == ["hidden", "hidden"]
    assert table(outcome.report, "Themes: T")["Staff"] == ["44", "100%"]
    assert list(table(outcome.report, "Month by month: T")) == ["January 2026", "February 2026"]
    first = public_report.write(without_pdf, "2026-01")
    assert table(first.report, "Services: T")["Ward c"] == ["80", "50%"]


def test_a_quarter_is_the_sum_of_its_months_and_is_hidden_where_one_of_them_is(without_pdf: Settings) -> None:
    months = [month(f"2026-0{number}") for number in (1, 2, 4)] + [month("2026-03", b=2, c=2)]
    made(without_pdf, *months)
    outcome = public_report.write(without_pdf, is_quarter=True)
    assert outcome.period == "2026-Q1" and outcome.report.parent.name == "public-2026-Q1"
    services = table(outcome.report, "Services: T")
    assert services["Ward a"] == ["240", "50%"] and services["Ward c"] == ["hidden", "hidden"]
    assert "January to March 2026" in outcome.report.read_text(encoding="utf-8")
    with pytest.raises(MonthNotThere, match=r"2026-Q2: is not whole .* It has: 2026-Q1 to 2026-Q1"):
        public_report.write(without_pdf, "2026-Q2", is_quarter=True)


def test_it_quotes_nobody_and_names_no_inner_figure(without_pdf: Settings) -> None:
    made(without_pdf, month("2026-01"), month("2026-02"))
    html = public_report.write(without_pdf).report.read_text(encoding="utf-8")
    assert "<blockquote" not in html and "noindex" not in html
    assert "hidden</td>" not in html
    assert html.count("<h1>") == 1 and "SHOUT to 85258" in html


def gap(source: str, month_code: str, weeks: int) -> str:
    return f"insert into public.public_source_gaps values ('T', '{month_code}', '{source}', {weeks});"


def test_a_source_that_brought_nothing_is_named_as_it_was_in_the_edition_of_the_month(without_pdf: Settings) -> None:
    def told(period: str | None = None, *, is_quarter: bool = False) -> str:
        return public_report.write(without_pdf, period, is_quarter=is_quarter).report.read_text(encoding="utf-8")

    made(without_pdf, month("2026-01"), changes=gap("fft", "2026-01", 1) + gap("fft", "2025-12", 1))
    one = "No comment of one of the two weeks of January 2026 came from FFT, though many came before"
    assert one in told() and "numbers may be too low" in told()
    # A file that comes later changes no figure of January, and not what is said of them; February is new.
    later = gap("fft", "2026-02", 2)
    made(without_pdf, *(month(f"2026-0{each}") for each in (1, 2, 3)), changes=later)
    whole = "No comment of February 2026 came from FFT"
    assert one in told("2026-01") and whole in told("2026-02") and "may be missing" not in told("2026-03")
    assert one in (quarter := told("2026-Q1", is_quarter=True)) and whole in quarter


def test_before_there_is_an_edition_it_says_what_makes_one(without_pdf: Settings) -> None:
    with pytest.raises(NothingPublished, match="wordround edition"):
        public_report.write(without_pdf)


def test_the_same_edition_gives_the_same_bytes_and_the_verb_takes_a_period(without_pdf: Settings) -> None:
    made(without_pdf, *(month(f"2026-0{number}") for number in (1, 2, 3)))
    outcome = public_report.write(without_pdf, "2026-01")
    before = outcome.report.read_bytes()
    assert CliRunner().invoke(app, ["report", "public", "--month", "2026-01"]).exit_code == 0
    assert outcome.report.read_bytes() == before
    quarter = CliRunner().invoke(app, ["report", "public", "--quarter", "1", "--year", "2026"])
    assert quarter.exit_code == 0 and "2026-Q1" in quarter.stdout
    assert CliRunner().invoke(app, ["report", "public", "--quarter", "1"]).exit_code == 2
    assert CliRunner().invoke(app, ["report", "public", "--month", "2025-01"]).exit_code == 1
