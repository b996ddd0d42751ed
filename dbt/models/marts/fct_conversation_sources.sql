-- Each source of a conversation: what came from it, how far it was asked, and what it does not say (null).
with posts as (
    select * from {{ ref('int_conversation_posts') }}
),

counted as (
    select
        conversation_id,
        source_code,
        count_if(is_contribution)::integer as contribution_count,
        count_if(is_copy)::integer as copy_count,
        count_if(is_reshare)::integer as reshare_count,
        {% for count in ['like', 'share', 'reply', 'quote', 'view'] %}
            sum({{ count }}_count) filter (where is_contribution)::bigint as {{ count }}_count
            {{- ',' if not loop.last }}
        {% endfor %}
    from posts
    group by conversation_id, source_code
),

voices as (
    select
        posts.conversation_id,
        posts.source_code,
        nullif(count(distinct authors.author_key), 0)::integer as voice_count
    from posts
    inner join {{ ref('stg_raw__comments') }} as authors on posts.comment_id = authors.comment_id
    where posts.is_contribution
    group by posts.conversation_id, posts.source_code
),

asked as (
    select
        conversations.conversation_id,
        days.source_code,
        count(*)::integer as asked_day_count,
        count_if(days.was_answered)::integer as answered_day_count
    from {{ ref('stg_ops__conversations') }} as conversations
    inner join {{ ref('fct_query_days') }} as days
        on
            conversations.query_id = days.query_id
            and days.posted_date between {{ london_day('conversations.begins_at') }}
            and {{ london_day('conversations.ends_at - interval 1 microsecond') }}
    group by conversations.conversation_id, days.source_code
)

select
    ---------- ids
    coalesce(counted.conversation_id, asked.conversation_id) as conversation_id,
    coalesce(counted.source_code, asked.source_code) as source_code,

    ---------- numerics
    coalesce(counted.contribution_count, 0) as contribution_count,
    coalesce(counted.copy_count, 0) as copy_count,
    coalesce(counted.reshare_count, 0) as reshare_count,
    voices.voice_count,
    counted.like_count,
    counted.share_count,
    counted.reply_count,
    counted.quote_count,
    counted.view_count,
    coalesce(asked.asked_day_count, 0) as asked_day_count,
    coalesce(asked.answered_day_count, 0) as answered_day_count
from counted
full outer join asked
    on counted.conversation_id = asked.conversation_id and counted.source_code = asked.source_code
left join voices
    on counted.conversation_id = voices.conversation_id and counted.source_code = voices.source_code
