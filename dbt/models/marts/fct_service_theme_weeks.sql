with judged as (
    select * from {{ ref('int_service_theme_weeks_judged') }}
    where comment_count > 0
),

-- A label is hidden with the label of all the service's comments, whatever that is hidden for. What follows from labels
-- that are shown (all comments have the theme, all are negative or none is) is no secret.
decided as (
    select
        *,
        comment_week_hidden or comment_reason is not null as is_count_hidden,
        case
            when comment_reason is not null or negative_reason is not null then true
            when all_negative_count = 0 then false
            when all_count in (comment_count, all_negative_count) then comment_week_hidden
            else negative_week_hidden
        end as is_negative_hidden
    from judged
),

described as (
    select
        ---------- ids
        service_id,
        theme_code,
        week_date,

        ---------- exact figures, for the analyst's desk
        comment_count,
        negative_count,
        {{ share('comment_count', 'all_count') }} as comment_share,

        ---------- labels: what may leave the analyst's desk
        case when is_count_hidden then '*' else comment_count::varchar end as comment_count_label,
        case when is_negative_hidden then '*' else negative_count::varchar end as negative_count_label,

        ---------- booleans
        is_count_hidden or is_negative_hidden as is_suppressed,

        ---------- why
        case
            when {{ is_small('comment_count') }} or {{ is_small('negative_count') }} then 'small_number'
            when is_count_hidden or is_negative_hidden then 'secondary'
        end as suppression_reason
    from decided
)

select * from described
