CREATE TABLE records_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT records_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE notices (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	alert_id TEXT NOT NULL, 
	event TEXT NOT NULL, 
	is_told BOOLEAN NOT NULL, 
	what TEXT, 
	figures JSON NOT NULL, 
	"before" JSON, 
	build_id TEXT, 
	message_id TEXT, 
	CONSTRAINT pk_notices PRIMARY KEY (id)
);

CREATE TRIGGER notices_are_not_changed before update on notices begin select raise(abort, 'rows of notices are not changed or deleted'); end;

CREATE TRIGGER notices_are_not_deleted before delete on notices begin select raise(abort, 'rows of notices are not changed or deleted'); end;

CREATE TABLE rewrite_events (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	event TEXT NOT NULL, 
	comment_id TEXT NOT NULL, 
	rewrite_id INTEGER, 
	"by" TEXT, 
	comment_updated_at DATETIME, 
	CONSTRAINT pk_rewrite_events PRIMARY KEY (id), 
	CONSTRAINT fk_rewrite_events_rewrite_id FOREIGN KEY(rewrite_id) REFERENCES rewrite_events (id) ON DELETE CASCADE, 
	CONSTRAINT ck_rewrite_events_ck_rewrite_events_event CHECK (event in ('written', 'approved', 'withdrawn')), 
	CONSTRAINT ck_rewrite_events_ck_rewrite_events_rewrite_id CHECK ((event = 'written') = (rewrite_id is null))
);

CREATE INDEX ix_rewrite_events_comment_id ON rewrite_events (comment_id);

CREATE INDEX ix_rewrite_events_rewrite_id ON rewrite_events (rewrite_id);

CREATE TRIGGER rewrite_events_are_not_changed before update of id, at, event, rewrite_id, "by", comment_updated_at on rewrite_events begin select raise(abort, 'rows of rewrite_events are not changed or deleted'); end;

CREATE TABLE rewrite_texts (
	rewrite_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_rewrite_texts PRIMARY KEY (rewrite_id), 
	CONSTRAINT fk_rewrite_texts_rewrite_id FOREIGN KEY(rewrite_id) REFERENCES rewrite_events (id) ON DELETE CASCADE
);

CREATE TRIGGER rewrite_texts_are_not_changed before update on rewrite_texts begin select raise(abort, 'rows of rewrite_texts are not changed or deleted'); end;

CREATE TABLE comment_keys (
	link_count INTEGER NOT NULL, 
	CONSTRAINT pk_comment_keys PRIMARY KEY (link_count)
);

CREATE TABLE sent_reports (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	week TEXT NOT NULL, 
	message_id TEXT NOT NULL, 
	recipient_count INTEGER NOT NULL, 
	build_id TEXT, 
	report_sha256 TEXT NOT NULL, 
	CONSTRAINT pk_sent_reports PRIMARY KEY (id)
);

CREATE INDEX ix_sent_reports_week ON sent_reports (week);

CREATE TRIGGER sent_reports_are_not_changed before update on sent_reports begin select raise(abort, 'rows of sent_reports are not changed or deleted'); end;

CREATE TRIGGER sent_reports_are_not_deleted before delete on sent_reports begin select raise(abort, 'rows of sent_reports are not changed or deleted'); end;

CREATE TABLE spending (
	day DATE NOT NULL, 
	source TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	amount DOUBLE NOT NULL, 
	CONSTRAINT pk_spending PRIMARY KEY (day, source, purpose)
);

CREATE TABLE deletion_checks (
	source TEXT NOT NULL, 
	last_place INTEGER NOT NULL, 
	CONSTRAINT pk_deletion_checks PRIMARY KEY (source)
);

CREATE TABLE governance_versions (
	id INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	valid_from DATETIME NOT NULL, 
	answers JSON NOT NULL, 
	CONSTRAINT pk_governance_versions PRIMARY KEY (id)
);

CREATE INDEX ix_governance_versions_source ON governance_versions (source);

CREATE TRIGGER governance_versions_are_not_changed before update on governance_versions begin select raise(abort, 'rows of governance_versions are not changed or deleted'); end;

CREATE TRIGGER governance_versions_are_not_deleted before delete on governance_versions begin select raise(abort, 'rows of governance_versions are not changed or deleted'); end;

CREATE TABLE review_samples (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	"by" TEXT, 
	seed INTEGER NOT NULL, 
	coders JSON NOT NULL, 
	strata JSON NOT NULL, 
	CONSTRAINT pk_review_samples PRIMARY KEY (id)
);

CREATE TRIGGER review_samples_are_not_changed before update on review_samples begin select raise(abort, 'rows of review_samples are not changed or deleted'); end;

CREATE TRIGGER review_samples_are_not_deleted before delete on review_samples begin select raise(abort, 'rows of review_samples are not changed or deleted'); end;

CREATE TABLE review_items (
	sample_id INTEGER NOT NULL, 
	item INTEGER NOT NULL, 
	comment_id TEXT NOT NULL, 
	text_key TEXT NOT NULL, 
	stratum INTEGER NOT NULL, 
	weight DOUBLE NOT NULL, chance_sample_id INTEGER, chance_weight DOUBLE, 
	CONSTRAINT pk_review_items PRIMARY KEY (sample_id, item), 
	CONSTRAINT fk_review_items_sample_id FOREIGN KEY(sample_id) REFERENCES review_samples (id)
);

CREATE UNIQUE INDEX ix_review_items_comment_id ON review_items (comment_id);

CREATE TRIGGER review_items_are_not_changed before update of sample_id, item, stratum, weight on review_items begin select raise(abort, 'rows of review_items are not changed or deleted'); end;

CREATE TABLE review_codes (
	sample_id INTEGER NOT NULL, 
	item INTEGER NOT NULL, 
	coder TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	sentiment TEXT, 
	themes JSON NOT NULL, 
	CONSTRAINT pk_review_codes PRIMARY KEY (sample_id, item, coder), 
	CONSTRAINT fk_review_codes_sample_id FOREIGN KEY(sample_id, item) REFERENCES review_items (sample_id, item) ON DELETE CASCADE
);

CREATE TABLE model_switches (
	id INTEGER NOT NULL, 
	switched_at DATETIME NOT NULL, 
	task TEXT NOT NULL, 
	former_version TEXT NOT NULL, 
	model_version TEXT NOT NULL, 
	cause TEXT NOT NULL, 
	made_by TEXT NOT NULL, 
	text_count INTEGER NOT NULL, 
	expired_count INTEGER NOT NULL, 
	CONSTRAINT pk_model_switches PRIMARY KEY (id)
);

CREATE TRIGGER model_switches_are_not_changed before update on model_switches begin select raise(abort, 'rows of model_switches are not changed or deleted'); end;

CREATE TRIGGER model_switches_are_not_deleted before delete on model_switches begin select raise(abort, 'rows of model_switches are not changed or deleted'); end;

CREATE TABLE issued_alerts (
	alert_id TEXT NOT NULL, 
	issued_at DATETIME NOT NULL, 
	build_id TEXT NOT NULL, 
	series_id TEXT NOT NULL, 
	series_code TEXT NOT NULL, 
	trust_code TEXT NOT NULL, 
	service_id TEXT, 
	theme_code TEXT, 
	direction TEXT NOT NULL, 
	since_week DATE NOT NULL, 
	opened_week DATE NOT NULL, 
	evidence DOUBLE NOT NULL, 
	negative_count INTEGER NOT NULL, 
	comment_count INTEGER NOT NULL, 
	expected_share DOUBLE NOT NULL, 
	baseline_comment_count INTEGER NOT NULL, 
	baseline_week_count INTEGER NOT NULL, 
	CONSTRAINT pk_issued_alerts PRIMARY KEY (alert_id)
);

CREATE TRIGGER issued_alerts_are_not_changed before update on issued_alerts begin select raise(abort, 'rows of issued_alerts are not changed or deleted'); end;

CREATE TRIGGER issued_alerts_are_not_deleted before delete on issued_alerts begin select raise(abort, 'rows of issued_alerts are not changed or deleted'); end;

CREATE TABLE alert_actions (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	alert_id TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	event TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	is_login BOOLEAN NOT NULL, 
	series_id TEXT NOT NULL, 
	assigned_to TEXT, 
	outcome TEXT, 
	acted_on DATE, 
	week_date DATE, 
	CONSTRAINT pk_alert_actions PRIMARY KEY (id), 
	CONSTRAINT uq_alert_actions_alert_id UNIQUE (alert_id, version), 
	CONSTRAINT ck_alert_actions_ck_alert_actions_event CHECK (event in ('acknowledged', 'assigned', 'noted', 'closed', 'rebased', 'rebase_withdrawn')), 
	CONSTRAINT ck_alert_actions_ck_alert_actions_assigned_to CHECK ((event = 'assigned') = (assigned_to is not null)), 
	CONSTRAINT ck_alert_actions_ck_alert_actions_outcome CHECK ((event = 'closed') = (outcome is not null and acted_on is not null)), 
	CONSTRAINT ck_alert_actions_ck_alert_actions_outcome_word CHECK (outcome is null or outcome in ('no_change', 'planned', 'made')), 
	CONSTRAINT ck_alert_actions_ck_alert_actions_week_date CHECK ((event in ('rebased', 'rebase_withdrawn')) = (week_date is not null))
);

CREATE TABLE alert_action_words (
	action_id INTEGER NOT NULL, 
	words TEXT NOT NULL, 
	CONSTRAINT pk_alert_action_words PRIMARY KEY (action_id), 
	CONSTRAINT fk_alert_action_words_action_id FOREIGN KEY(action_id) REFERENCES alert_actions (id)
);

CREATE TABLE alert_deliveries (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	subscriber TEXT NOT NULL, 
	way TEXT NOT NULL, 
	event TEXT NOT NULL, 
	message_key TEXT NOT NULL, 
	news JSON NOT NULL, 
	reason TEXT, 
	CONSTRAINT pk_alert_deliveries PRIMARY KEY (id), 
	CONSTRAINT ck_alert_deliveries_ck_alert_deliveries_way CHECK (way in ('mail', 'webhook')), 
	CONSTRAINT ck_alert_deliveries_ck_alert_deliveries_event CHECK (event in ('begun', 'sent', 'failed')), 
	CONSTRAINT ck_alert_deliveries_ck_alert_deliveries_reason CHECK ((event = 'failed') = (reason is not null))
);

CREATE TRIGGER alert_actions_are_not_changed before update on alert_actions begin select raise(abort, 'rows of alert_actions are not changed or deleted'); end;

CREATE TRIGGER alert_actions_are_not_deleted before delete on alert_actions begin select raise(abort, 'rows of alert_actions are not changed or deleted'); end;

CREATE TRIGGER alert_action_words_are_not_changed before update on alert_action_words begin select raise(abort, 'rows of alert_action_words are not changed or deleted'); end;

CREATE TRIGGER alert_deliveries_are_not_changed before update on alert_deliveries begin select raise(abort, 'rows of alert_deliveries are not changed or deleted'); end;

CREATE TRIGGER alert_deliveries_are_not_deleted before delete on alert_deliveries begin select raise(abort, 'rows of alert_deliveries are not changed or deleted'); end;

CREATE TABLE comment_readings (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL, 
	page TEXT NOT NULL, 
	"query" TEXT NOT NULL, 
	comment_count INTEGER NOT NULL, 
	CONSTRAINT pk_comment_readings PRIMARY KEY (id)
);

CREATE TRIGGER comment_readings_are_not_changed before update on comment_readings begin select raise(abort, 'rows of comment_readings are not changed or deleted'); end;

CREATE TRIGGER comment_readings_are_not_deleted before delete on comment_readings begin select raise(abort, 'rows of comment_readings are not changed or deleted'); end;

CREATE TABLE saved_searches (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	"query" JSON NOT NULL, 
	CONSTRAINT pk_saved_searches PRIMARY KEY (id)
);

CREATE INDEX ix_saved_searches_by ON saved_searches ("by");

CREATE TABLE api_keys (
	id INTEGER NOT NULL, 
	made_at DATETIME NOT NULL, 
	name TEXT NOT NULL, 
	key_hash TEXT NOT NULL, 
	role TEXT NOT NULL, 
	services JSON NOT NULL, 
	withdrawn_at DATETIME, 
	CONSTRAINT pk_api_keys PRIMARY KEY (id), 
	CONSTRAINT ck_api_keys_ck_api_keys_role CHECK (role in ('reader', 'lead', 'analyst')), 
	CONSTRAINT uq_api_keys_key_hash UNIQUE (key_hash)
);

CREATE TABLE comment_flags (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL, 
	comment_id TEXT NOT NULL, 
	frame TEXT NOT NULL, 
	code TEXT NOT NULL, 
	wrong TEXT NOT NULL, 
	model_version TEXT, 
	sample_id INTEGER, 
	CONSTRAINT pk_comment_flags PRIMARY KEY (id), 
	CONSTRAINT ck_comment_flags_ck_comment_flags_wrong CHECK (wrong in ('theme', 'polarity', 'sentiment')), 
	CONSTRAINT fk_comment_flags_sample_id_review_samples FOREIGN KEY(sample_id) REFERENCES review_samples (id), 
	CONSTRAINT uq_comment_flags_comment_id UNIQUE (comment_id, "by", frame, code)
);

CREATE INDEX ix_comment_flags_comment_id ON comment_flags (comment_id);

CREATE TABLE report_decisions (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	report TEXT NOT NULL, 
	page_sha256 TEXT NOT NULL, 
	is_approved BOOLEAN NOT NULL, 
	"by" TEXT NOT NULL, 
	way TEXT NOT NULL, 
	CONSTRAINT pk_report_decisions PRIMARY KEY (id), 
	CONSTRAINT ck_report_decisions_ck_report_decisions_way CHECK (way in ('page', 'airflow'))
);

CREATE INDEX ix_report_decisions_report ON report_decisions (report);

CREATE TABLE report_decision_words (
	decision_id INTEGER NOT NULL, 
	words TEXT NOT NULL, 
	CONSTRAINT pk_report_decision_words PRIMARY KEY (decision_id), 
	CONSTRAINT fk_report_decision_words_decision_id FOREIGN KEY(decision_id) REFERENCES report_decisions (id)
);

CREATE TABLE public_changes (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	alert_id TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	event TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	CONSTRAINT pk_public_changes PRIMARY KEY (id), 
	CONSTRAINT ck_public_changes_ck_public_changes_event CHECK (event in ('opened', 'withdrawn'))
);

CREATE INDEX ix_public_changes_alert_id ON public_changes (alert_id);

CREATE TABLE public_change_words (
	change_id INTEGER NOT NULL, 
	words TEXT NOT NULL, 
	CONSTRAINT pk_public_change_words PRIMARY KEY (change_id), 
	CONSTRAINT fk_public_change_words_change_id FOREIGN KEY(change_id) REFERENCES public_changes (id)
);

CREATE TRIGGER report_decisions_are_not_changed before update on report_decisions begin select raise(abort, 'rows of report_decisions are not changed or deleted'); end;

CREATE TRIGGER report_decisions_are_not_deleted before delete on report_decisions begin select raise(abort, 'rows of report_decisions are not changed or deleted'); end;

CREATE TRIGGER public_changes_are_not_changed before update on public_changes begin select raise(abort, 'rows of public_changes are not changed or deleted'); end;

CREATE TRIGGER public_changes_are_not_deleted before delete on public_changes begin select raise(abort, 'rows of public_changes are not changed or deleted'); end;

CREATE TRIGGER report_decision_words_are_not_changed before update on report_decision_words begin select raise(abort, 'rows of report_decision_words are not changed or deleted'); end;

CREATE TRIGGER public_change_words_are_not_changed before update on public_change_words begin select raise(abort, 'rows of public_change_words are not changed or deleted'); end;

CREATE TABLE review_coders (
	sample_id INTEGER NOT NULL, 
	coder TEXT NOT NULL, 
	login TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_review_coders PRIMARY KEY (sample_id, coder), 
	CONSTRAINT uq_review_coders_sample_id_login UNIQUE (sample_id, login), 
	CONSTRAINT fk_review_coders_sample_id FOREIGN KEY(sample_id) REFERENCES review_samples (id)
);

CREATE TRIGGER review_coders_are_not_changed before update on review_coders begin select raise(abort, 'rows of review_coders are not changed or deleted'); end;

CREATE TABLE conversation_events (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	"by" TEXT NOT NULL, 
	conversation_id TEXT, 
	event TEXT NOT NULL, 
	what JSON NOT NULL, 
	CONSTRAINT pk_conversation_events PRIMARY KEY (id), 
	CONSTRAINT ck_conversation_events_ck_conversation_events_event CHECK (event in ('declared', 'withdrawn', 'dismissed')), 
	CONSTRAINT ck_conversation_events_ck_conversation_events_conversation_id CHECK ((event = 'dismissed') = (conversation_id is null))
);

CREATE INDEX ix_conversation_events_conversation_id ON conversation_events (conversation_id);

CREATE TRIGGER conversation_events_are_not_changed before update on conversation_events begin select raise(abort, 'rows of conversation_events are not changed or deleted'); end;

CREATE TRIGGER conversation_events_are_not_deleted before delete on conversation_events begin select raise(abort, 'rows of conversation_events are not changed or deleted'); end;

CREATE TABLE summary_pages (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	conversation_id TEXT NOT NULL, 
	page_sha256 TEXT NOT NULL, 
	least_count INTEGER NOT NULL, 
	told JSON NOT NULL, 
	CONSTRAINT pk_summary_pages PRIMARY KEY (id), 
	CONSTRAINT uq_summary_pages_conversation_id UNIQUE (conversation_id, page_sha256)
);

CREATE INDEX ix_summary_pages_conversation_id ON summary_pages (conversation_id);

CREATE TABLE summary_posts (
	page_id INTEGER NOT NULL, 
	comment_id TEXT NOT NULL, 
	figures_key TEXT NOT NULL, 
	is_contribution BOOLEAN NOT NULL, 
	CONSTRAINT pk_summary_posts PRIMARY KEY (page_id, comment_id), 
	CONSTRAINT fk_summary_posts_page_id FOREIGN KEY(page_id) REFERENCES summary_pages (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;

