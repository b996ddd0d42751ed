-- What the other tables of a conversation are counted from: every post of it, without its words and who wrote it.
select
    ---------- ids
    conversation_id,
    comment_id,
    root_comment_id,
    source_code,

    ---------- strings
    kind,
    participant_code,
    tags,

    ---------- numerics
    like_count,
    share_count,
    reply_count,
    quote_count,
    view_count,

    ---------- booleans
    is_host,
    is_question,
    is_contribution,
    is_reshare,
    is_copy,

    ---------- dates
    posted_at
from {{ ref('int_conversation_posts') }}
