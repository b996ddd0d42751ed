-- What each row of a landed file does to the comments that are there: new, changed, recounted (figures that move by
-- themselves have moved) or seen (collected later, and nothing has moved); else nothing. Only keys are looked at.
create or replace temp table arrivals as
with incoming as (
    select
        comment_id,
        content_hash,
        collected_at,
        edited_at,
        is_date_corrected,
        min(query_id) over (partition by comment_id) as query_id,
        {likes: likes, shares: shares, replies: replies, quotes: quotes, views: views} as counts,
        text is null and not is_withheld and expired_text_id is null as is_without_text,
        reshare_of is not null as is_share,
        file_row_number as place,
        row_number() over (
            partition by comment_id
            order by edited_at desc nulls last, collected_at desc, file_row_number desc
        ) > 1 as is_repeat
    from read_parquet($parquet, file_row_number = true)
)

select
    incoming.comment_id,
    incoming.place,
    incoming.counts,
    incoming.collected_at,
    -- Of two rows of one comment the later edit holds, and else the later collection, in whichever order they come.
    case
        when incoming.is_repeat then 'repeat'
        when comments.comment_id is null then 'new'
        when
            (coalesce(incoming.edited_at, timestamptz '-infinity'), incoming.collected_at)
            < (coalesce(comments.edited_at, timestamptz '-infinity'), comments.collected_at)
            then 'stale'
        when comments.content_hash != incoming.content_hash then 'changed'
        when
            incoming.query_id < comments.query_id
            or (incoming.counts.likes, incoming.counts.shares, incoming.counts.replies, incoming.counts.quotes, incoming.counts.views)
            is distinct from (comments.likes, comments.shares, comments.replies, comments.quotes, comments.views)
            then 'recounted'
        -- An answer to a survey is seen once for all: to touch a million rows whenever a file is fed again helps nobody.
        when incoming.query_id is not null and incoming.collected_at > comments.collected_at then 'seen'
        else 'same'
    end as state,
    least(comments.query_id, incoming.query_id) as query_id,
    coalesce(comments.loaded_at, get_current_timestamp()) as loaded_at,
    case when state = 'seen' then comments.updated_at else get_current_timestamp() end as updated_at,
    -- An edit may look like a forged date to its source: a date that was believed once stays.
    case
        when incoming.is_date_corrected and state = 'changed' and not coalesce(comments.is_date_corrected, false)
            then struct_pack(
                posted_at := comments.posted_at,
                posted_date := comments.posted_date,
                is_date_corrected := comments.is_date_corrected
            )
    end as believed,
    incoming.is_without_text and not incoming.is_share as is_blank,
    incoming.is_without_text and incoming.is_share as is_reshare
from incoming
left join raw.comments on incoming.comment_id = comments.comment_id
