-- published_rows and published_sources are made by the gate from the manifest of what is published now; without one they
-- are empty. Comments that a gate left out are accounted for: they have not vanished.
with built as (
    select 'dim_services' as table_name, count(*) as row_count from marts.dim_services
    union all
    select 'dim_sources', count(*) from marts.dim_sources
    union all
    select
        'fct_comments',
        count(*) + (select count(*) from raw.comments where text_id is not null and left_out_reason is not null)
    from marts.fct_comments
    union all
    select 'fct_service_weeks', count(*) from marts.fct_service_weeks
    union all
    select 'fct_service_theme_weeks', count(*) from marts.fct_service_theme_weeks
    union all
    select 'fct_control_chart_points', count(*) from marts.fct_control_chart_points
),
-- A single source may lose its comments, and is named for it (kept_sources.sql): the others are published.
lost as (
    select
        published_sources.row_count as published_count,
        least(coalesce(count(c.comment_id), 0), published_sources.row_count) as kept_count
    from published_sources
    left join marts.fct_comments as c on published_sources.source_code = c.source_code
    group by published_sources.source_code, published_sources.row_count
    qualify
        count(*) over () > 1
        and row_number() over (
            order by published_sources.row_count - count(c.comment_id) desc, published_sources.source_code
        ) = 1
)
select
    built.table_name,
    published_rows.row_count as published_count,
    built.row_count as built_count,
    built.row_count / nullif(published_rows.row_count, 0) as kept_share,
    case when built.table_name = 'fct_comments' then
        (built.row_count - coalesce(lost.kept_count, 0))
        / nullif(published_rows.row_count - coalesce(lost.published_count, 0), 0)
    end as kept_comment_share
from built
inner join published_rows using (table_name)
left join lost on true
