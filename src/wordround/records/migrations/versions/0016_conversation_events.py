"""Conversations that people declare, withdraw, or say of a tag that it is none."""

import sqlalchemy as sa
from alembic import op

from wordround.records.migrations.append_only import forbid_changes, forbid_deletion

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "conversation_events",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("what", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversation_events"),
        sa.CheckConstraint("event in ('declared', 'withdrawn', 'dismissed')", name="ck_conversation_events_event"),
        sa.CheckConstraint(
            "(event = 'dismissed') = (conversation_id is null)", name="ck_conversation_events_conversation_id"
        ),
        comment="Conversations that were declared or withdrawn, and tags that are none. One row per event, never "
        "changed.",
    )
    op.create_index("ix_conversation_events_conversation_id", "conversation_events", ["conversation_id"])
    forbid_changes("conversation_events")
    forbid_deletion("conversation_events")
