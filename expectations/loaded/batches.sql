with quarantined as (
    select batch_id, sum(row_count) as row_count from ops.quarantine group by batch_id
)
select
    b.batch_id,
    b.source,
    b.logical_date::varchar as logical_date,
    b.rows_in
        - (b.rows_loaded + b.rows_updated + b.rows_unchanged + b.rows_no_answer + b.rows_quarantined + coalesce(b.rows_erased, 0)
            + coalesce(b.rows_reshared, 0) + coalesce(b.rows_refused, 0))
        as unaccounted_count,
    least(b.rows_in, b.rows_loaded, b.rows_updated, b.rows_unchanged, b.rows_no_answer, b.rows_quarantined, b.rows_erased,
        b.rows_reshared, b.rows_refused)
        as smallest_count,
    b.rows_quarantined - coalesce(quarantined.row_count, 0) as quarantined_without_reason_count,
    coalesce(b.rows_quarantined / nullif(b.rows_in, 0), 0) as quarantined_share
from ops.batches as b
left join quarantined on quarantined.batch_id = b.batch_id
where b.loaded_at is not null and ($since is null or b.loaded_at > $since)
