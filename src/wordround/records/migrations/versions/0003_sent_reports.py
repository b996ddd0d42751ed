"""Sent reports: which week's report the mail server took, and when."""

import sqlalchemy as sa
from alembic import op

from wordround.records.migrations.append_only import forbid_changes, forbid_deletion

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "sent_reports",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("week", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("recipient_count", sa.Integer, nullable=False),
        sa.Column("build_id", sa.Text),
        sa.Column("report_sha256", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sent_reports"),
        comment="Reports that the mail server took. One row per message, never changed.",
    )
    op.create_index("ix_sent_reports_week", "sent_reports", ["week"])
    forbid_changes("sent_reports")
    forbid_deletion("sent_reports")
