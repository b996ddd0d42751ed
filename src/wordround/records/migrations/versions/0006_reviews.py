"""Reviews: which comments were drawn to be coded by people, and the codes that each person gave."""

import sqlalchemy as sa
from alembic import op

from wordround.records.migrations.append_only import forbid_changes, forbid_deletion

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "review_samples",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("coders", sa.JSON, nullable=False),
        sa.Column("strata", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review_samples"),
        comment="Samples of comments that were drawn to be coded. One row per sample, never changed.",
    )
    forbid_changes("review_samples")
    forbid_deletion("review_samples")
    op.create_table(
        "review_items",
        sa.Column("sample_id", sa.Integer, nullable=False),
        sa.Column("item", sa.Integer, nullable=False),
        sa.Column("comment_id", sa.Text, nullable=False),
        sa.Column("text_key", sa.Text, nullable=False),
        sa.Column("stratum", sa.Integer, nullable=False),
        sa.Column("weight", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("sample_id", "item", name="pk_review_items"),
        sa.ForeignKeyConstraint(["sample_id"], ["review_samples.id"], name="fk_review_items_sample_id"),
        comment="The comments of a sample, each with how many it stands for. One row per sample and comment.",
    )
    # Two samples drawn at once may not have one comment twice: it would count twice.
    op.create_index("ix_review_items_comment_id", "review_items", ["comment_id"], unique=True)
    # A new key changes the two keyed hashes, and an erasure deletes.
    forbid_changes("review_items", ("sample_id", "item", "stratum", "weight"))
    op.create_table(
        "review_codes",
        sa.Column("sample_id", sa.Integer, nullable=False),
        sa.Column("item", sa.Integer, nullable=False),
        sa.Column("coder", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sentiment", sa.Text),
        sa.Column("themes", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("sample_id", "item", "coder", name="pk_review_codes"),
        sa.ForeignKeyConstraint(
            ["sample_id", "item"],
            ["review_items.sample_id", "review_items.item"],
            name="fk_review_codes_sample_id",
            ondelete="CASCADE",
        ),
        comment="What a coder said of a comment, or what two settled between them. One row per comment and coder.",
    )
