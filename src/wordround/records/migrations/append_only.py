"""Tables whose rows are history: the database itself refuses to change or delete them, whatever program asks."""

from alembic import op

_FUNCTION = """
create or replace function records_are_kept() returns trigger language plpgsql as
$$ begin raise exception 'rows of % are not changed or deleted', tg_table_name; end $$
"""


def forbid_changes(table: str, columns: tuple[str, ...] = ()) -> None:
    """Refuse an update of these columns, or of any."""
    _forbid(table, f"update of {', '.join(columns)}" if columns else "update", f"{table}_are_not_changed")


def forbid_deletion(table: str) -> None:
    """Refuse to delete rows: for tables that hold nothing that anybody may ask to be erased."""
    _forbid(table, "delete", f"{table}_are_not_deleted")


def allow_deletion(table: str) -> None:
    """Take back what `forbid_deletion` says of a table."""
    of_table = "" if op.get_bind().dialect.name == "sqlite" else f" on {table}"
    op.execute(f"drop trigger {table}_are_not_deleted{of_table}")


def _forbid(table: str, what: str, name: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        refusal = f"select raise(abort, 'rows of {table} are not changed or deleted')"
        op.execute(f"create trigger {name} before {what} on {table} begin {refusal}; end")
    else:
        op.execute(_FUNCTION)
        op.execute(f"create trigger {name} before {what} on {table} for each row execute function records_are_kept()")
