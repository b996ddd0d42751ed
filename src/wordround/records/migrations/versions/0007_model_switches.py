"""Model switches: when a new version of a model took the place of the one before, for all of history at once."""

import sqlalchemy as sa
from alembic import op

from wordround.records.migrations.append_only import forbid_changes, forbid_deletion

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "model_switches",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("switched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("task", sa.Text, nullable=False),
        sa.Column("former_version", sa.Text, nullable=False),
        sa.Column("model_version", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("text_count", sa.Integer, nullable=False),
        sa.Column("expired_count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_model_switches"),
        comment="Versions of models that took the place of others. One row per model and switch, never changed.",
    )
    forbid_changes("model_switches")
    forbid_deletion("model_switches")
