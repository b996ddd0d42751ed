"""Governance versions: which answers were in force for a source from when on, until its next version."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import governance_versions
from wordround.settings import Settings


@dataclass(frozen=True)
class GovernanceVersion:
    """The answers of one source by their names; a day as ISO 8601."""

    source: str
    valid_from: datetime
    answers: Mapping[str, str | int | None]


def of_all_sources(settings: Settings) -> list[GovernanceVersion]:
    """All versions, oldest first."""
    columns = [column for column in governance_versions.c if column.name != "id"]
    select = sa.select(*columns).order_by(governance_versions.c.valid_from, governance_versions.c.id)
    with store.reading(settings) as connection:
        return [GovernanceVersion(**row._mapping) for row in connection.execute(select)]


def log(settings: Settings, versions: Sequence[GovernanceVersion]) -> None:
    """Log versions that came into force."""
    with store.writing(settings) as connection:
        connection.execute(sa.insert(governance_versions), [asdict(version) for version in versions])
