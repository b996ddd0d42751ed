"""What people say the model read wrongly in a comment, and which items of a sample were drawn by chance."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "comment_flags",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("comment_id", sa.Text, nullable=False),
        sa.Column("frame", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("wrong", sa.Text, nullable=False),
        sa.Column("model_version", sa.Text),
        sa.Column("sample_id", sa.Integer),
        sa.CheckConstraint("wrong in ('theme', 'polarity', 'sentiment')", name="ck_comment_flags_wrong"),
        sa.ForeignKeyConstraint(["sample_id"], ["review_samples.id"], name="fk_comment_flags_sample_id_review_samples"),
        sa.PrimaryKeyConstraint("id", name="pk_comment_flags"),
        sa.UniqueConstraint("comment_id", "by", "frame", "code", name="uq_comment_flags_comment_id"),
        comment="What somebody says the model read wrongly in a comment. One row per comment, person and theme.",
    )
    op.create_index("ix_comment_flags_comment_id", "comment_flags", ["comment_id"])
    # Until now every comment of a sample was drawn by chance.
    op.add_column("review_items", sa.Column("chance_sample_id", sa.Integer))
    op.add_column("review_items", sa.Column("chance_weight", sa.Double))
    op.execute("update review_items set chance_sample_id = sample_id, chance_weight = weight")
