select
    table_name,
    column_name,
    data_type,
    data_type <> 'VARCHAR' or column_name in (
        'service_id', 'trust_code', 'theme_code', 'detail_code', 'frame_code', 'source_code', 'month_code', 'week_label',
        'trust_label', 'site_label', 'service_label', 'theme_label', 'source_label', 'kind_label', 'description'
    ) as is_a_word_of_the_reference,
    coalesce(comment, '') <> '' as is_described
from duckdb_columns()
where database_name = current_database() and schema_name = 'public'
