{{ config(materialized='table') }}

-- Comments of a trust by week, on social media and in surveys, as the rule that decides counts them. Stories and
-- reviews are neither.
select
    services.trust_code,
    {{ channel('sources') }} as channel_code,
    counts.week_date,
    sum(counts.comment_count)::integer as comment_count
from {{ ref('int_decision_counts') }} as counts
inner join {{ ref('sources') }} as sources
    on counts.source_code = sources.source_code and {{ is_in_a_channel('sources') }}
inner join {{ ref('dim_services') }} as services on counts.service_id = services.service_id
group by all
