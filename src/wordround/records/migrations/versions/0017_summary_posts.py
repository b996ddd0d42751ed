"""Which posts a summary of a conversation counts, so that the next one does not tell one of them by its difference."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "summary_pages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("page_sha256", sa.Text, nullable=False),
        sa.Column("least_count", sa.Integer, nullable=False),
        sa.Column("told", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_summary_pages"),
        sa.UniqueConstraint("conversation_id", "page_sha256", name="uq_summary_pages_conversation_id"),
        comment="Summaries of conversations that were approved, and the last that was written. One row per page.",
    )
    op.create_index("ix_summary_pages_conversation_id", "summary_pages", ["conversation_id"])
    op.create_table(
        "summary_posts",
        sa.Column("page_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("comment_id", sa.Text, nullable=False),
        sa.Column("figures_key", sa.Text, nullable=False),
        sa.Column("is_contribution", sa.Boolean(create_constraint=False), nullable=False),
        sa.PrimaryKeyConstraint("page_id", "comment_id", name="pk_summary_posts"),
        sa.ForeignKeyConstraint(["page_id"], ["summary_pages.id"], name="fk_summary_posts_page_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
        comment="The posts that a summary counts, each with a keyed hash of what it counts as. One row per page and "
        "post.",
    )
