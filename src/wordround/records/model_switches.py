"""Model switches: which version of a model took the place of which, for all of history at once, and when."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import model_switches
from wordround.settings import Settings


@dataclass(frozen=True)
class ModelSwitch:
    """One model that changed; those that changed together have one moment.

    `cause`: what is new, in words; `made_by`: the program. `text_count`: texts that the new version has read;
    `expired_count`: comments that keep what a former version made of them, because their texts had expired.
    """

    switched_at: datetime
    task: str
    former_version: str
    model_version: str
    cause: str
    made_by: str
    text_count: int
    expired_count: int


def all_switches(settings: Settings) -> list[ModelSwitch]:
    """All switches, oldest first."""
    columns = [column for column in model_switches.c if column.name != "id"]
    select = sa.select(*columns).order_by(model_switches.c.switched_at, model_switches.c.id)
    with store.reading(settings) as connection:
        return [ModelSwitch(**row._mapping) for row in connection.execute(select)]


def log(settings: Settings, switches: Sequence[ModelSwitch]) -> None:
    """Log switches."""
    with store.writing(settings) as connection:
        connection.execute(sa.insert(model_switches), [asdict(switch) for switch in switches])
