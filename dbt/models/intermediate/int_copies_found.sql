{{ config(materialized='table') }}

-- Comments of which a trust has several that say nearly the same. The first of them is no copy, and gives the group its
-- name: an id of the text would be a hash of words, also of those that have expired. The first is the first about care,
-- so that a near miss of the rules costs no group its voice; but what an organisation said first is its own for all.
with comments as (
    select
        comments.comment_id,
        comments.trust_code,
        comments.posted_at,
        copies.copy_group_id,
        coalesce(comments.author_role = 'organisation', false) as is_of_organisation,
        coalesce({{ about_care('comments', 'relevance') }}, false) as is_about_care
    from {{ ref('int_comments_located') }} as comments
    inner join {{ ref('int_copies_current') }} as copies on comments.text_id = copies.text_id
    left join {{ ref('int_relevance_current') }} as relevance on comments.text_id = relevance.text_id
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

ordered as (
    select
        comments.*,
        repeated.member_count,
        first_value(comments.is_of_organisation) over (
            partition by comments.trust_code, comments.copy_group_id
            order by comments.posted_at, comments.comment_id
        ) as is_begun_by_organisation
    from comments
    inner join repeated
        on comments.trust_code = repeated.trust_code and comments.copy_group_id = repeated.copy_group_id
),

members as (
    select
        comment_id,
        first_value(comment_id) over (
            partition by trust_code, copy_group_id
            order by (is_about_care and not is_begun_by_organisation) desc, posted_at asc, comment_id asc
        ) as copy_group_id,
        member_count - 1 as further_copy_count
    from ordered
)

select
    *,
    comment_id != copy_group_id as is_copy
from members
