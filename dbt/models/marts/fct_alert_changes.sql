with changes as (
    select
        *,
        -- By theme, the comments of a part are those of the whole: what divides are the negative ones.
        case dimension_code
            when 'theme' then before_negative_count + episode_negative_count
            else before_comment_count + episode_comment_count
        end as part_size
    from {{ ref('int_alert_changes_measured') }}
),

-- What one part hides, the whole less the others would tell: the next smallest is hidden with it.
hidden as (
    {{ suppress(
        'changes', ['alert_id', 'dimension_code'], 'part_code', 'part_size', 'hidden_reason',
        also_hidden=is_small('before_comment_count') ~ ' or ' ~ is_small('before_negative_count')
        ~ ' or ' ~ is_small('episode_comment_count') ~ ' or ' ~ is_small('episode_negative_count')
        ~ ' or ' ~ is_small('episode_comment_count - episode_negative_count')
    ) }}
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
        hidden_reason is not null as is_small
    from hidden
)

select * from described
