{{ config(materialized='table') }}

-- Those of `int_theme_channels_counted` that criticise a theme that is watched.
select
    services.trust_code,
    counts.theme_code,
    {{ channel('sources') }} as channel_code,
    counts.week_date,
    sum(counts.negative_count)::integer as negative_count
from {{ ref('int_decision_theme_counts') }} as counts
inner join {{ ref('sources') }} as sources
    on counts.source_code = sources.source_code and {{ is_in_a_channel('sources') }}
inner join {{ ref('dim_services') }} as services on counts.service_id = services.service_id
group by all
