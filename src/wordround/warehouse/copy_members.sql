-- The texts of the buckets, numbered from 0: the number of its group or of itself, whether it is fresh, its text.
create or replace temp table members as
with wanted as (
    select distinct unnest(ids) as id
    from buckets
),

known as (
    select
        wanted.id,
        any_value(comments.text) as text,
        any_value(copies.group_id) as group_id
    from wanted
    inner join raw.comments on replace(wanted.id::varchar, '-', '') = comments.text_id and comments.text is not null
    left join understanding.copies on comments.text_id = copies.text_id and copies.model_version = $version
    group by wanted.id
)

select
    id,
    text,
    coalesce(group_id, replace(id::varchar, '-', '')) as node,
    dense_rank() over (order by coalesce(group_id, replace(id::varchar, '-', ''))) - 1 as node_number,
    group_id is null as is_fresh,
    row_number() over (order by id) - 1 as place
from known
