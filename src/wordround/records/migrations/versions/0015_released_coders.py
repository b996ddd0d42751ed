"""A name of a sample that somebody took by mistake is released, and its row goes."""

from wordround.records.migrations.append_only import allow_deletion

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    allow_deletion("review_coders")
