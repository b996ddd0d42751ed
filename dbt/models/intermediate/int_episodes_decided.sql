{{ config(materialized='table') }}

-- The episodes that the rule finds today, with the figures of their opening.
with weeks as (
    {% for side in ['concern', 'improvement'] %}
        select
            series_id,
            series_code,
            trust_code,
            service_id,
            theme_code,
            week_date,
            '{{ side }}' as direction,
            {{ side }}_is_open as is_open,
            {{ side }}_evidence as evidence,
            {{ side }}_since_week_date as since_week_date,
            {{ side }}_opening_negative_count as negative_count,
            {{ side }}_opening_comment_count as comment_count,
            expected_share,
            baseline_comment_count,
            baseline_week_count,
            {{ side }}_alert_threshold as alert_threshold
        from {{ ref('int_decisions_made') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

numbered as (
    select
        *,
        count(since_week_date) over (
            partition by series_id, direction order by week_date rows between unbounded preceding and current row
        ) as episode_number,
        lead(week_date) over (partition by series_id, direction order by week_date) as next_week_date,
        lead(is_open) over (partition by series_id, direction order by week_date) as is_open_next
    from weeks
),

episodes as (
    select
        series_id,
        direction,
        any_value(series_code) as series_code,
        any_value(trust_code) as trust_code,
        any_value(service_id) as service_id,
        any_value(theme_code) as theme_code,
        min(week_date) as opened_week_date,
        arg_min(since_week_date, week_date) as since_week_date,
        arg_min(evidence, week_date) as evidence,
        arg_min(negative_count, week_date) as negative_count,
        arg_min(comment_count, week_date) as comment_count,
        arg_min(expected_share, week_date) as expected_share,
        arg_min(baseline_comment_count, week_date) as baseline_comment_count,
        arg_min(baseline_week_count, week_date) as baseline_week_count,
        max(evidence) as greatest_evidence,
        min(week_date) filter (where evidence >= alert_threshold) as alerted_week_date,
        min(next_week_date) filter (where not is_open_next) as closed_week_date
    from numbered
    where is_open
    group by series_id, direction, episode_number
)

select
    md5(concat_ws('|', series_id, direction, opened_week_date)) as alert_id,
    *,
    -- A person is asked then whether this is the new usual.
    case
        when
            coalesce(closed_week_date, (select max(weeks.week_date) + 1 from {{ ref('int_weeks_spanned') }} as weeks where weeks.is_over))
            > opened_week_date + 7 * {{ var('propose_rebase_weeks') }}
            then opened_week_date + 7 * {{ var('propose_rebase_weeks') }}
    end as rebase_proposed_week_date
from episodes
