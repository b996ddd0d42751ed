"""Who codes a sample under which of its names, on the page."""

import sqlalchemy as sa
from alembic import op

from wordround.records.migrations.append_only import forbid_changes, forbid_deletion

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "review_coders",
        sa.Column("sample_id", sa.Integer, nullable=False),
        sa.Column("coder", sa.Text, nullable=False),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sample_id", "coder", name="pk_review_coders"),
        sa.UniqueConstraint("sample_id", "login", name="uq_review_coders_sample_id_login"),
        sa.ForeignKeyConstraint(["sample_id"], ["review_samples.id"], name="fk_review_coders_sample_id"),
        comment="Which login codes under which name of a sample. One row per sample and name, never changed.",
    )
    forbid_changes("review_coders")
    forbid_deletion("review_coders")
