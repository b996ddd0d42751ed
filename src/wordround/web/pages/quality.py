"""Sources and quality: what was asked for and what came, what was set aside and why, and whether all checks hold."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from wordround.published import coverage, gates, queries, row_accounts, set_aside
from wordround.published.disclosure import percent
from wordround.published.windows import RECENT_WEEKS
from wordround.records import deliveries, spending
from wordround.web import drawn_charts, ready_pages
from wordround.web.visits import Visit, Visiting, needs

router = APIRouter()

_PURPOSES = {"asking": "asking for comments", "checking": "checking what was deleted"}


@router.get("/sources")
def sources(visit: Visiting) -> HTMLResponse:
    """What each source brought, for which days it answered, what is left out and set aside, and what it cost."""
    first = visit.build.published.week.week_end_date - timedelta(weeks=RECENT_WEEKS)
    # What the records hold can change at any time: a page that was kept is one of what they held.
    costs, unsent = spending.since(visit.settings, first), len(deliveries.unsent(visit.settings))
    return visit.kept_page("sources.html.j2", f"/sources {costs} {unsent}", lambda: _of_sources(visit, costs, unsent))


@router.get("/quality")
def quality(visit: Visiting) -> HTMLResponse:
    """Whether the checks of both gates hold, and whether every row is accounted for."""
    results = gates.read(visit.settings.quality)
    checked = [each.checked_at for each in results]
    return visit.kept_page("quality.html.j2", f"/quality {checked}", lambda: _of_quality(visit, results))


@router.get("/quality/page")
def quality_page(visit: Annotated[Visit, Depends(needs("analyst", "governance"))]) -> HTMLResponse:
    """The quality page as the gates have made it, with every check."""
    return ready_pages.shown(ready_pages.below(visit.settings.quality, "index.html"))


def _of_sources(visit: Visit, costs: list[tuple[str, str, float]], unsent: int) -> dict[str, Any]:
    published, small = visit.build.published, visit.build.published.small_numbers
    received, aside = set_aside.quarantined(published)
    asked = coverage.asked(published.query_days, published.sources)
    totals = row_accounts.source_totals(visit.connection)
    labels = {each.source_code: each.label for each in totals}
    return {
        "title": "Sources",
        "totals": totals,
        "counted": lambda count: _counted(visit, count),
        "asked": asked,
        "chart": drawn_charts.coverage_of_sources(visit.build),
        "left_out": [
            *coverage.left_out(published.sources, small),
            *coverage.untold(unsent),
        ],
        "received": _counted(visit, received),
        "aside": _counted(visit, aside),
        "aside_share": percent(aside / received) if received and aside / received >= 0.01 else "less than 1%",
        "reasons": _reasons(visit),
        "costs": [(labels.get(source, source), _PURPOSES[purpose], amount) for source, purpose, amount in costs],
        "recent_weeks": RECENT_WEEKS,
        "query": queries.COVERAGE,
    }


def _of_quality(visit: Visit, results: list[gates.Gate]) -> dict[str, Any]:
    accounts = row_accounts.row_accounts(visit.connection)
    return {
        "title": "Quality",
        "gates": results,
        "accounts": [(each, _parts(visit, each)) for each in accounts],
        "outcomes_of_rows": row_accounts.RowAccount.outcomes(),
        "counted": lambda count: _counted(visit, count),
        "own_reading": visit.build.published.own_reading,
        "may_see_all": visit.person.has("analyst", "governance"),
        "query": queries.COVERAGE,
    }


def _counted(visit: Visit, count: int) -> str:
    """A count of rows; for those who see labels only, a small one in words."""
    if visit.person.reads_all_comments:
        return f"{count:,}"
    return visit.build.published.small_numbers.count_shown(count)


def _parts(visit: Visit, account: row_accounts.RowAccount) -> list[str]:
    """What became of the rows of a source; for those who see labels only, without what a small part follows from."""
    parts = account.by_outcome
    hidden = set() if visit.person.reads_all_comments else visit.build.published.small_numbers.hidden_parts(parts)
    return ["hidden" if name in hidden else f"{count:,}" for name, count in parts.items()]


def _reasons(visit: Visit) -> list[tuple[str, str]]:
    """Why rows were set aside, with counts; for those who see labels only, small ones in words."""
    published = visit.build.published
    if not visit.person.reads_all_comments:
        return set_aside.reasons_shown(published)
    counts = set_aside.quarantine_reasons(published)
    return [(reason, f"{counts[reason]:,}") for reason in sorted(counts, key=lambda each: (-counts[each], each))]
