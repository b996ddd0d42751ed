-- Alerts that people were told of, and what they did about them: those that opened in the year up to the last week that
-- is over. A part of another alert is told with it, and not counted for itself.
with last_week as (
    -- In the first days no week is over but the one before them all.
    select coalesce(max(week_date) filter (where is_over), min(week_date) - 7) as last_week_date
    from {{ ref('int_weeks_spanned') }}
),

directions as (
    select unnest(['concern', 'improvement']) as direction
),

alerts as (
    select
        alerts.alert_id,
        alerts.direction
    from {{ ref('fct_alerts') }} as alerts
    cross join last_week
    where
        alerts.tier_code = 'alert'
        and alerts.status != 'withdrawn'
        and alerts.part_of_alert_id is null
        and alerts.opened_week_date > last_week.last_week_date - 7 * 52
        and alerts.opened_week_date <= last_week.last_week_date
),

handled as (
    select
        alert_id,
        bool_or(action_code in ('acknowledged', 'assigned', 'closed')) as is_seen,
        max(outcome_code) filter (where is_in_force) as outcome_code
    from {{ ref('fct_actions') }}
    group by alert_id
)

select
    ---------- ids
    directions.direction,

    ---------- numerics
    count(alerts.alert_id)::integer as alert_count,
    (count(*) filter (where handled.is_seen))::integer as seen_count,
    (count(*) filter (where handled.outcome_code = 'made'))::integer as changed_count,
    (count(*) filter (where handled.outcome_code = 'planned'))::integer as planned_count,
    (count(*) filter (where handled.outcome_code = 'no_change'))::integer as unchanged_count,
    {{ share("(count(*) filter (where handled.outcome_code = 'made'))", 'count(alerts.alert_id)') }} as changed_share,

    ---------- dates
    last_week.last_week_date - 7 * 51 as first_week_date,
    last_week.last_week_date
from directions
cross join last_week
left join alerts on directions.direction = alerts.direction
left join handled on alerts.alert_id = handled.alert_id
group by directions.direction, last_week.last_week_date
