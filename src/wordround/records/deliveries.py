"""Deliveries: which digest was begun, sent or failed, to which subscriber, and what it told.

A digest that was begun and neither sent nor failed may have arrived: its process ended in between.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import alert_deliveries
from wordround.settings import Settings

Way = Literal["mail", "webhook"]
Event = Literal["begun", "sent", "failed"]


@dataclass(frozen=True)
class Delivery:
    """One step of telling one subscriber. `news`: the keys of what was told; `reason`: why it failed, no address."""

    at: datetime
    subscriber: str
    way: Way
    event: Event
    message_key: str
    news: tuple[str, ...]
    reason: str | None = None


def logged(settings: Settings) -> list[Delivery]:
    """All steps, in the order in which they were logged."""
    columns = [column for column in alert_deliveries.c if column.name != "id"]
    with store.reading(settings) as connection:
        rows = connection.execute(sa.select(*columns).order_by(alert_deliveries.c.id)).mappings().all()
    return [Delivery(**{**row, "news": tuple(row["news"])}) for row in rows]


def unsent(settings: Settings) -> list[Delivery]:
    """The last step to each subscriber, by each way, whose last digest did not go out; of those who subscribe now."""
    names = {subscription.name for subscription in settings.alerts.subscribers()}
    last = {(step.subscriber, step.way): step for step in logged(settings)}
    return [step for step in last.values() if step.event != "sent" and step.subscriber in names]


def log(settings: Settings, steps: Sequence[Delivery]) -> None:
    """Log steps, all or none."""
    with store.writing(settings) as connection:
        connection.execute(sa.insert(alert_deliveries), [asdict(step) | {"news": list(step.news)} for step in steps])
