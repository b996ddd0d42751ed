-- The exact counts of every service, theme and week that has one. Nothing is hidden here. A comment counts once for a
-- major theme: as negative where any of its minor ones is spoken of negatively, else as positive where any is praised.
with mentions as (
    select
        mentions.*,
        themes.major_code
    from {{ ref('fct_comment_themes') }} as mentions
    inner join {{ ref('dim_themes') }} as themes on mentions.theme_code = themes.theme_code
    where mentions.is_counted
),

majors as (
    select
        service_id,
        major_code as theme_code,
        week_date,
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
        polarity
    from mentions
    where theme_code != major_code
    union all
    select * from majors
)

select
    service_id,
    theme_code,
    week_date,
    count(*)::integer as comment_count,
    count_if(polarity = 'negative')::integer as negative_count,
    count_if(polarity = 'positive')::integer as positive_count
from every_theme
group by service_id, theme_code, week_date
