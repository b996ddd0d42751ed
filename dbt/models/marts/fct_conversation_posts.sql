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
    country_code,
    -- Where it points, without the words of titles: to see that it has come to count otherwise.
    case
        when len(link_domains) > 0 or len(link_titles) > 0
            then md5(struct_pack(
                domains := list_sort(list_distinct(link_domains)),
                titles := list_sort(list_distinct(list_transform(
                    link_titles, lambda each: each.domain || ' ' || lower(nfc_normalize(each.title))
                )))
            )::varchar)
    end as links_key,

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
