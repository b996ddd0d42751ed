"""Every page that a report makes, in a real browser: axe-core finds nothing, and nobody scrolls sideways."""

from datetime import date
from pathlib import Path

import pytest

from tests.fixtures.browser import DESK, TELEPHONE, is_wider_than_its_window, needs_chromium, opened, violations
from tests.fixtures.published import publish, settings_for
from tests.unit.reports.test_report_coverage import SOCIAL, WHOLE
from tests.unit.reports.test_report_front import CHIRP, posts
from wordround import reports
from wordround.published.periods import Asked
from wordround.reports import fft_return, report_file
from wordround.reports.page import environment

pytestmark = [needs_chromium, pytest.mark.slow]

THREE = "delete from marts.dim_services where service_id not in ('kestrel', 'heron', 'merlin');"
ASKED = "insert into marts.fct_query_days" + SOCIAL.format(**WHOLE).partition("insert into marts.fct_query_days")[2]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("home")
    publish(home, THREE + CHIRP + ASKED + posts("a", 40) + posts("c", 90, care=False))
    settings = settings_for(home)
    folder = reports.render(settings).folder
    mail = folder / "mail.html"
    report = report_file.read(folder)
    mail.write_text(environment().get_template("mail.html.j2").render(report=report, attached=["report.pdf"]))
    return {
        "report": folder / "report.html",
        "month": reports.render(settings, asked=Asked("month")).report,
        "return": fft_return.write(settings, date(2026, 10, 1)).page,
        "mail": mail,
    }


@pytest.mark.parametrize("width", [TELEPHONE, DESK])
@pytest.mark.parametrize("name", ["report", "month", "return", "mail"])
def test_axe_finds_nothing_and_nobody_scrolls_sideways(pages: dict[str, Path], name: str, width: int) -> None:
    with opened(pages[name], width) as page:
        # What is folded away is examined too.
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert violations(page) == []
        assert not is_wider_than_its_window(page)


def test_axe_would_find_what_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.html"
    wrong.write_text('<html lang="en"><title>x</title><main><h1>x</h1><p style="color:#ddd">pale</p></main>')
    with opened(wrong, TELEPHONE) as page:
        assert [each.partition(":")[0] for each in violations(page)] == ["color-contrast"]


@pytest.mark.parametrize("name", ["report", "month"])
def test_behind_every_chart_there_is_a_table(pages: dict[str, Path], name: str) -> None:
    with opened(pages[name], DESK) as page:
        bare = """[...document.querySelectorAll('figure')].filter(
            each => each.querySelector('svg.chart')
        ).filter(figure => !(() => {
            let next = figure.nextElementSibling;
            while (next && !next.matches('figure, h3, h2')) {
                if (next.matches('details') && next.querySelector('table')) return true;
                next = next.nextElementSibling;
            }
            return false;
        })()).length"""
        assert page.evaluate("document.querySelectorAll('figure svg.chart').length") > 6
        assert page.evaluate(bare) == 0
