{{ config(materialized='table') }}

-- The comments that an alert is about, from the weeks since it began to its opening (`episode`) and from those before
-- (`before`). Of a theme's alert, negative are those that speak of the theme negatively.
with alerts as (
    select * from {{ ref('int_alerts_matched') }}
    where not is_withdrawn
),

negative_mentions as (
    select
        mentions.comment_id,
        list(mentions.theme_code order by mentions.theme_code) as theme_codes
    from {{ ref('fct_comment_themes') }} as mentions
    inner join {{ ref('int_themes_watched') }} as themes on mentions.theme_code = themes.theme_code
    where mentions.is_counted and mentions.polarity = 'negative'
    group by mentions.comment_id
),

comments as (
    select * from {{ ref('fct_comments') }}
    where is_counted and sentiment_label is not null
),

gathered as (
    {% for series, condition in [
        ('service', "alerts.service_id = comments.service_id"), ('trust', "alerts.trust_code = comments.trust_code")
    ] %}
        select
            alerts.alert_id,
            alerts.theme_code,
            case when comments.week_date >= alerts.since_week_date then 'episode' else 'before' end as period_code,
            comments.comment_id,
            comments.service_id,
            comments.source_code,
            comments.question_type,
            comments.fft_score,
            comments.sentiment_label
        from alerts
        inner join comments
            on
                {{ condition }}
                and comments.week_date
                between alerts.since_week_date - 7 * {{ var('baseline_weeks') }} and alerts.opened_week_date
        where alerts.series_code in ('{{ series }}', '{{ series }}_theme')
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    gathered.* exclude (theme_code, sentiment_label),
    coalesce(negative_mentions.theme_codes, []) as negative_theme_codes,
    case
        when gathered.theme_code is null then gathered.sentiment_label = 'negative'
        else list_contains(negative_theme_codes, gathered.theme_code)
    end as is_negative
from gathered
left join negative_mentions on gathered.comment_id = negative_mentions.comment_id
