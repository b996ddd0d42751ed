{{ config(materialized='table') }}

-- Comments that have a sentiment, and the negative ones among them, of what is compared and by source.
select
    units.level_code,
    units.kind_label,
    units.unit_id,
    comments.source_code,
    count(*)::integer as comment_count,
    count_if(comments.sentiment_label = 'negative')::integer as negative_count
from {{ ref('fct_comments') }} as comments
inner join {{ ref('dim_weeks') }} as weeks on comments.week_date = weeks.week_date
inner join {{ ref('int_comparison_months') }} as months on weeks.month_code = months.month_code
inner join {{ ref('int_comparison_units') }} as units on comments.service_id = units.service_id
where comments.is_counted and comments.sentiment_label is not null
group by all
