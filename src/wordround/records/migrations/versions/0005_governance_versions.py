"""Governance versions: which answers were in force for a source from when on."""

import sqlalchemy as sa
from alembic import op

from wordround.records.migrations.append_only import forbid_changes, forbid_deletion

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "governance_versions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_governance_versions"),
        comment="Answers about governance that came into force. One row per source and version, never changed.",
    )
    op.create_index("ix_governance_versions_source", "governance_versions", ["source"])
    forbid_changes("governance_versions")
    forbid_deletion("governance_versions")
