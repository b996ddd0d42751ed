{{ config(materialized='table') }}

-- What is compared: of the comments that have a sentiment, how many are negative, and how many criticise each major
-- theme that any comment of the kind criticises.
with counted as (
    select
        level_code,
        kind_label,
        unit_id,
        sum(comment_count)::integer as comment_count,
        sum(negative_count)::integer as negative_count
    from {{ ref('int_comparison_sources_counted') }}
    group by all
),

criticised as (
    select
        units.level_code,
        units.kind_label,
        units.unit_id,
        counts.theme_code,
        sum(counts.negative_count)::integer as negative_count
    from {{ ref('int_service_theme_weeks_counted') }} as counts
    inner join {{ ref('dim_themes') }} as themes on counts.theme_code = themes.theme_code and themes.level = 'major'
    inner join {{ ref('dim_weeks') }} as weeks on counts.week_date = weeks.week_date
    inner join {{ ref('int_comparison_months') }} as months on weeks.month_code = months.month_code
    inner join {{ ref('int_comparison_units') }} as units on counts.service_id = units.service_id
    group by all
    having sum(counts.negative_count) > 0
),

themes as (
    select distinct
        level_code,
        kind_label,
        theme_code
    from criticised
)

select
    level_code,
    kind_label,
    unit_id,
    'negative_share' as measure_code,
    null::varchar as theme_code,
    negative_count as numerator_count,
    comment_count as denominator_count
from counted
union all
select
    counted.level_code,
    counted.kind_label,
    counted.unit_id,
    'theme_criticism_share' as measure_code,
    themes.theme_code,
    -- A comment that people have given a theme and no sentiment is in no denominator.
    least(coalesce(criticised.negative_count, 0), counted.comment_count) as numerator_count,
    counted.comment_count as denominator_count
from counted
inner join themes on counted.level_code = themes.level_code and counted.kind_label = themes.kind_label
left join criticised
    on
        counted.level_code = criticised.level_code
        and counted.kind_label = criticised.kind_label
        and counted.unit_id = criticised.unit_id
        and themes.theme_code = criticised.theme_code
