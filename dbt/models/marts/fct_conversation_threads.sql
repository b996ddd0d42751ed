-- What follows what: the post that a thread begins with, and those below it. Answers that are numbered as a host numbered the
-- question ("A2" to "Q2") belong to its thread where they answer nothing else.
with all_posts as (
    select * from {{ ref('int_conversation_posts') }}
),

-- What answers the copy of a post, as hosts ask at two networks, answers the post.
posts as (
    select all_posts.* replace (
        coalesce(originals.root_comment_id, all_posts.root_comment_id) as root_comment_id
    )
    from all_posts
    left join all_posts as roots
        on
            all_posts.conversation_id = roots.conversation_id
            and all_posts.root_comment_id = roots.comment_id
            and roots.is_copy
    left join all_posts as originals
        on roots.conversation_id = originals.conversation_id and roots.original_comment_id = originals.comment_id
    where all_posts.is_contribution
),

-- Questions of hosts that begin a thread; the first of a number is meant.
numbered as (
    select
        conversation_id,
        asked_number,
        arg_min(comment_id, (posted_at, comment_id)) as comment_id,
        min(posted_at) as posted_at
    from posts
    where is_host and asked_number is not null and comment_id = root_comment_id
    group by conversation_id, asked_number
),

-- What a thread begins with may itself answer a question by its number, if that was asked before.
roots as (
    select
        posts.conversation_id,
        posts.comment_id,
        coalesce(numbered.comment_id, posts.comment_id) as thread_comment_id
    from posts
    left join numbered
        on
            posts.conversation_id = numbered.conversation_id
            and posts.answered_number = numbered.asked_number
            and posts.posted_at >= numbered.posted_at
            and not posts.is_host
    where posts.comment_id = posts.root_comment_id
),

joined as (
    select
        posts.*,
        coalesce(roots.thread_comment_id, posts.root_comment_id) as thread_comment_id
    from posts
    left join roots
        on posts.conversation_id = roots.conversation_id and posts.root_comment_id = roots.comment_id
),

beginnings as (
    select * from joined
    where comment_id = thread_comment_id
),

described as (
    select
        ---------- ids
        beginnings.conversation_id,
        beginnings.comment_id,
        beginnings.source_code,

        ---------- strings
        beginnings.participant_code,

        ---------- numerics
        count(replies.comment_id)::integer as reply_count,
        count(*) filter (where replies.is_host)::integer as host_reply_count,
        count(distinct authors.author_key)::integer as reply_voice_count,
        (
            date_diff(
                'second',
                beginnings.posted_at,
                min(replies.posted_at) filter (where replies.is_host and not beginnings.is_host)
            ) / 60.0
        )::double as host_reply_minutes,

        ---------- booleans
        beginnings.is_host as is_by_host,
        (beginnings.is_question or (beginnings.is_host and beginnings.asked_number is not null)) as is_question,
        count(replies.comment_id) > 0 as is_answered,

        ---------- dates
        beginnings.posted_at as began_at,
        min(replies.posted_at) as first_reply_at
    from beginnings
    left join joined as replies
        on
            beginnings.conversation_id = replies.conversation_id
            and beginnings.comment_id = replies.thread_comment_id
            and beginnings.comment_id != replies.comment_id
    left join {{ ref('stg_raw__comments') }} as authors on replies.comment_id = authors.comment_id
    group by
        beginnings.conversation_id, beginnings.comment_id, beginnings.source_code, beginnings.participant_code,
        beginnings.posted_at, beginnings.is_host, beginnings.is_question, beginnings.asked_number
)

select * from described
