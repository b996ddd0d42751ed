-- The state of each row of a landed file: new, changed, recounted (only its counts have moved, or what was missing
-- beside its words has come), seen (collected later, otherwise the same); rows in the other states change nothing. Only
-- keys, counts, dates and titles of links are read.
create or replace temp table arrivals as
with file as (
    from read_parquet($parquet, file_row_number = true)
    union all by name
    -- Earlier versions landed no titles of links, no followers and no countries.
    select
        null::struct("domain" varchar, title varchar) [] as link_titles,
        null::integer as author_followers,
        null::varchar as country
    where false
),

incoming as (
    select
        comment_id,
        content_hash,
        collected_at,
        edited_at,
        is_date_corrected,
        min(query_id) over (partition by comment_id) as query_id,
        {likes: likes, shares: shares, replies: replies, quotes: quotes, views: views} as counts,
        link_titles,
        author_followers,
        country,
        text is null and not is_withheld and expired_text_id is null as is_without_text,
        reshare_of is not null as is_share,
        file_row_number as place,
        row_number() over (
            partition by comment_id
            order by edited_at desc nulls last, collected_at desc, file_row_number desc
        ) > 1 as is_repeat
    from file
)

select
    incoming.comment_id,
    incoming.place,
    incoming.counts,
    -- A server looks a page up some time after the post, and another may never do so: what was told once stays. Words
    -- that have expired do not come back.
    coalesce(
        comments.link_titles, case when not coalesce(comments.is_text_expired, false) then incoming.link_titles end
    ) as link_titles,
    coalesce(incoming.country, comments.country) as country,
    incoming.collected_at,
    -- The number of the first day stays: a later one says nothing of those who could see the post then.
    coalesce(comments.author_followers, incoming.author_followers) as author_followers,
    case
        when comments.author_followers is not null then comments.followers_on
        when incoming.author_followers is not null then (incoming.collected_at at time zone 'Europe/London')::date
    end as followers_on,
    -- Of two rows of one comment the later edit wins, else the later collection, in whichever order they come.
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
            or (
                comments.link_titles is null
                and incoming.link_titles is not null
                and not coalesce(comments.is_text_expired, false)
            )
            or (incoming.country is not null and incoming.country is distinct from comments.country)
            or (comments.author_followers is null and incoming.author_followers is not null)
            or (incoming.counts.likes, incoming.counts.shares, incoming.counts.replies, incoming.counts.quotes, incoming.counts.views)
            is distinct from (comments.likes, comments.shares, comments.replies, comments.quotes, comments.views)
            then 'recounted'
        -- Answers of surveys are left alone: feeding a file again must not touch a million rows.
        when incoming.query_id is not null and incoming.collected_at > comments.collected_at then 'seen'
        else 'same'
    end as state,
    least(comments.query_id, incoming.query_id) as query_id,
    comments.in_reply_to,
    coalesce(comments.loaded_at, $moment) as loaded_at,
    case when state = 'seen' then comments.updated_at else $moment end as updated_at,
    -- An edit may make the date of a post look forged, so a date that was believed once stays.
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
