"""Notices: what was told of an alert."""

import sqlalchemy as sa
from alembic import op

from wordround.records.migrations.append_only import forbid_changes, forbid_deletion

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alert_id", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("is_told", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("what", sa.Text),
        sa.Column("figures", sa.JSON, nullable=False),
        sa.Column("before", sa.JSON),
        sa.Column("build_id", sa.Text),
        sa.Column("message_id", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        comment="What was told of an alert, with the figures that it was told with. One row per notice, never changed.",
    )
    forbid_changes("notices")
    forbid_deletion("notices")
