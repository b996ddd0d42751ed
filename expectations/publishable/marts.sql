select
    wanted.table_name,
    exists (
        from duckdb_tables() as t
        where t.database_name = current_database() and t.schema_name = wanted.schema_name
            and t.table_name = wanted.table_name
    ) or exists (
        from duckdb_views() as v
        where v.database_name = current_database() and v.schema_name = wanted.schema_name
            and v.view_name = wanted.table_name
    ) as is_built
from (
    values
        ('marts', 'dim_services'), ('marts', 'dim_sources'), ('marts', 'dim_weeks'), ('marts', 'dim_months'), ('marts', 'dim_themes'),
        ('marts', 'fct_comments'), ('marts', 'fct_comment_themes'), ('marts', 'fct_service_weeks'), ('marts', 'fct_service_months'), ('marts', 'fct_trust_months'),
        ('marts', 'fct_service_theme_weeks'), ('marts', 'fct_theme_examples'), ('marts', 'fct_control_chart_points'), ('marts', 'fct_alerts'),
        ('marts', 'fct_source_coverage'), ('marts', 'fct_source_gaps'), ('marts', 'fct_fft_months'), ('marts', 'fct_rebases'), ('marts', 'fct_query_days'),
        ('marts', 'fct_model_weeks'), ('marts', 'fct_service_comparison'), ('marts', 'fct_service_comparison_sources'),
        ('marts', 'fct_triangulation'), ('marts', 'fct_triangulation_pairs'), ('marts', 'fct_triangulation_disagreements'),
        ('marts', 'fct_theme_leads'), ('meta', 'rules')
) as wanted (schema_name, table_name)
