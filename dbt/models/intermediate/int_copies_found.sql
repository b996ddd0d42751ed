{{ config(materialized='table') }}

-- Comments of which a trust has several that say nearly the same. The first of them is no copy, and gives the group its
-- name: an id of the text would be a hash of words, also of those that have expired. The first is the first about care,
-- so that a near miss of the rules costs no group its voice; but what an organisation said first is its own for all.
-- What was first said on the NHS website counts there.
with located as (
    select * from {{ ref('int_comments_listed') }}
),

-- Care Opinion republishes reviews of the NHS website. Where both are there, it is one review, with the same words,
-- sent in on the same day about the same trust; each story has a review of its own, as many people say "Excellent".
numbered as (
    select
        comment_id,
        trust_code,
        text_id,
        posted_date,
        row_number() over (
            partition by trust_code, text_id, posted_date, source_code
            order by posted_at, comment_id
        ) as place
    from located
    where text_id is not null and (origin_code = 'nhs_website' or source_code = 'nhs_reviews')
),

republished as (
    select
        comment_id,
        md5(concat_ws('|', trust_code, text_id, posted_date, place)) as review_key
    from numbered
    qualify count(*) over (partition by trust_code, text_id, posted_date, place) > 1
),

comments as (
    select
        located.comment_id,
        located.trust_code,
        located.posted_at,
        coalesce(copies.copy_group_id, republished.review_key) as copy_group_id,
        located.origin_code is not null as is_second_hand,
        located.source_code = 'nhs_reviews' as is_first_hand,
        coalesce(located.author_role = 'organisation', false) as is_of_organisation,
        coalesce({{ about_care('located', 'relevance') }}, false) as is_about_care
    from located
    left join {{ ref('int_copies_current') }} as copies on located.text_id = copies.text_id
    left join republished on located.comment_id = republished.comment_id
    left join {{ ref('int_relevance_current') }} as relevance on located.text_id = relevance.text_id
    where copies.copy_group_id is not null or republished.review_key is not null
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
        comments.is_second_hand and bool_or(comments.is_first_hand) over (
            partition by comments.trust_code, comments.copy_group_id
        ) as counts_elsewhere,
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
            order by
                (is_about_care and not is_begun_by_organisation) desc,
                counts_elsewhere asc,
                posted_at asc,
                comment_id asc
        ) as copy_group_id,
        member_count - 1 as further_copy_count
    from ordered
)

select
    *,
    comment_id != copy_group_id as is_copy
from members
