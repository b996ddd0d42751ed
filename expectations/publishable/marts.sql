select
    wanted.table_name,
    exists (
        from duckdb_tables() as t
        where t.database_name = current_database() and t.schema_name = 'marts' and t.table_name = wanted.table_name
    ) or exists (
        from duckdb_views() as v
        where v.database_name = current_database() and v.schema_name = 'marts' and v.view_name = wanted.table_name
    ) as is_built
from (
    values
        ('dim_services'), ('dim_sources'), ('dim_weeks'), ('dim_themes'), ('fct_comments'), ('fct_comment_themes'),
        ('fct_service_weeks'), ('fct_service_theme_weeks'), ('fct_control_chart_points'), ('fct_alerts'),
        ('fct_source_coverage'), ('fct_query_days')
) as wanted (table_name)
