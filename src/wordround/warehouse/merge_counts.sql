-- What moves by itself: comments that say what they said. Only the narrow rows of `arrivals` are touched.
merge into raw.comments
using (
    select comment_id, query_id, unnest(counts), collected_at, updated_at
    from arrivals
    where state in ('recounted', 'seen')
) as incoming
on comments.comment_id = incoming.comment_id
when matched then update by name
