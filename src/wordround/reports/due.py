"""Which months and quarters a report is due of: the latest whose data have arrived, and what closed late."""

from wordround.published import periods as published_periods
from wordround.published.database import published_warehouse
from wordround.records import sent_reports
from wordround.reports import decisions
from wordround.reports.standing import LATEST
from wordround.settings import Settings


def periods(settings: Settings) -> list[str]:
    """Return their codes, months first, none that was sent or rejected. Raises NothingPublished, PublicationUnusable.

    One that closes after a later one is due too: of the latest three, those since the first that was decided on.
    """
    with published_warehouse(settings) as connection:
        closed = [published_periods.closed(connection, kind) for kind in published_periods.MONTHS]
    return [code for codes in closed for code in _due(settings, codes)]


def _due(settings: Settings, codes: list[str]) -> list[str]:
    latest = codes[-LATEST:]
    settled = [_is_settled(settings, code) for code in latest]
    first = settled.index(True) if any(settled) else len(latest) - 1
    return [code for code, is_settled in list(zip(latest, settled, strict=True))[max(first, 0) :] if not is_settled]


def _is_settled(settings: Settings, code: str) -> bool:
    return bool(sent_reports.last_sent(settings, code) or decisions.rejection(settings, settings.reports / code))
