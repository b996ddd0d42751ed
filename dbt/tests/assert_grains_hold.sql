-- One row per mart that has more rows than keys.
{% for mart, grain in {
    'dim_services': 'service_id',
    'dim_sources': 'source_code',
    'dim_weeks': 'week_date',
    'dim_themes': 'theme_code',
    'fct_comments': 'comment_id',
    'fct_comment_themes': 'comment_id, theme_code',
    'fct_service_weeks': 'service_id, week_date',
    'fct_service_theme_weeks': 'service_id, theme_code, week_date',
    'fct_control_chart_points': 'chart_id, week_date',
    'fct_alerts': 'alert_id',
    'fct_source_coverage': 'source_code, logical_date',
    'fct_query_days': 'source_code, query_id, posted_date',
}.items() %}
    select
        '{{ mart }}' as mart,
        count(*) as row_count
    from {{ ref(mart) }}
    having count(*) != count(distinct row({{ grain }}))
    {{ 'union all' if not loop.last }}
{% endfor %}
