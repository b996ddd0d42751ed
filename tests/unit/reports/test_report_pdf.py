"""The report on paper: a tagged PDF that a validator of PDF/UA-1 finds nothing in, with the words of the page."""

from pathlib import Path

import page as validator
import pypdfium2
import pytest

from tests.fixtures.published import publish, settings_for
from wordround import reports
from wordround.published.periods import Asked
from wordround.reports import pdf

TWO_SERVICES = "delete from marts.dim_services where service_id not in ('kestrel', 'merlin');"

pytestmark = pytest.mark.skipif(not pdf.is_possible(), reason="this machine has no Pango: no PDF can be made")


def rendered(home: Path, change: str = TWO_SERVICES) -> Path:
    publish(home, change)
    outcome = reports.render(settings_for(home, report={"pdf": True}))
    assert outcome.pdf is not None and outcome.no_pdf is None
    return outcome.pdf


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rendered(tmp_path_factory.mktemp("home"))


def test_a_validator_of_pdf_ua_finds_nothing(made: Path) -> None:
    report = validator.validate_pdf(str(made), profile=validator.ValidationProfile.PDF_UA_1)
    assert [failure.rule_id for failure in report.failures] == []
    assert report.is_compliant and report.rules.total > 100


def test_nor_in_the_report_on_a_month(tmp_path: Path) -> None:
    publish(tmp_path, TWO_SERVICES)
    outcome = reports.render(settings_for(tmp_path, report={"pdf": True}), asked=Asked("month"))
    report = validator.validate_pdf(str(outcome.pdf), profile=validator.ValidationProfile.PDF_UA_1)
    assert [failure.rule_id for failure in report.failures] == [] and report.is_compliant
    pages = [each.get_textpage().get_text_range() for each in pypdfium2.PdfDocument(outcome.pdf)]
    assert "What patients said in October 2026" in pages[0]


def test_the_validator_would_find_a_chart_without_words_for_who_cannot_see_it() -> None:
    bare = pdf.written('<html lang="en"><title>x</title><svg width="9" height="9"><rect width="9" height="9"/></svg>')
    report = validator.validate_pdf_bytes(bare, profile=validator.ValidationProfile.PDF_UA_1)
    assert "PDFUA1-FIGURE-ALTERNATIVE-TEXT-001" in [failure.rule_id for failure in report.failures]


def test_the_first_page_holds_all_five_places_and_every_service_has_its_pages(made: Path) -> None:
    document = pypdfium2.PdfDocument(made)
    pages = [each.get_textpage().get_text_range() for each in document]
    for heading in ("What changed", "What is good", "What needs a look", "What it rests on", "Social media"):
        assert heading in pages[0]
    for service in ("Kestrel Ward", "Merlin Ward (psychiatric intensive care)"):
        assert any(text.lstrip().startswith(service) for text in pages[1:])


def test_the_same_publication_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    assert rendered(tmp_path).read_bytes() == made.read_bytes()


def test_a_chart_speaks_its_title_and_what_it_shows(made: Path) -> None:
    content = pypdfium2.PdfDocument(made)
    assert content.get_metadata_dict()["Title"].startswith("Patient comments, week 2026-W46")


def test_nothing_is_fetched_from_anywhere(caplog: pytest.LogCaptureFixture) -> None:
    written = pdf.written('<html lang="en"><title>x</title><p>x<img src="https://example.org/x.png" alt="y">')
    assert written.startswith(b"%PDF")
    assert b"example.org" not in written


def test_where_it_cannot_be_made_the_report_is_written_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "is_possible", lambda: False)
    publish(tmp_path, TWO_SERVICES)
    outcome = reports.render(settings_for(tmp_path, report={"pdf": True}))
    assert outcome.report.is_file() and outcome.pdf is None
    assert "apt-get install libpango" in str(outcome.no_pdf)
