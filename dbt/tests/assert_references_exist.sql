-- One row per reference that leads nowhere.
{% for fact, key, dimension in [
    ('fct_comments', 'service_id', 'dim_services'),
    ('fct_comments', 'source_code', 'dim_sources'),
    ('fct_comments', 'week_date', 'dim_weeks'),
    ('fct_comment_themes', 'theme_code', 'dim_themes'),
    ('fct_comment_themes', 'comment_id', 'fct_comments'),
    ('fct_service_weeks', 'service_id', 'dim_services'),
    ('fct_service_weeks', 'week_date', 'dim_weeks'),
    ('fct_source_coverage', 'source_code', 'dim_sources'),
    ('fct_query_days', 'source_code', 'dim_sources'),
] %}
    select '{{ fact }}.{{ key }}' as what, count(*) as lost_rows
    from {{ ref(fact) }} as facts
    anti join {{ ref(dimension) }} as dimensions on facts.{{ key }} = dimensions.{{ key }}
    having count(*) > 0
    {{ 'union all' if not loop.last }}
{% endfor %}
