-- What the trust itself posted, and what became of it: which subjects people answer.
with posts as (
    select * from {{ ref('int_social_posts') }}
    where participant_code = 'own_trust' and text_id is not null
),

replies as (
    select
        replied_comment_id as comment_id,
        count(*)::integer as collected_reply_count
    from {{ ref('int_social_posts') }}
    where replied_comment_id is not null and participant_code != 'own_trust'
    group by replied_comment_id
)

select
    ---------- ids
    posts.comment_id,
    posts.source_code,

    ---------- strings
    posts.kind,
    posts.author_organisation as organisation_label,
    -- The first that holds. Words that have expired say nothing.
    case
        when posts.is_question then 'asks'
        when posts.is_thanks then 'thanks'
        when len(posts.link_domains) > 0 then 'links'
        else 'tells'
    end as form_code,
    ['night', 'morning', 'afternoon', 'evening'][
        extract(hour from posts.posted_at at time zone 'Europe/London')::integer // 6 + 1
    ] as day_part_code,
    dayname(posts.posted_at at time zone 'Europe/London') as weekday_label,
    array_to_string(posts.tags, ', ') as tags,
    comments.major_codes,

    ---------- numerics
    extract(hour from posts.posted_at at time zone 'Europe/London')::integer as hour_of_day,
    posts.reply_count,
    coalesce(replies.collected_reply_count, 0) as collected_reply_count,
    greatest(coalesce(posts.reply_count, 0), coalesce(replies.collected_reply_count, 0)) as drawn_reply_count,
    posts.like_count,
    posts.share_count,
    posts.quote_count,
    posts.view_count,
    -- Null where the source gives none of the three.
    list_sum([posts.like_count, posts.share_count, posts.quote_count])::integer as reaction_count,
    posts.follower_count,

    ---------- booleans
    posts.is_question,

    ---------- dates
    posts.posted_at,
    posts.followers_on
from posts
left join replies on posts.comment_id = replies.comment_id
left join {{ ref('fct_comments') }} as comments on posts.comment_id = comments.comment_id
