"""Issued alerts: the episodes that the rule has opened, with the figures of that time, for ever."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import issued_alerts
from wordround.settings import Settings


@dataclass(frozen=True)
class Issue:
    """An episode as it was found. Weeks are their Mondays; counts are of the weeks from `since` to `opened`."""

    alert_id: str
    series_id: str
    series_code: str
    trust_code: str
    service_id: str | None
    theme_code: str | None
    direction: str
    since_week: date
    opened_week: date
    evidence: float
    negative_count: int
    comment_count: int
    expected_share: float
    baseline_comment_count: int
    baseline_week_count: int


@dataclass(frozen=True)
class IssuedAlert:
    """When an episode was issued, of which build, and as what."""

    issued_at: datetime
    build_id: str
    issue: Issue


def every(settings: Settings) -> list[IssuedAlert]:
    """Return all that were issued, oldest first."""
    select = sa.select(issued_alerts).order_by(issued_alerts.c.issued_at, issued_alerts.c.alert_id)
    with store.reading(settings) as connection:
        rows = [dict(row._mapping) for row in connection.execute(select)]
    return [IssuedAlert(row.pop("issued_at"), row.pop("build_id"), Issue(**row)) for row in rows]


def issue(settings: Settings, issues: Sequence[Issue], build_id: str) -> int:
    """Issue those that were not issued yet, all or none; return how many."""
    if not issues:
        return 0
    at = datetime.now(UTC)
    with store.writing(settings) as connection:
        known: set[str] = set(connection.scalars(sa.select(issued_alerts.c.alert_id)))
        new = [asdict(each) | {"issued_at": at, "build_id": build_id} for each in issues if each.alert_id not in known]
        if new:
            connection.execute(sa.insert(issued_alerts), new)
    return len(new)
