"""A plugin of dbt-duckdb: gives the connections of dbt the lake, as every other step opens it (warehouse/lake.py)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from wordround.settings import Settings
from wordround.warehouse import lake


class Plugin(BasePlugin):  # type: ignore[misc] # dbt-duckdb has no types
    """Known to dbt-duckdb by this name. dbt makes it, so that settings cannot be handed to it."""

    _settings: ClassVar[Settings | None] = None

    @classmethod
    @contextmanager
    def of(cls, settings: Settings) -> Iterator[None]:
        """Let connections that dbt opens within be of the lake of these settings."""
        cls._settings = settings
        try:
            yield
        finally:
            cls._settings = None

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Attach the lake to a database that was opened just now."""
        if self._settings is not None:
            lake.attach(conn, self._settings)

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Make the lake the default of a new connection."""
        if self._settings is not None:
            cursor.execute(f"use {lake.NAME}")
