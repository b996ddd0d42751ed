"""For who signs off: the authority of each source, how long words are kept, what was erased, who read comments."""

from datetime import date
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.responses import HTMLResponse

from wordround.published import authority
from wordround.records import comment_readings, erasure_receipts, governance_versions
from wordround.records.governance_versions import GovernanceVersion
from wordround.web.visits import Visit, needs

router = APIRouter(prefix="/governance")

_A_PAGE = 100
_MOST_RECEIPTS = 200
_LAST_PAGE = 100_000
_YEARS = range(2000, 2100)
_LONDON = ZoneInfo("Europe/London")


@router.get("")
def governance(
    visit: Annotated[Visit, Depends(needs("governance"))],
    by: Annotated[str, Query(max_length=200)] = "",
    day: Annotated[str, Query(max_length=10)] = "",
    page: Annotated[int, Query(ge=1, le=_LAST_PAGE)] = 1,
) -> HTMLResponse:
    """The log of comments read, a hundred a page, and on what authority they are read. `by`: a login; `day`: a date."""
    asked, skipped = _day(day), (page - 1) * _A_PAGE
    found = comment_readings.latest(visit.settings, _A_PAGE + 1, skipped, by or None, asked)
    published = visit.build.published
    return visit.page(
        "governance.html.j2",
        title="Governance",
        readings=[(each, each.at.astimezone(_LONDON)) for each in found[:_A_PAGE]],
        readers=comment_readings.readers(visit.settings),
        by=by,
        day=day,
        number=page,
        newer=_address(by, day, page - 1) if page > 1 else None,
        older=_address(by, day, page + 1) if len(found) > _A_PAGE else None,
        statements=authority.statements(published.sources, published.services),
        receipts=erasure_receipts.all_receipts(visit.settings)[:_MOST_RECEIPTS],
        since=_since(governance_versions.of_all_sources(visit.settings)),
        labels={source.source_code: source.source_label for source in published.sources},
    )


def _day(written: str) -> date | None:
    """The day that was asked for. Raises HTTPException for what is none."""
    try:
        asked = date.fromisoformat(written) if written else None
    except ValueError:
        asked = date.min
    if asked is not None and asked.year not in _YEARS:
        raise HTTPException(422, "Give the day as year, month and day: 2026-11-29.")
    return asked


def _address(by: str, day: str, page: int) -> str:
    asked = {"by": by, "day": day, "page": page if page > 1 else ""}
    return f"/governance?{urlencode({name: value for name, value in asked.items() if value})}"


def _since(versions: list[GovernanceVersion]) -> list[tuple[str, date, int]]:
    """Of each source the day from which its answers are in force, and how many versions there were."""
    of_source: dict[str, list[GovernanceVersion]] = {}
    for version in versions:
        of_source.setdefault(version.source, []).append(version)
    return [
        (source, own[-1].valid_from.astimezone(_LONDON).date(), len(own)) for source, own in sorted(of_source.items())
    ]
