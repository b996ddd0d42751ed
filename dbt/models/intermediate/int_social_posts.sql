{{ config(materialized='table') }}

-- Posts of social sources as a conversation needs them: what they answer and repeat, and what was done with them.
select
    posts.comment_id,
    posts.source_code,
    posts.kind,
    posts.text_id,
    posts.replied_comment_id,
    posts.reshared_comment_id,
    posts.author_key,
    posts.author_role,
    posts.author_organisation,
    posts.link_domains,
    posts.like_count,
    posts.share_count,
    posts.reply_count,
    posts.quote_count,
    posts.view_count,
    posts.posted_at,
    list_distinct(list_transform(coalesce(posts.hashtags, []), lambda tag: lower(ltrim(tag, '#')))) as tags,
    -- A text that has expired or is withheld asks nothing that is known.
    coalesce(contains(posts.comment_text, '?'), false) as is_question,
    -- "Q2" of a host, and "A2" of those who answer it: how a tweetchat is held together where replies are not.
    try_cast(regexp_extract(posts.comment_text, '\bQ ?\.? ?([0-9]{1,2})\b', 1) as integer) as asked_number,
    try_cast(regexp_extract(posts.comment_text, '\bA ?\.? ?([0-9]{1,2})\b', 1) as integer) as answered_number
from {{ ref('stg_raw__comments') }} as posts
inner join {{ ref('sources') }} as sources on posts.source_code = sources.source_code
where sources.is_social
