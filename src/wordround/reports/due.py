"""Which month and quarter a report is due of: the latest whose data have arrived, unless it was sent or rejected."""

from wordround.errors import MonthNotThere
from wordround.published.database import published_warehouse
from wordround.published.periods import MONTHS, Asked, read
from wordround.records import sent_reports
from wordround.reports import decisions
from wordround.settings import Settings


def periods(settings: Settings) -> list[str]:
    """Return their codes, at most one month and one quarter. Raises NothingPublished, PublicationUnusable."""
    found = []
    with published_warehouse(settings) as connection:
        for kind in MONTHS:
            try:
                found.append(read(connection, Asked(kind)).period.code)
            except MonthNotThere:
                continue
    return [code for code in found if not _is_settled(settings, code)]


def _is_settled(settings: Settings, code: str) -> bool:
    return bool(sent_reports.last_sent(settings, code) or decisions.rejection(settings, settings.reports / code))
