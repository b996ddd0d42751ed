-- The texts of each key that a fresh text shares with another. A text_id (32 hexadecimal digits) takes half the memory
-- as a uuid. Sorted and numbered, because texts that share one key often share more.
create or replace temp table buckets as
with keys as (
    select
        text_id::uuid as id,
        unnest(keys[$first:$last]) as key,
        generate_subscripts(keys[$first:$last], 1) as place
    from understanding.copy_bands
    where model_version = $version and len(keys) > 0
),

wanted as (
    select distinct key, place
    from keys
    where id in (select text_id::uuid from fresh)
),

shared as (
    select distinct list(id order by id) as ids
    from keys
    semi join wanted using (key, place)
    group by key, place
    having count(*) > 1
)

select
    ids,
    row_number() over (order by ids) as number
from shared
