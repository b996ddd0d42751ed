"""The report for the public as a page; the same figures give the same bytes."""

from markupsafe import Markup

from wordround.charts import bars
from wordround.published.figures import Part
from wordround.reports.page import environment
from wordround.reports.public_report.figures import PublicReport, TrustPart

_FEWEST_MONTHS = 3


def html(made: PublicReport) -> str:
    """The page."""
    drawn = [_months(trust, number) for number, trust in enumerate(made.trusts, start=1)]
    page = environment().get_template("public.html.j2").render(made=made, charts=drawn)
    return page.strip() + "\n"


def _months(trust: TrustPart, number: int) -> Markup | None:
    """A bar a month: the share of negative comments."""
    if sum(line.value is not None for line in trust.months) < _FEWEST_MONTHS:
        return None
    parts = [Part(line.name, line.share, line.value) for line in trust.months]
    description = "; ".join(f"{part.label} {part.share or 'hidden'}" for part in parts)
    return bars.share_bars(parts, f"months-{number}", f"Negative comments by month: {trust.name}", description)
