-- The texts of each key that a fresh text shares with another. A text_id (32 hexadecimal digits) takes half the memory
-- as a uuid. Texts that share one key often share more. Where few texts are fresh, only their keys are looked at: to count
-- all keys of a long history takes ten times as long.
create or replace temp table buckets as
with texts as (
    select
        text_id::uuid as id,
        keys[$first:$last] as keys,
        text_id in (select text_id from fresh) as is_fresh
    from understanding.copy_bands
    where model_version = $version and len(keys) > 0
),

every_key as (
    select
        id,
        is_fresh,
        unnest(keys) as key,
        generate_subscripts(keys, 1) as place
    from texts
),

fresh_keys as (
    select distinct key, place
    from every_key
    where is_fresh
),

keys as (
    select * from every_key
    {of_fresh}
),

-- Found before their texts are listed: most keys are of one text, and a list of each would not fit into memory.
shared as (
    select key, place
    from keys
    group by key, place
    having count(*) > 1 and bool_or(is_fresh)
)

select distinct list(id order by id) as ids
from keys
semi join shared using (key, place)
group by key, place
