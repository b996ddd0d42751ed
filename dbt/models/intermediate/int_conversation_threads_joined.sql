{{ config(materialized='table') }}

-- Each post of a conversation, and the one that its thread begins with. Replies belong to it without the tag, up to the
-- rule conversation_reply_hours after its end.
with recursive replies as (
    select
        comment_id,
        replied_comment_id,
        posted_at
    from {{ ref('int_social_posts') }}
    where replied_comment_id is not null
),

ends as (
    select
        conversation_id,
        begins_at,
        ends_at + to_hours({{ var('conversation_reply_hours') }}) as replies_until
    from {{ ref('stg_ops__conversations') }}
),

-- `union` and not `union all`: posts that answer each other in a circle would have no end.
reached as (
    select
        conversation_id,
        comment_id,
        comment_id as root_comment_id
    from {{ ref('int_conversation_tagged') }}
    where is_during

    union

    select
        reached.conversation_id,
        replies.comment_id,
        reached.root_comment_id
    from reached
    inner join replies on reached.comment_id = replies.replied_comment_id
    inner join ends on reached.conversation_id = ends.conversation_id
    where replies.posted_at >= ends.begins_at and replies.posted_at < ends.replies_until
),

-- A tagged reply to a tagged post is reached from itself too.
below_another as (
    select distinct
        conversation_id,
        comment_id
    from reached
    where comment_id != root_comment_id
)

select
    reached.conversation_id,
    reached.comment_id,
    coalesce(
        min(reached.root_comment_id) filter (where below_another.comment_id is null), min(reached.root_comment_id)
    ) as root_comment_id
from reached
left join below_another
    on reached.conversation_id = below_another.conversation_id and reached.root_comment_id = below_another.comment_id
group by reached.conversation_id, reached.comment_id
