-- The members of the buckets of a chunk: text_id, name of its group or itself, whether it is fresh, its text.
with wanted as (
    select distinct replace(unnest(ids)::varchar, '-', '') as text_id
    from buckets
    where number >= $start and number < $end
)

select
    wanted.text_id,
    coalesce(any_value(copies.group_id), wanted.text_id),
    any_value(copies.group_id) is null,
    any_value(comments.text)
from wanted
inner join raw.comments on wanted.text_id = comments.text_id and comments.text is not null
left join understanding.copies on wanted.text_id = copies.text_id and copies.model_version = $version
group by wanted.text_id
