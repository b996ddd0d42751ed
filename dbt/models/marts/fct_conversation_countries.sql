-- Countries as sources declare them of contributions. Nothing is inferred, so that most are of none.
select
    ---------- ids
    posts.conversation_id,

    ---------- strings
    coalesce(posts.country_code, 'not_declared') as country_code,

    ---------- numerics
    count(*)::integer as contribution_count,
    {{ writer_count('posts.comment_id', 'authors.author_key') }} as writer_count
from {{ ref('int_conversation_posts') }} as posts
inner join {{ ref('stg_raw__comments') }} as authors on posts.comment_id = authors.comment_id
where posts.is_contribution
group by posts.conversation_id, coalesce(posts.country_code, 'not_declared')
