-- Counts, moments, and what comes beside the words of comments with the same content. Only the narrow rows of
-- `arrivals` are read.
merge into raw.comments
using (
    select
        comment_id,
        query_id,
        unnest(counts),
        link_titles,
        country,
        author_followers,
        followers_on,
        collected_at,
        updated_at
    from arrivals
    where state in ('recounted', 'seen')
) as incoming
on comments.comment_id = incoming.comment_id
when matched then update by name
