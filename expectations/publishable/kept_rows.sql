-- published_rows and published_sources are made by the gate from the manifest of what is published now; without one they
-- are empty. Comments that a gate left out are accounted for: they have not vanished.
with kept as (
    -- More of one source, or what was left out of it and never published, makes up for nothing that another one lost.
    select
        p.source_code,
        p.row_count as published_count,
        least(
            p.row_count,
            (
                select count(*) from marts.fct_comments as c
                where c.source_code = p.source_code
            )
            + (
                select count(*)
                from raw.comments as c
                where c.source = p.source_code and c.text_id is not null and c.left_out_reason is not null
            )
        ) as kept_count
    from published_sources as p
),

-- A single source may lose its comments, and is named for it (kept_sources.sql): the others are published.
lost as (
    select
        source_code,
        published_count,
        kept_count
    from kept
    qualify count(*) over () > 1 and row_number() over (order by published_count - kept_count desc, source_code) = 1
),

others as (
    select
        sum(kept_count) as kept_count,
        sum(published_count) as published_count
    from kept
    where source_code not in (select lost.source_code from lost)
),

built as (
    select
        'dim_services' as table_name,
        count(*) as row_count
    from marts.dim_services
    union all
    select
        'dim_sources',
        count(*)
    from marts.dim_sources
    union all
    select
        'fct_comments',
        count(
            *) + (
            select count(*) from raw.comments
            where text_id is not null and left_out_reason is not null
        )
    from marts.fct_comments
    union all
    select
        'fct_service_weeks',
        count(*)
    from marts.fct_service_weeks
    union all
    select
        'fct_service_theme_weeks',
        count(*)
    from marts.fct_service_theme_weeks
    union all
    select
        'fct_control_chart_points',
        count(*)
    from marts.fct_control_chart_points
)

select
    built.table_name,
    published_rows.row_count as published_count,
    built.row_count as built_count,
    built.row_count / nullif(published_rows.row_count, 0) as kept_share,
    -- A publication of before the sources were counted says only how many comments there were.
    case
        when built.table_name = 'fct_comments'
            then coalesce(others.kept_count / nullif(others.published_count, 0), kept_share)
    end as kept_comment_share
from built
inner join published_rows on built.table_name = published_rows.table_name
cross join others
