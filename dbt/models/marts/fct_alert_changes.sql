with changes as (
    select * from {{ ref('int_alert_changes_measured') }}
),

described as (
    select
        ---------- ids
        alert_id,
        dimension_code,
        part_code,

        ---------- numerics
        before_comment_count::integer as before_comment_count,
        before_negative_count::integer as before_negative_count,
        episode_comment_count::integer as episode_comment_count,
        episode_negative_count::integer as episode_negative_count,
        within_change::double as within_change,
        mix_change::double as mix_change,
        (within_change + mix_change)::double as whole_change,

        ---------- booleans
        {{ is_small('before_comment_count') }}
        or {{ is_small('before_negative_count') }}
        or {{ is_small('episode_comment_count') }}
        or {{ is_small('episode_negative_count') }}
        or {{ is_small('episode_comment_count - episode_negative_count') }} as is_small
    from changes
)

select * from described
