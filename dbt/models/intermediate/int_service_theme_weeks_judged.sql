{{ config(materialized='table') }}

-- What of the major themes of patient experience may be published, of the weeks and months of a service and its trust.
-- Every theme of a trust stands in every week of its services: what is not there cannot keep others company.
with counted as (
    select counted.*
    from {{ ref('int_service_theme_weeks_counted') }} as counted
    inner join {{ ref('dim_themes') }} as themes on counted.theme_code = themes.theme_code
    where themes.frame_code = 'patient_experience' and themes.level = 'major'
),

service_weeks as (
    select
        trust_code,
        service_id,
        month_code,
        week_date,
        comment_week_hidden as all_comment_week_hidden,
        comment_month_hidden as all_comment_month_hidden,
        comment_trust_week_hidden as all_comment_trust_week_hidden,
        comment_trust_month_hidden as all_comment_trust_month_hidden,
        comment_count as all_count
    from {{ ref('int_service_weeks_judged') }}
),

themes_of_trusts as (
    select distinct
        service_weeks.trust_code,
        counted.theme_code
    from counted
    inner join service_weeks
        on counted.service_id = service_weeks.service_id and counted.week_date = service_weeks.week_date
),

weeks as (
    select
        service_weeks.*,
        themes_of_trusts.theme_code,
        coalesce(counted.comment_count, 0) as comment_count,
        coalesce(counted.negative_count, 0) as negative_count
    from service_weeks
    inner join themes_of_trusts on service_weeks.trust_code = themes_of_trusts.trust_code
    left join counted
        on
            service_weeks.service_id = counted.service_id
            and service_weeks.week_date = counted.week_date
            and themes_of_trusts.theme_code = counted.theme_code
),

comments as (
    {{ suppress_hierarchy(
        'weeks', 'comment', 'comment_count', ceiling='all_count', within=['all_comment'], split_by=['theme_code']
    ) }}
),

-- How a theme is spoken of divides its comments. It says nothing for certain of a comment's own label: a comment that
-- is praise may criticise a theme.
negatives as (
    {{ suppress_hierarchy(
        'comments', 'negative', 'negative_count', ceiling='comment_count', within=['comment'], split_by=['theme_code']
    ) }}
)

select * from negatives
