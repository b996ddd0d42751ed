"""The migrations of the store, run by Alembic in the order of their numbers. One that was released is never changed."""

from pathlib import Path

import sqlalchemy as sa


def migrate(connection: sa.Connection, to: str = "head") -> None:
    """Bring the tables up to a revision, within the transaction of the connection."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
