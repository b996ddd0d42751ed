"""Decisions on reports, and changes after an alert that the public may read; what is typed of both stands apart."""

import sqlalchemy as sa
from alembic import op

from wordround.records.migrations.append_only import forbid_changes, forbid_deletion

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "report_decisions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", sa.Text, nullable=False),
        sa.Column("page_sha256", sa.Text, nullable=False),
        sa.Column("is_approved", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_decisions"),
        sa.CheckConstraint("way in ('page', 'airflow')", name="ck_report_decisions_way"),
        comment="Who approved or rejected a page of a report. One row per decision and page, never changed.",
    )
    op.create_index("ix_report_decisions_report", "report_decisions", ["report"])
    op.create_table(
        "report_decision_words",
        sa.Column("decision_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name="pk_report_decision_words"),
        sa.ForeignKeyConstraint(["decision_id"], ["report_decisions.id"], name="fk_report_decision_words_decision_id"),
        comment="Why, without identifiers. One row per decision that has a reason; it can be deleted.",
    )
    _public_changes()
    for table in ("report_decisions", "public_changes"):
        forbid_changes(table)
        forbid_deletion(table)
    for table in ("report_decision_words", "public_change_words"):
        forbid_changes(table)


def _public_changes() -> None:
    op.create_table(
        "public_changes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alert_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_public_changes"),
        sa.CheckConstraint("event in ('opened', 'withdrawn')", name="ck_public_changes_event"),
        comment="Changes that were opened to the public or withdrawn. One row per event, never changed.",
    )
    op.create_index("ix_public_changes_alert_id", "public_changes", ["alert_id"])
    op.create_table(
        "public_change_words",
        sa.Column("change_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("change_id", name="pk_public_change_words"),
        sa.ForeignKeyConstraint(["change_id"], ["public_changes.id"], name="fk_public_change_words_change_id"),
        comment="What the public reads of a change. One row per change that is open; deleted when it is withdrawn.",
    )
