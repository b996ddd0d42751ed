"""The report as a PDF for paper and boards: the same page, tagged, and held to PDF/UA-1 by a test.

WeasyPrint lays the page out by its rules for print, with nothing fetched from anywhere. It needs the library Pango of
the system; where that is missing, the report is written without a PDF and says why.
"""

import logging
import re
from functools import cache

# A chart stands in a PDF with one alternative text: its title and its description together.
_TITLE_AND_DESCRIPTION = re.compile(r"<title( id=\"[^\"]*\")>([^<]*)</title><desc[^>]*>([^<]*)</desc>")

# What a PDF is called by would otherwise differ each time.
_NAME = b"wordround"

HOW_TO_GET_IT = (
    "No PDF was written: the library Pango is not on this machine. Debian and Ubuntu: `apt-get install libpango-1.0-0 "
    "libpangoft2-1.0-0`. The page can be printed from any browser meanwhile."
)


class PdfFailed(Exception):
    """The layout of a page could not be made; the name of the fault, and no word of the page."""


@cache
def is_possible() -> bool:
    """Whether this machine has what a PDF needs beside Python's packages."""
    try:
        _quietly()
        import weasyprint  # noqa: F401
    except OSError:
        return False
    return True


def written(page: str) -> bytes:
    """Return a page of the report as a tagged PDF (PDF/UA-1). The same page gives the same bytes. Raises PdfFailed."""
    _quietly()
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    spoken = _TITLE_AND_DESCRIPTION.sub(r"<title\1>\2. \3</title>", page)
    # A report refers to nothing outside itself.
    nothing = URLFetcher(allowed_protocols=())
    try:
        return bytes(HTML(string=spoken, url_fetcher=nothing).write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=_NAME))
    except Exception as error:
        raise PdfFailed(type(error).__name__) from error


def _quietly() -> None:
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
