"""Spending of each day, and how far the last check for deletions came."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "spending",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("amount", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("day", "source", "purpose", name="pk_spending"),
        comment="What requests have cost, in the source's own unit. One row per day (UTC), source and purpose.",
    )
    op.create_table(
        "deletion_checks",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("last_place", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_deletion_checks"),
        comment="How far down its list the last check for deletions came. One row per source.",
    )
