"""The monthly return of the Friends and Family Test: a workbook in NHS England's columns, and a page that explains it.

Made of the forms that were loaded, to which it adds up. Nothing is sent: a person submits it.
"""

from datetime import date
from pathlib import Path

from wordround.outcomes import Outcome
from wordround.settings import Settings


class Returned(Outcome):
    """Where the return lies, how many forms were loaded and are in it, and what is missing."""

    month: str
    workbook: Path
    page: Path
    forms_loaded: int
    responses: int
    without_answer: int
    mode_unknown: int
    lines_hidden: int
    missing: tuple[str, ...]


def write(settings: Settings, month: date, eligible: Path | None = None, *, is_exact: bool = False) -> Returned:
    """Write the return of the month that begins on this day into `reports/fft-<month>/`.

    eligible: a file that says how many people could have answered; is_exact: with nothing hidden, for submission, in
    files of another name. Raises NothingPublished, PublicationUnusable, MonthNotThere, EligibleUnusable, StorageFailed.
    """
    from wordround.errors import EligibleUnusable
    from wordround.published import fft_months
    from wordround.reports.fft_return import eligible as eligibles
    from wordround.reports.fft_return import page, workbook
    from wordround.reports.fft_return.figures import make
    from wordround.reports.fft_return.wording import missing
    from wordround.storage import write_whole

    published = fft_months.read(settings, month)
    counts = eligibles.read(eligible)
    made = make(published, counts, is_exact)
    places = [(line.names[2], line.names[3]) for trust in made.trusts for line in trust.services]
    if strangers := counts.strangers(places):
        # A name in the file may be anybody's: it is not repeated.
        raise EligibleUnusable(
            f"{len(strangers)} of its rows name a site and service that have no form in {month:%Y-%m}. Name them as "
            "the sheet Wards of the return does, or leave them out."
        )
    folder = settings.reports / f"fft-{month:%Y-%m}"
    name = f"fft-return-{month:%Y-%m}" + ("-for-submission" if is_exact else "")
    write_whole(folder / f"{name}.xlsx", workbook.written(made))
    write_whole(folder / f"{name}.html", page.html(made, published.publication))
    return Returned(
        month=f"{month:%Y-%m}",
        workbook=folder / f"{name}.xlsx",
        page=folder / f"{name}.html",
        forms_loaded=sum(trust.loaded for trust in made.trusts),
        responses=sum(trust.total.responses for trust in made.trusts),
        without_answer=sum(trust.without_score for trust in made.trusts),
        mode_unknown=sum(trust.mode_unknown for trust in made.trusts),
        lines_hidden=made.hidden,
        missing=tuple(missing(made)),
    )
