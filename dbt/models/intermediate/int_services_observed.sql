{{ config(materialized='table') }}

-- Every service that a comment or form is about, with the label that its place suggests. Reposts and posts without
-- words are about none of their own.
with answers as (
    select * from {{ ref('int_comments_attributed') }}
    where text_id is not null or kind = 'survey_answer'
),

observed as (
    select
        service_id,
        min(trust_code) as trust_code,
        max(case when coalesce(location_2, location_3) is not null then location_1 end) as site_label,
        max(coalesce(location_3, location_2, location_1)) as place_label,
        min(week_date) as first_week_date,
        max(week_date) as last_week_date
    from answers
    group by service_id
)

select
    * exclude (place_label),
    case
        when service_id = {{ trust_level_service('trust_code') }} then 'Whole trust, no single service'
        else coalesce(place_label, 'Service not given')
    end as service_label
from observed
