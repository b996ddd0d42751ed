-- Whose account of the registry wrote: the label of an organisation, or the id of a service. Null for everybody else.
alter table raw.comments add column author_organisation varchar;

-- Conversations that were declared in the settings or in the records: a copy, for dbt. One row per conversation.
create table ops.conversations (
    conversation_id varchar not null,
    -- What its question is called in coverage.
    query_id varchar not null,
    label varchar not null,
    -- In small letters, without '#'.
    tags varchar [] not null,
    -- Labels of organisations and ids of services, as author_organisation has them.
    hosts varchar [] not null,
    begins_at timestamptz not null,
    ends_at timestamptz not null,
    -- How many days before the first are its usual.
    baseline_days integer not null,
    -- Empty: every social source.
    sources varchar [] not null,
    -- 'settings' or 'records'.
    declared_in varchar not null
);
