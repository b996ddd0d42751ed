"""The tables of the store. docs/records.md says how one is added: here, as a migration, and in a module of its own."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

# The migration that these tables are the outcome of: a store that says so is opened without loading Alembic.
REVISION = "0017"
VERSION_TABLE = "records_version"


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment with its time zone, in UTC: SQLite would drop the zone and Postgres give back the session's."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("alert_id", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("is_told", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("what", sa.Text),
    sa.Column("figures", sa.JSON, nullable=False),
    sa.Column("before", sa.JSON(none_as_null=True)),
    sa.Column("build_id", sa.Text),
    sa.Column("message_id", sa.Text),
    comment="What was told of an alert, with the figures that it was told with. One row per notice, never changed.",
)

rewrite_events = sa.Table(
    "rewrite_events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("comment_id", sa.Text, nullable=False, index=True),
    sa.Column("rewrite_id", sa.Integer, sa.ForeignKey("rewrite_events.id", ondelete="CASCADE"), index=True),
    sa.Column("by", sa.Text),
    sa.Column("comment_updated_at", Moment),
    sa.CheckConstraint("event in ('written', 'approved', 'withdrawn')", name="event"),
    sa.CheckConstraint("(event = 'written') = (rewrite_id is null)", name="rewrite_id"),
    comment="A rewrite was written, approved or withdrawn. One row per event; `rewrite_id` is that of its writing.",
)

# Apart from the events, so that the words of a rewrite can go and its history stay.
rewrite_texts = sa.Table(
    "rewrite_texts",
    metadata,
    sa.Column("rewrite_id", sa.Integer, sa.ForeignKey("rewrite_events.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    comment="The words of the rewrites that stand. One row per comment that has one.",
)

comment_keys = sa.Table(
    "comment_keys",
    metadata,
    sa.Column("link_count", sa.Integer, primary_key=True, autoincrement=False),
    comment="Under how many keys the ids of comments are, since the first rotation. At most one row.",
)

sent_reports = sa.Table(
    "sent_reports",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("week", sa.Text, nullable=False, index=True),
    sa.Column("message_id", sa.Text, nullable=False),
    sa.Column("recipient_count", sa.Integer, nullable=False),
    sa.Column("build_id", sa.Text),
    sa.Column("report_sha256", sa.Text, nullable=False),
    comment="Reports that the mail server took. One row per message, never changed.",
)

spending = sa.Table(
    "spending",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("purpose", sa.Text, primary_key=True),
    sa.Column("amount", sa.Double, nullable=False),
    comment="What requests have cost, in the source's own unit. One row per day (UTC), source and purpose.",
)

deletion_checks = sa.Table(
    "deletion_checks",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("last_place", sa.Integer, nullable=False),
    comment="How far down its list the last check for deletions came. One row per source.",
)

governance_versions = sa.Table(
    "governance_versions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.Text, nullable=False, index=True),
    sa.Column("valid_from", Moment, nullable=False),
    sa.Column("answers", sa.JSON, nullable=False),
    comment="Answers about governance that came into force. One row per source and version, never changed.",
)

review_samples = sa.Table(
    "review_samples",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Text),
    sa.Column("seed", sa.Integer, nullable=False),
    sa.Column("coders", sa.JSON, nullable=False),
    sa.Column("strata", sa.JSON, nullable=False),
    comment="Samples of comments that were drawn to be coded. One row per sample, never changed.",
)

review_items = sa.Table(
    "review_items",
    metadata,
    sa.Column("sample_id", sa.Integer, sa.ForeignKey("review_samples.id"), primary_key=True),
    sa.Column("item", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("comment_id", sa.Text, nullable=False, index=True, unique=True),
    sa.Column("text_key", sa.Text, nullable=False),
    sa.Column("stratum", sa.Integer, nullable=False),
    sa.Column("weight", sa.Double, nullable=False),
    sa.Column("chance_sample_id", sa.Integer),
    sa.Column("chance_weight", sa.Double),
    comment="The comments of a sample, each with how many it stands for. One row per sample and comment.",
)

review_codes = sa.Table(
    "review_codes",
    metadata,
    sa.Column("sample_id", sa.Integer, primary_key=True),
    sa.Column("item", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("coder", sa.Text, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("sentiment", sa.Text),
    sa.Column("themes", sa.JSON, nullable=False),
    sa.ForeignKeyConstraint(["sample_id", "item"], ["review_items.sample_id", "review_items.item"], ondelete="CASCADE"),
    comment="What a coder said of a comment, or what two settled between them. One row per comment and coder.",
)

review_coders = sa.Table(
    "review_coders",
    metadata,
    sa.Column("sample_id", sa.Integer, sa.ForeignKey("review_samples.id"), primary_key=True),
    sa.Column("coder", sa.Text, primary_key=True),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("sample_id", "login"),
    comment="Which login codes under which name of a sample. One row per sample and name, never changed.",
)

comment_flags = sa.Table(
    "comment_flags",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("comment_id", sa.Text, nullable=False, index=True),
    sa.Column("frame", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("wrong", sa.Text, nullable=False),
    sa.Column("model_version", sa.Text),
    sa.Column("sample_id", sa.Integer, sa.ForeignKey("review_samples.id")),
    sa.UniqueConstraint("comment_id", "by", "frame", "code", name="uq_comment_flags_comment_id"),
    sa.CheckConstraint("wrong in ('theme', 'polarity', 'sentiment')", name="wrong"),
    comment="What somebody says the model read wrongly in a comment. One row per comment, person and theme.",
)

model_switches = sa.Table(
    "model_switches",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("switched_at", Moment, nullable=False),
    sa.Column("task", sa.Text, nullable=False),
    sa.Column("former_version", sa.Text, nullable=False),
    sa.Column("model_version", sa.Text, nullable=False),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("text_count", sa.Integer, nullable=False),
    sa.Column("expired_count", sa.Integer, nullable=False),
    comment="Versions of models that took the place of others. One row per model and switch, never changed.",
)

issued_alerts = sa.Table(
    "issued_alerts",
    metadata,
    sa.Column("alert_id", sa.Text, primary_key=True),
    sa.Column("issued_at", Moment, nullable=False),
    sa.Column("build_id", sa.Text, nullable=False),
    sa.Column("series_id", sa.Text, nullable=False),
    sa.Column("series_code", sa.Text, nullable=False),
    sa.Column("trust_code", sa.Text, nullable=False),
    sa.Column("service_id", sa.Text),
    sa.Column("theme_code", sa.Text),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("since_week", sa.Date, nullable=False),
    sa.Column("opened_week", sa.Date, nullable=False),
    sa.Column("evidence", sa.Double, nullable=False),
    sa.Column("negative_count", sa.Integer, nullable=False),
    sa.Column("comment_count", sa.Integer, nullable=False),
    sa.Column("expected_share", sa.Double, nullable=False),
    sa.Column("baseline_comment_count", sa.Integer, nullable=False),
    sa.Column("baseline_week_count", sa.Integer, nullable=False),
    comment="Episodes as they were issued. One row per alert, never changed.",
)

# Actions on alerts: what of them is typed stands apart, so that it can go where it names somebody after all.
alert_actions = sa.Table(
    "alert_actions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
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
    sa.UniqueConstraint("alert_id", "version", name="uq_alert_actions_alert_id"),
    sa.CheckConstraint(
        "event in ('acknowledged', 'assigned', 'noted', 'closed', 'rebased', 'rebase_withdrawn')", name="event"
    ),
    sa.CheckConstraint("(event = 'assigned') = (assigned_to is not null)", name="assigned_to"),
    sa.CheckConstraint("(event = 'closed') = (outcome is not null and acted_on is not null)", name="outcome"),
    sa.CheckConstraint("outcome is null or outcome in ('no_change', 'planned', 'made')", name="outcome_word"),
    sa.CheckConstraint("(event in ('rebased', 'rebase_withdrawn')) = (week_date is not null)", name="week_date"),
    comment="What people did about an alert: who, when, what. One row per action; `version` counts those of an alert.",
)

alert_action_words = sa.Table(
    "alert_action_words",
    metadata,
    sa.Column("action_id", sa.Integer, sa.ForeignKey("alert_actions.id"), primary_key=True, autoincrement=False),
    sa.Column("words", sa.Text, nullable=False),
    comment="What was typed, without identifiers. One row per action that has words; it can be deleted.",
)

alert_deliveries = sa.Table(
    "alert_deliveries",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("subscriber", sa.Text, nullable=False),
    sa.Column("way", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("message_key", sa.Text, nullable=False),
    sa.Column("news", sa.JSON, nullable=False),
    sa.Column("reason", sa.Text),
    sa.CheckConstraint("way in ('mail', 'webhook')", name="way"),
    sa.CheckConstraint("event in ('begun', 'sent', 'failed')", name="event"),
    sa.CheckConstraint("(event = 'failed') = (reason is not null)", name="reason"),
    comment="A digest was begun, sent or failed. One row per event; `news` are the keys of what it told.",
)

comment_readings = sa.Table(
    "comment_readings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("page", sa.Text, nullable=False),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("comment_count", sa.Integer, nullable=False),
    comment="Comments that the web page showed to somebody. One row per page, never changed.",
)

saved_searches = sa.Table(
    "saved_searches",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Text, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("query", sa.JSON, nullable=False),
    comment="Searches that people keep for themselves, without identifiers. One row per search.",
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("key_hash", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("services", sa.JSON, nullable=False),
    sa.Column("withdrawn_at", Moment),
    sa.UniqueConstraint("key_hash", name="uq_api_keys_key_hash"),
    sa.CheckConstraint("role in ('reader', 'lead', 'analyst')", name="role"),
    comment="Keys by which programs read figures, as hashes. One row per key; one that is withdrawn stays.",
)

# Decisions on reports, and changes that the public may read: what of them is typed stands apart, so that it can go.
report_decisions = sa.Table(
    "report_decisions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("report", sa.Text, nullable=False, index=True),
    sa.Column("page_sha256", sa.Text, nullable=False),
    sa.Column("is_approved", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("way", sa.Text, nullable=False),
    sa.CheckConstraint("way in ('page', 'airflow')", name="way"),
    comment="Who approved or rejected a page of a report. One row per decision and page, never changed.",
)

report_decision_words = sa.Table(
    "report_decision_words",
    metadata,
    sa.Column("decision_id", sa.Integer, sa.ForeignKey("report_decisions.id"), primary_key=True, autoincrement=False),
    sa.Column("words", sa.Text, nullable=False),
    comment="Why, without identifiers. One row per decision that has a reason; it can be deleted.",
)

public_changes = sa.Table(
    "public_changes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("alert_id", sa.Text, nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.CheckConstraint("event in ('opened', 'withdrawn')", name="event"),
    comment="Changes that were opened to the public or withdrawn. One row per event, never changed.",
)

public_change_words = sa.Table(
    "public_change_words",
    metadata,
    sa.Column("change_id", sa.Integer, sa.ForeignKey("public_changes.id"), primary_key=True, autoincrement=False),
    sa.Column("words", sa.Text, nullable=False),
    comment="What the public reads of a change. One row per change that is open; deleted when it is withdrawn.",
)

conversation_events = sa.Table(
    "conversation_events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("conversation_id", sa.Text, index=True),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("what", sa.JSON, nullable=False),
    sa.CheckConstraint("event in ('declared', 'withdrawn', 'dismissed')", name="event"),
    sa.CheckConstraint("(event = 'dismissed') = (conversation_id is null)", name="conversation_id"),
    comment="Conversations that were declared or withdrawn, and tags that are none. One row per event, never changed.",
)

summary_pages = sa.Table(
    "summary_pages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("conversation_id", sa.Text, nullable=False, index=True),
    sa.Column("page_sha256", sa.Text, nullable=False),
    sa.Column("least_count", sa.Integer, nullable=False),
    sa.Column("told", sa.JSON, nullable=False),
    sa.UniqueConstraint("conversation_id", "page_sha256", name="uq_summary_pages_conversation_id"),
    comment="Summaries of conversations that were approved, and the last that was written. One row per page.",
)

summary_posts = sa.Table(
    "summary_posts",
    metadata,
    sa.Column("page_id", sa.Integer, sa.ForeignKey("summary_pages.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("comment_id", sa.Text, primary_key=True),
    sa.Column("figures_key", sa.Text, nullable=False),
    sa.Column("is_contribution", sa.Boolean(create_constraint=False), nullable=False),
    # A conversation may have a million of them.
    sqlite_with_rowid=False,
    comment="The posts that a summary counts, each with a keyed hash of what it counts as. One row per page and post.",
)
