-- Overlap: how many contributions have both of two major themes of a frame.
with mentions as (
    select distinct
        posts.conversation_id,
        posts.comment_id,
        mentions.frame_code,
        themes.major_code
    from {{ ref('int_conversation_posts') }} as posts
    inner join {{ ref('fct_comment_themes') }} as mentions on posts.comment_id = mentions.comment_id
    inner join {{ ref('dim_themes') }} as themes on mentions.theme_code = themes.theme_code
    where posts.is_contribution
)

select
    ---------- ids
    one.conversation_id,
    one.frame_code,
    one.major_code as theme_code,
    other.major_code as other_theme_code,

    ---------- numerics
    count(*)::integer as contribution_count
from mentions as one
inner join mentions as other
    on
        one.conversation_id = other.conversation_id
        and one.comment_id = other.comment_id
        and one.frame_code = other.frame_code
        and one.major_code < other.major_code
group by one.conversation_id, one.frame_code, one.major_code, other.major_code
