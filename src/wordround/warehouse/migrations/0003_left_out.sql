-- What a gate leaves out so that the rest can be published. Null: nothing is left out of it.
alter table raw.comments add column left_out_reason varchar;

-- Runs of queries whose own account contradicts itself: their days count as not answered.
create table ops.left_out_runs (
    run_id varchar not null,
    source varchar not null,
    query_id varchar not null,
    reason varchar not null
);
