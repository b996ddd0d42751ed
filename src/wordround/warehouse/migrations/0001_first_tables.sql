-- The tables that exist before dbt runs. What they are, for people: dbt/models/staging/_sources.yml.
create schema raw;
create schema understanding;

create table raw.comments (
    -- No primary key: its index would hold a million ids in memory. Loading merges by comment_id and the gate checks it.
    comment_id varchar not null,
    response_id varchar,
    text_id varchar,
    source varchar not null,
    kind varchar not null,
    posted_at timestamptz not null,
    posted_date date not null,
    is_date_corrected boolean,
    edited_at timestamptz,
    collected_at timestamptz not null,
    text varchar,
    title varchar,
    language varchar,
    question_type varchar,
    rating integer,
    rating_max integer,
    rating_note varchar,
    trust_code varchar not null,
    site_code varchar,
    location_1 varchar,
    location_2 varchar,
    location_3 varchar,
    service_id varchar,
    hashtags varchar [],
    mentioned_accounts varchar [],
    link_domains varchar [],
    in_reply_to varchar,
    reshare_of varchar,
    likes integer,
    shares integer,
    replies integer,
    quotes integer,
    views integer,
    author_key varchar,
    author_role varchar,
    query_id varchar,
    identifiers_removed integer,
    is_withheld boolean not null,
    batch_id varchar not null,
    logical_date date not null,
    content_hash varchar not null,
    loaded_at timestamptz not null,
    updated_at timestamptz not null,
    is_text_expired boolean default false,
    was_nothing_to_improve boolean
);

create table understanding.sentiments (
    text_id varchar not null,
    model_version varchar not null,
    negative double not null,
    neutral double not null,
    positive double not null,
    compound double not null,
    scored_at timestamptz not null
);

create table understanding.theme_codings (
    text_id varchar not null,
    model_version varchar not null,
    mentions struct (theme_code varchar, cue varchar) [] not null,
    coded_at timestamptz not null
);

create table understanding.models (
    task varchar not null,
    model_version varchar not null,
    made_current_at timestamptz not null
);

-- Only texts of posts: an answer to a survey is an experience of care by what was asked.
create table understanding.relevance (
    text_id varchar not null,
    model_version varchar not null,
    probability double not null,
    reason varchar not null,
    cues varchar [] not null,
    judged_at timestamptz not null
);

-- Only texts that were not asked for by a service: which ones the text names, none included.
create table understanding.service_mentions (
    text_id varchar not null,
    model_version varchar not null,
    service_ids varchar [] not null,
    matched_at timestamptz not null
);

-- Which texts are copies of each other. No row for a text that is too short to be a copy.
create table understanding.copies (
    text_id varchar not null,
    model_version varchar not null,
    -- The smallest text_id of the group; where texts of it have expired, that of one of those: no hash of a text that
    -- may go stands in a row that stays (copy_groups.py).
    group_id varchar not null,
    grouped_at timestamptz not null
);

-- What copies have in common, by which a new text finds those to be compared with. Made of the text, so it goes with
-- it. No keys: too short.
create table understanding.copy_bands (
    text_id varchar not null,
    model_version varchar not null,
    keys uinteger [] not null,
    hashed_at timestamptz not null
);

create table ops.batches (
    -- The second of two runs that load one batch must fail.
    batch_id varchar primary key,
    source varchar not null,
    logical_date date not null,
    input_sha256 varchar not null,
    rows_in integer not null,
    rows_loaded integer not null,
    rows_updated integer not null,
    rows_unchanged integer not null,
    rows_no_answer integer not null,
    rows_quarantined integer not null,
    first_posted_date date,
    last_posted_date date,
    landed_at timestamptz not null,
    loaded_at timestamptz not null,
    rows_erased integer default 0,
    rows_reshared integer default 0,
    rows_refused integer default 0
);

-- One row a query, run and window: what a source was asked, from when to when, and how far its answer reached. What the
-- whole query took (requests, waiting, cost, rows) stands with its first window.
create table ops.query_runs (
    run_id varchar not null,
    source varchar not null,
    query_id varchar not null,
    query_label varchar not null,
    logical_date date not null,
    asked_from timestamptz not null,
    asked_until timestamptz not null,
    -- Back to when the answer is whole: asked_from, unless it was cut. Null where nothing was answered.
    answered_from timestamptz,
    -- wall | window | budget; null where the answer was whole
    cut_reason varchar,
    -- Name of the error that ended it (SourceRefused, ...); null where none did
    error_code varchar,
    request_count integer not null,
    retry_count integer not null,
    waited_seconds double not null,
    spent double not null,
    row_count integer not null,
    loaded_at timestamptz not null
);

-- One row a query, run and day of posting: how many comments the answer held.
create table ops.query_days (
    run_id varchar not null,
    source varchar not null,
    query_id varchar not null,
    posted_date date not null,
    comment_count integer not null
);

-- One row a query, run and reason: rows that were answered and may not be kept (opted_out, not_public, bot, ...).
create table ops.refusals (
    run_id varchar not null,
    source varchar not null,
    query_id varchar not null,
    reason varchar not null,
    row_count integer not null
);

-- Under how many keys of the chain the ids in here are (identity/keys.py).
create table ops.keys (
    link_count integer not null
);

create table ops.quarantine (
    batch_id varchar not null,
    source varchar not null,
    reason varchar not null,
    row_count integer not null
);

create table ops.cursors (
    source varchar primary key,
    cursor varchar not null,
    moved_at timestamptz not null
);

create table ops.governance (
    source varchar not null,
    controller varchar,
    contact varchar,
    dpia_reference varchar,
    dpia_reviewed_on date,
    privacy_notice_url varchar,
    lawful_basis_article_6 varchar,
    condition_article_9 varchar,
    retention_days integer,
    purpose varchar,
    purpose_decided_on date,
    purpose_decided_by varchar,
    research_approval_reference varchar,
    valid_from timestamptz not null,
    valid_until timestamptz
);

create table ops.gate_results (
    gate varchar not null,
    checked_at timestamptz not null,
    succeeded boolean not null,
    checked_rows bigint not null,
    failures bigint not null
);
