-- Who took part, by what the register of organisations declares of an account. Of everybody else nothing is inferred.
select
    ---------- ids
    conversation_id,

    ---------- strings
    case when is_host then 'host' else participant_code end as participant_code,

    ---------- numerics
    count(*)::integer as contribution_count,
    count(distinct author_organisation)::integer as organisation_count,
    case when count(author_key) > 0 then count(distinct author_key) end::integer as voice_count
from {{ ref('int_conversation_posts') }}
where is_contribution
group by conversation_id, case when is_host then 'host' else participant_code end
