"""Rewrites of social posts: what happened to each, and the words of those that stand."""

import sqlalchemy as sa
from alembic import op

from wordround.records.migrations.append_only import forbid_changes

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "rewrite_events",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("comment_id", sa.Text, nullable=False),
        sa.Column("rewrite_id", sa.Integer),
        sa.Column("by", sa.Text),
        sa.Column("comment_updated_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_rewrite_events"),
        sa.ForeignKeyConstraint(
            ["rewrite_id"], ["rewrite_events.id"], name="fk_rewrite_events_rewrite_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint("event in ('written', 'approved', 'withdrawn')", name="ck_rewrite_events_event"),
        sa.CheckConstraint("(event = 'written') = (rewrite_id is null)", name="ck_rewrite_events_rewrite_id"),
        comment="A rewrite was written, approved or withdrawn. One row per event; `rewrite_id` is that of its writing.",
    )
    op.create_index("ix_rewrite_events_comment_id", "rewrite_events", ["comment_id"])
    op.create_index("ix_rewrite_events_rewrite_id", "rewrite_events", ["rewrite_id"])
    # A new key changes the ids of comments, and an erasure deletes; nothing else happens to what happened.
    forbid_changes("rewrite_events", ("id", "at", "event", "rewrite_id", '"by"', "comment_updated_at"))
    op.create_table(
        "rewrite_texts",
        sa.Column("rewrite_id", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("rewrite_id", name="pk_rewrite_texts"),
        sa.ForeignKeyConstraint(
            ["rewrite_id"], ["rewrite_events.id"], name="fk_rewrite_texts_rewrite_id", ondelete="CASCADE"
        ),
        comment="The words of the rewrites that stand. One row per comment that has one.",
    )
    forbid_changes("rewrite_texts")
    op.create_table(
        "comment_keys",
        sa.Column("link_count", sa.Integer, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("link_count", name="pk_comment_keys"),
        comment="Under how many keys the ids of comments are, since the first rotation. At most one row.",
    )
