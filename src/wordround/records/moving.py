"""Moving records between databases: into a file of a backup, and from there into whichever database is in force.

So a backup of a server's records is a file too, and needs no program of the server.
"""

from pathlib import Path

import sqlalchemy as sa

from wordround.records import store
from wordround.records.place import place_of
from wordround.records.tables import metadata
from wordround.settings import Settings


def save(settings: Settings, folder: Path) -> Path | None:
    """Write all records as they are at one moment into a new file below a folder; None where there is no store yet.

    Nobody writes meanwhile; readers go on. Raises RecordsFailed, StorageFailed.
    """
    if not store.is_there(settings):
        return None
    copy = _file_in(settings, folder)
    with store.writing(settings) as there, store.writing(copy) as here:
        _copy(there, here)
    return place_of(copy).path


def bring_in(settings: Settings, folder: Path) -> bool:
    """Copy the records of a file that `save` wrote; False, and nothing is done, where the store has rows already."""
    with store.reading(_file_in(settings, folder)) as there, store.writing(settings) as here:
        if any(here.execute(sa.select(table).limit(1)).first() for table in metadata.sorted_tables):
            return False
        _copy(there, here)
    return True


def _file_in(settings: Settings, folder: Path) -> Settings:
    environment = settings.environment.model_copy(update={"home": folder, "records_url": None})
    return settings.model_copy(update={"environment": environment})


def _copy(there: sa.Connection, here: sa.Connection) -> None:
    for table in metadata.sorted_tables:
        # Rows that refer to others of their table come after them.
        rows = [dict(row) for row in there.execute(sa.select(table).order_by(*table.primary_key)).mappings()]
        if rows:
            here.execute(sa.insert(table), rows)
        if rows and here.dialect.name == "postgresql" and "id" in table.c:
            highest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
            here.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, "id"), highest)))
