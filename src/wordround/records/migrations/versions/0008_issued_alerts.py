"""Issued alerts: the episodes that the rule has opened, with the figures of that time."""

import sqlalchemy as sa
from alembic import op

from wordround.records.migrations.append_only import forbid_changes, forbid_deletion

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "issued_alerts",
        sa.Column("alert_id", sa.Text, nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("build_id", sa.Text, nullable=False),
        sa.Column("series_id", sa.Text, nullable=False),
        sa.Column("series_code", sa.Text, nullable=False),
        sa.Column("trust_code", sa.Text, nullable=False),
        sa.Column("service_id", sa.Text),
        sa.Column("theme_code", sa.Text),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("since_week", sa.Date, nullable=False),
        sa.Column("opened_week", sa.Date, nullable=False),
        sa.Column("evidence", sa.Double, nullable=False),
        sa.Column("negative_count", sa.Integer, nullable=False),
        sa.Column("comment_count", sa.Integer, nullable=False),
        sa.Column("expected_share", sa.Double, nullable=False),
        sa.Column("baseline_comment_count", sa.Integer, nullable=False),
        sa.Column("baseline_week_count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("alert_id", name="pk_issued_alerts"),
        comment="Episodes as they were issued. One row per alert, never changed.",
    )
    forbid_changes("issued_alerts")
    forbid_deletion("issued_alerts")
