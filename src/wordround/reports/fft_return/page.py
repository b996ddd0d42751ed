"""The return as a page: the same lines as the workbook, as tables that a person can read and check."""

from wordround.published.figures import SCORES
from wordround.published.tables import Publication
from wordround.reports.fft_return.figures import MODES, Return
from wordround.reports.fft_return.wording import missing, notes, reconciliation
from wordround.reports.page import environment


def html(made: Return, publication: Publication) -> str:
    """The page."""
    template = environment().get_template("fft_return.html.j2")
    page = template.render(
        made=made,
        publication=publication,
        scores=SCORES,
        modes=list(MODES.values()),
        missing=missing(made),
        notes=notes(made),
        reconciliation=list(reconciliation(made)),
    )
    return page.strip() + "\n"
