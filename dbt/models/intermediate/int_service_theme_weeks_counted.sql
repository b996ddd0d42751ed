{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ delete_weeks_made_otherwise(this, theme_weeks_to_be_made()) }}"
) }}

-- The exact counts of every service, theme and week that has one. Nothing is hidden here. A comment counts once for a
-- major theme: as negative where any of its minor ones is spoken of negatively, else as positive where any is praised.
with weeks as (
    {{ weeks_not_made(this, theme_weeks_to_be_made()) }}
),

mentions as (
    select
        mentions.*,
        weeks.made_from,
        themes.major_code
    from {{ ref('fct_comment_themes') }} as mentions
    inner join weeks on mentions.service_id = weeks.service_id and mentions.week_date = weeks.week_date
    inner join {{ ref('dim_themes') }} as themes on mentions.theme_code = themes.theme_code
    where mentions.is_counted
),

majors as (
    select
        service_id,
        major_code as theme_code,
        week_date,
        any_value(made_from) as made_from,
        case
            when bool_or(polarity = 'negative') then 'negative'
            when bool_or(polarity = 'positive') then 'positive'
            else 'neutral'
        end as polarity
    from mentions
    group by comment_id, service_id, major_code, week_date
),

every_theme as (
    select
        service_id,
        theme_code,
        week_date,
        made_from,
        polarity
    from mentions
    where theme_code != major_code
    union all
    select
        service_id,
        theme_code,
        week_date,
        made_from,
        polarity
    from majors
)

select
    service_id,
    theme_code,
    week_date,
    count(*)::integer as comment_count,
    count_if(polarity = 'negative')::integer as negative_count,
    count_if(polarity = 'positive')::integer as positive_count,
    any_value(made_from) as made_from
from every_theme
group by service_id, theme_code, week_date
