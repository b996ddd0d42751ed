-- When a new version of a model took the place of the one before, for all of history at once. One row per model that
-- changed; those that changed together have one moment.
create table understanding.model_switches (
    switched_at timestamptz not null,
    task varchar not null,
    former_version varchar not null,
    model_version varchar not null,
    -- What is new in it, in words.
    cause varchar not null,
    -- Which program put it in force.
    made_by varchar not null,
    -- Texts that it has read, and comments whose text had expired and that keep what a former version made of them.
    text_count integer not null,
    expired_count integer not null
);

-- A version that reads history again while the one in force is shown: how far it is. Empty when there is none.
create table understanding.rescoring (
    task varchar not null,
    model_version varchar not null,
    began_at timestamptz not null,
    text_count integer not null,
    rescored_count integer not null
);
