{{ config(materialized='table') }}

-- Comments of which a trust has several that say nearly the same. The first of them is no copy, and gives the group its
-- name: an id of the text would be a hash of words, also of those that have expired.
with comments as (
    select
        comments.comment_id,
        comments.trust_code,
        comments.posted_at,
        copies.copy_group_id
    from {{ ref('int_comments_unioned') }} as comments
    inner join {{ ref('int_copies_current') }} as copies on comments.text_id = copies.text_id
),

-- Counted before they are put in order: most comments stand alone.
repeated as (
    select
        trust_code,
        copy_group_id,
        count(*)::integer as member_count
    from comments
    group by trust_code, copy_group_id
    having count(*) > 1
),

members as (
    select
        comments.comment_id,
        first_value(comments.comment_id) over (
            partition by comments.trust_code, comments.copy_group_id
            order by comments.posted_at, comments.comment_id
        ) as copy_group_id,
        repeated.member_count - 1 as further_copy_count
    from comments
    inner join repeated
        on comments.trust_code = repeated.trust_code and comments.copy_group_id = repeated.copy_group_id
)

select
    *,
    comment_id != copy_group_id as is_copy
from members
