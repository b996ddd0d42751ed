-- The exact counts of every service, theme and week that has one. Nothing is hidden here.
select
    service_id,
    theme_code,
    week_date,
    count(*)::integer as comment_count,
    count_if(sentiment_label = 'negative')::integer as negative_count
from {{ ref('fct_comment_themes') }}
where is_counted
group by service_id, theme_code, week_date
