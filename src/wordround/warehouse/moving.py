"""Moving the warehouse between engines: into a DuckDB file of a backup, and from there into a lake.

So a backup of a lake is what one of a file is, needs no program of the catalogue's server, holds catalogue and files of
one moment, and can be restored on either engine. The tables of dbt are left out: whoever restores builds them again.
"""

from pathlib import Path
from typing import Any

import duckdb

from wordround.settings import Settings
from wordround.storage import DRAFT, sync
from wordround.warehouse import lake
from wordround.warehouse.engine import CONFIG, connect, exclusive, is_there, prepare
from wordround.warehouse.kept_tables import copy
from wordround.warehouse.statements import quoted


def save(settings: Settings, path: Path) -> None:
    """Write the tables of a lake into a new DuckDB file. Raises LakeFailed, StorageFailed."""
    draft = path.with_name(f"{DRAFT}{path.name}")
    draft.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    config: dict[str, Any] = {**CONFIG, "temp_directory": str(settings.home / "spill")}
    with connect(settings):
        # As this version of Wordround has them.
        pass
    with exclusive(settings), lake.named_errors(settings), duckdb.connect(str(draft), config=config) as connection:
        prepare(connection)
        lake.attach(connection, settings, alias="old")
        copy(connection)
        connection.execute("detach old")
        connection.execute("checkpoint")
    sync(draft)
    draft.replace(path)


def bring_in(settings: Settings, path: Path) -> None:
    """Put the tables of a DuckDB file in the place of those of a lake. Raises LakeFailed."""
    with connect(settings) as connection:
        connection.execute(f"attach '{quoted(path)}' as old (read_only)")
        connection.execute("begin")
        copy(connection)
        connection.execute("commit")
        connection.execute("detach old")


def holds_rows(settings: Settings) -> bool:
    """Whether a lake has comments or batches already."""
    if not is_there(settings):
        return False
    with connect(settings) as connection:
        found = connection.execute("from (select 1 from ops.batches union all select 1 from raw.comments) limit 1")
        return found.fetchone() is not None
