"""What Alembic runs to migrate: over the connection that it is given, within that connection's transaction."""

from alembic import context

from wordround.records.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    # Both databases take a change of tables back with its transaction; of SQLite Alembic does not expect it.
    transactional_ddl=True,
)
context.run_migrations()
