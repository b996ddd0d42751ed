{{ config(materialized='table') }}

-- Posts with a tag of a conversation, in it and in the days before that are its usual.
with conversations as (
    select * from {{ ref('stg_ops__conversations') }}
),

tags as (
    select
        * exclude (tags),
        {{ hashtag_name('unnest(tags)') }} as tag
    from conversations
),

tagged_posts as (
    select
        comment_id,
        source_code,
        posted_at,
        unnest(tags) as tag
    from {{ ref('int_social_posts') }}
    where len(tags) > 0
)

select distinct
    tags.conversation_id,
    posts.comment_id,
    posts.posted_at,
    posts.posted_at >= tags.begins_at as is_during
from tagged_posts as posts
inner join tags on posts.tag = tags.tag
where
    (len(tags.source_codes) = 0 or list_contains(tags.source_codes, posts.source_code))
    -- A day more: summer time may have begun or ended since.
    and posts.posted_at >= tags.begins_at - to_days(tags.baseline_day_count + 1)
    and posts.posted_at < tags.ends_at
