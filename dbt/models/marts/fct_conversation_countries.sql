-- Countries as sources declare them of contributions. Nothing is inferred, so that most are of none.
select
    ---------- ids
    conversation_id,

    ---------- strings
    coalesce(country_code, 'not_declared') as country_code,

    ---------- numerics
    count(*)::integer as contribution_count
from {{ ref('int_conversation_posts') }}
where is_contribution
group by conversation_id, coalesce(country_code, 'not_declared')
