"""Actions on alerts and deliveries of digests: what people did, in their words, and who was told what."""

import sqlalchemy as sa
from alembic import op

from wordround.records.migrations.append_only import forbid_changes, forbid_deletion

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    _actions()
    op.create_table(
        "alert_action_words",
        sa.Column("action_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("action_id", name="pk_alert_action_words"),
        sa.ForeignKeyConstraint(["action_id"], ["alert_actions.id"], name="fk_alert_action_words_action_id"),
        comment="What was typed, without identifiers. One row per action that has words; it can be deleted.",
    )
    op.create_table(
        "alert_deliveries",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subscriber", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("message_key", sa.Text, nullable=False),
        sa.Column("news", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_alert_deliveries"),
        sa.CheckConstraint("way in ('mail', 'webhook')", name="ck_alert_deliveries_way"),
        sa.CheckConstraint("event in ('begun', 'sent', 'failed')", name="ck_alert_deliveries_event"),
        sa.CheckConstraint("(event = 'failed') = (reason is not null)", name="ck_alert_deliveries_reason"),
        comment="A digest was begun, sent or failed. One row per event; `news` are the keys of what it told.",
    )
    forbid_changes("alert_actions")
    forbid_deletion("alert_actions")
    forbid_changes("alert_action_words")
    forbid_changes("alert_deliveries")
    forbid_deletion("alert_deliveries")


def _actions() -> None:
    op.create_table(
        "alert_actions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alert_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("is_login", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("series_id", sa.Text, nullable=False),
        sa.Column("assigned_to", sa.Text),
        sa.Column("outcome", sa.Text),
        sa.Column("acted_on", sa.Date),
        sa.Column("week_date", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_alert_actions"),
        sa.UniqueConstraint("alert_id", "version", name="uq_alert_actions_alert_id"),
        sa.CheckConstraint(
            "event in ('acknowledged', 'assigned', 'noted', 'closed', 'rebased', 'rebase_withdrawn')",
            name="ck_alert_actions_event",
        ),
        sa.CheckConstraint("(event = 'assigned') = (assigned_to is not null)", name="ck_alert_actions_assigned_to"),
        sa.CheckConstraint(
            "(event = 'closed') = (outcome is not null and acted_on is not null)", name="ck_alert_actions_outcome"
        ),
        sa.CheckConstraint(
            "outcome is null or outcome in ('no_change', 'planned', 'made')", name="ck_alert_actions_outcome_word"
        ),
        sa.CheckConstraint(
            "(event in ('rebased', 'rebase_withdrawn')) = (week_date is not null)", name="ck_alert_actions_week_date"
        ),
        comment="What people did about an alert: who, when, what. One row per action; `version` counts those of an "
        "alert.",
    )
