"""The report for the public: a month or a quarter, from the latest edition of the public figures and nothing else.

Small numbers are hidden in those figures already. It quotes nobody. It is written, and a person publishes it.
"""

from pathlib import Path

from wordround.outcomes import Outcome
from wordround.settings import Settings


class PublicRendered(Outcome):
    """Where the report lies, of which period and edition it is, and how many of its figures are hidden."""

    period: str
    edition: int
    report: Path
    pdf: Path | None
    no_pdf: str | None
    services: int
    figures_hidden: int


def write(settings: Settings, period: str | None = None, *, is_quarter: bool = False) -> PublicRendered:
    """Write the report of a month (2026-10) or a quarter (2026-Q3), the latest that is whole without one.

    Raises NothingPublished, MonthNotThere, StorageFailed.
    """
    from wordround.published import public_months
    from wordround.reports import write_pdf
    from wordround.reports.public_report import page
    from wordround.reports.public_report.figures import make
    from wordround.storage import write_whole

    published = public_months.read(settings)
    months = public_months.of_period(published.months, period, is_quarter=is_quarter)
    made = make(published, months, is_quarter=is_quarter)
    folder = settings.reports / f"public-{made.period}"
    html = page.html(made)
    no_pdf = write_pdf(folder, html) if settings.report.pdf else "report.pdf in the settings is false."
    write_whole(folder / "report.html", html)
    return PublicRendered(
        period=made.period,
        edition=published.number,
        report=folder / "report.html",
        pdf=None if no_pdf else folder / "report.pdf",
        no_pdf=no_pdf,
        services=sum(len(trust.services) for trust in made.trusts),
        figures_hidden=made.hidden,
    )
