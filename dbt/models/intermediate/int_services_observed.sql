{{ config(materialized='table') }}

-- Every service that a comment or form is about, with the label that its place suggests, as it is spelled most often.
-- Reposts and posts without words are about none of their own.
with answers as (
    select * from {{ ref('int_comments_listed') }}
    where text_id is not null or kind = 'survey_answer'
),

observed as (
    select
        service_id,
        min(trust_code) as trust_code,
        min(week_date) as first_week_date,
        max(week_date) as last_week_date
    from answers
    group by service_id
),

spelled as (
    select
        service_id,
        case when coalesce(location_2, location_3) is not null then location_1 end as site_label,
        coalesce(location_3, location_2, location_1) as place_label,
        concat_ws(' > ', location_1, location_2, location_3) as place_path,
        count(*) as answer_count
    from answers
    where coalesce(location_1, location_2, location_3) is not null
    group by all
),

labels as (
    select
        service_id,
        first(site_label order by answer_count desc, site_label desc)
        filter (where site_label is not null) as site_label,
        first(place_label order by answer_count desc, place_label desc) as place_label,
        case
            when count(distinct place_path) > 1
                then array_to_string(
                    list_slice(list(place_path order by answer_count desc, place_path asc), 1, 20), ' | '
                )
        end as place_spellings
    from spelled
    group by service_id
)

select
    observed.service_id,
    observed.trust_code,
    labels.site_label,
    labels.place_spellings,
    observed.first_week_date,
    observed.last_week_date,
    case
        when observed.service_id = {{ trust_level_service('observed.trust_code') }}
            then 'Whole trust, no single service'
        else coalesce(labels.place_label, 'Service not given')
    end as service_label
from observed
left join labels on observed.service_id = labels.service_id
