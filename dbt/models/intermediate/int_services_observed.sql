{{ config(materialized='table') }}

-- Every service that an answer is about, with the label that its place suggests.
with answers as (
    select * from {{ ref('int_comments_attributed') }}
),

observed as (
    select
        service_id,
        min(trust_code) as trust_code,
        max(case when coalesce(location_2, location_3) is not null then location_1 end) as site_label,
        max(coalesce(location_3, location_2, location_1, 'Service not given')) as service_label,
        min(posted_date) filter (where text_id is not null) as first_posted_date,
        max(posted_date) filter (where text_id is not null) as last_posted_date,
        count(text_id) as comment_count,
        min(week_date) as first_week_date,
        max(week_date) as last_week_date
    from answers
    group by service_id
)

select * from observed
