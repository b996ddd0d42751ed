-- published_rows is made by the gate from the warehouse that is published now; without one it is empty.
with built as (
    select 'dim_services' as table_name, count(*) as row_count from marts.dim_services
    union all
    select 'dim_sources', count(*) from marts.dim_sources
    union all
    select 'fct_comments', count(*) from marts.fct_comments
    union all
    select 'fct_service_weeks', count(*) from marts.fct_service_weeks
    union all
    select 'fct_service_theme_weeks', count(*) from marts.fct_service_theme_weeks
    union all
    select 'fct_control_chart_points', count(*) from marts.fct_control_chart_points
)
select
    built.table_name,
    published_rows.row_count as published_count,
    built.row_count as built_count,
    built.row_count / nullif(published_rows.row_count, 0) as kept_share,
    case when built.table_name = 'fct_comments' then kept_share end as kept_comment_share
from built
inner join published_rows using (table_name)
