-- What the last build that was whole has read: a table, or what else it depends on. One row per input.
create table ops.build_inputs (
    name varchar primary key,
    -- Another where the input has changed.
    fingerprint varchar not null
);
