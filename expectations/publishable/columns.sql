select
    table_name,
    column_name,
    coalesce(comment, '') <> '' as is_described
from duckdb_columns()
where database_name = current_database() and schema_name = 'marts'
