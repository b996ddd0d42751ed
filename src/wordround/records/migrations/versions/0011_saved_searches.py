"""Searches of the web page that people keep for themselves: who (a login), under which name, and what is asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("query", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_searches"),
        comment="Searches that people keep for themselves, without identifiers. One row per search.",
    )
    op.create_index("ix_saved_searches_by", "saved_searches", ["by"])
