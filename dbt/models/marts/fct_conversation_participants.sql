-- Who took part, by what the register of organisations declares of an account. Of everybody else nothing is inferred.
select
    ---------- ids
    posts.conversation_id,

    ---------- strings
    case when posts.is_host then 'host' else posts.participant_code end as participant_code,

    ---------- numerics
    count(*)::integer as contribution_count,
    count(distinct posts.author_organisation)::integer as organisation_count,
    nullif(count(distinct authors.author_key), 0)::integer as voice_count
from {{ ref('int_conversation_posts') }} as posts
inner join {{ ref('stg_raw__comments') }} as authors on posts.comment_id = authors.comment_id
where posts.is_contribution
group by posts.conversation_id, case when posts.is_host then 'host' else posts.participant_code end
