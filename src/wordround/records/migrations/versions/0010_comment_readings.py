"""What people read of comments on the web page: who, when, what they asked for and how many they were shown."""

import sqlalchemy as sa
from alembic import op

from wordround.records.migrations.append_only import forbid_changes, forbid_deletion

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "comment_readings",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("comment_count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_comment_readings"),
        comment="Comments that the web page showed to somebody. One row per page, never changed.",
    )
    forbid_changes("comment_readings")
    forbid_deletion("comment_readings")
