"""Decisions on reports: who approved or rejected which page, when, on the web page or in Airflow, and why.

A decision is of exactly one page, known by its digest: a report that is rendered anew waits for one of its own. The
last decision on a page is in force, and who decides on the web page says how many were seen: of two people at once the
second is told. What Airflow was answered is added beside; an approval there does not undo a rejection on the web page.
What was typed as a reason is de-identified before it is written, and goes nowhere else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import report_decision_words, report_decisions
from wordround.registers.typed_words import without_identifiers
from wordround.settings import Settings

NOT_KEPT = "(not kept: it may name somebody)"
LONGEST_REASON = 500

Way = Literal["page", "airflow"]


@dataclass(frozen=True)
class Decision:
    """One decision. `report`: the name of its folder; `by`: a login, of the page or of Airflow; `why`: as kept."""

    report: str
    page_sha256: str
    is_approved: bool
    by: str
    way: Way
    at: datetime
    why: str | None = None

    @property
    def says(self) -> str:
        """The decision in words, with the reason where there is one."""
        done = "approved" if self.is_approved else "rejected"
        why = f": {self.why}" if self.why else ""
        return f"{done} by {self.by} on {self.at:%d %B %Y at %H:%M} UTC{why}"


class AlreadyDecided(Exception):
    """Somebody has decided on a page since the decisions that were seen; `last`: the last of them."""

    def __init__(self, last: Decision) -> None:
        self.last = last


def log(
    settings: Settings,
    pages: Mapping[str, str],
    *,
    is_approved: bool,
    by: str,
    way: Way,
    why: str = "",
    seen: int | None = None,
) -> None:
    """Log a decision on pages ({report: digest}), all or none; what is in force so already is not logged anew.

    seen: how many decisions on these pages were known to who decides. Raises AlreadyDecided where there are more.
    """
    reason, at = _reason(why) or None, datetime.now(UTC)
    made = [Decision(report, page, is_approved, by, way, at, reason) for report, page in pages.items()]
    with store.writing(settings) as connection:
        logged = _read(connection, report_decisions.c.report.in_(list(pages)))
        known = [each for each in logged if pages[each.report] == each.page_sha256]
        if seen is not None and len(known) > seen:
            raise AlreadyDecided(known[-1])
        for each in made:
            if not _is_known(known, each):
                _add(connection, each)


def of_reports(settings: Settings, reports: Iterable[str]) -> list[Decision]:
    """The decisions on any page of these reports, oldest first."""
    with store.reading(settings) as connection:
        return _read(connection, report_decisions.c.report.in_(list(reports)))


def in_force(decisions: Iterable[Decision], report: str, page_sha256: str) -> Decision | None:
    """The decision that holds for a page, of decisions in their order; None where nobody has decided on it. Pure."""
    now = None
    for each in decisions:
        if (each.report, each.page_sha256) != (report, page_sha256):
            continue
        is_rejected_here = now is not None and now.way == "page" and not now.is_approved
        if not (is_rejected_here and each.way == "airflow"):
            now = each
    return now


def forget_words(settings: Settings, report: str) -> int:
    """Delete the reasons that were typed about a report; who decided, when and how stays. Return how many."""
    if not store.is_there(settings):
        return 0
    those = sa.select(report_decisions.c.id).where(report_decisions.c.report == report)
    with store.writing(settings) as connection:
        found = connection.execute(
            sa.delete(report_decision_words).where(report_decision_words.c.decision_id.in_(those))
        ).rowcount
    # Also where an earlier call was cut short after deleting.
    store.leave_no_trace(settings, report_decision_words)
    return found


def _is_known(known: Iterable[Decision], made: Decision) -> bool:
    """Whether the same is in force; or was said last, by Airflow: a task that is tried again says it again."""
    of_page = [each for each in known if each.report == made.report]
    said = [each for each in of_page[-1:] if (each.way, made.way) == ("airflow", "airflow")]
    before = [in_force(of_page, made.report, made.page_sha256), *said]
    return any(each and each.is_approved == made.is_approved for each in before)


def _add(connection: sa.Connection, made: Decision) -> None:
    values = {column: getattr(made, column) for column in _COLUMNS}
    decision_id: int = connection.execute(
        sa.insert(report_decisions).values(values).returning(report_decisions.c.id)
    ).scalar_one()
    if made.why is not None:
        connection.execute(sa.insert(report_decision_words), {"decision_id": decision_id, "words": made.why})


_COLUMNS = ("report", "page_sha256", "is_approved", "by", "way", "at")


def _read(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[Decision]:
    select = (
        sa.select(*(report_decisions.c[column] for column in _COLUMNS), report_decision_words.c.words.label("why"))
        .outerjoin(report_decision_words, report_decision_words.c.decision_id == report_decisions.c.id)
        .where(condition)
        .order_by(report_decisions.c.id)
    )
    return [Decision(**row._mapping) for row in connection.execute(select)]


def _reason(typed: str) -> str:
    kept = without_identifiers(typed).kept
    # Cut afterwards: half a name is none that could be found.
    return NOT_KEPT if kept is None else " ".join(kept.split())[:LONGEST_REASON]
