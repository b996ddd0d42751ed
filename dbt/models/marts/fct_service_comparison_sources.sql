-- Where the comments come from by which services, sites and areas are compared. What one source hides, the whole less
-- the others would tell: the next smallest is hidden with it.
with counted as (
    select
        *,
        sum(comment_count) over (partition by level_code, kind_label, unit_id)::integer as all_count
    from {{ ref('int_comparison_sources_counted') }}
),

hidden as (
    {{ suppress(
        'counted', ['level_code', 'kind_label', 'unit_id'], 'source_code', 'comment_count', 'suppression_reason'
    ) }}
)

select
    ---------- ids
    level_code,
    kind_label,
    unit_id,
    source_code,

    ---------- exact figures, for the analyst's desk
    comment_count,
    {{ share('comment_count', 'all_count') }} as comment_share,

    ---------- labels: what may leave the analyst's desk
    {{ share_label('comment_count', 'all_count', 'suppression_reason is not null') }} as comment_share_label,

    ---------- booleans
    suppression_reason is not null as is_suppressed
from hidden
