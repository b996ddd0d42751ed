"""The published alerts as somebody who acts on them needs them: what each is about, in words, and how it stands."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from wordround.published.database import published_warehouse, rows
from wordround.settings import Settings


@dataclass(frozen=True)
class PublishedAlert:
    """One alert. Weeks are their Mondays; a label is '*' where its figure is hidden."""

    TABLE: ClassVar = "marts.fct_alerts"

    alert_id: str
    series_id: str
    direction: str
    tier_code: str
    status: str
    service_id: str | None
    service_label: str | None
    theme_code: str | None
    theme_label: str | None
    since_week_date: date
    opened_week_date: date
    closed_week_date: date | None
    rebase_proposed_week_date: date | None
    part_of_alert_id: str | None
    expected_share: float
    negative_count_label: str
    comment_count_label: str


def read_alerts(settings: Settings) -> list[PublishedAlert]:
    """All published alerts, the last opened first. Raises NothingPublished, PublicationUnusable."""
    with published_warehouse(settings) as connection:
        return rows(connection, _ALERTS, PublishedAlert)


_ALERTS = """
select
    alerts.*,
    services.service_label,
    themes.theme_label
from marts.fct_alerts as alerts
left join marts.dim_services as services on alerts.service_id = services.service_id
left join marts.dim_themes as themes on alerts.theme_code = themes.theme_code
order by alerts.opened_week_date desc, alerts.alert_id
"""
