{{ config(materialized='table') }}

-- One change is one alert: a theme of a service that moves with the service, or a total that one service moves, is a
-- part of that service's alert and is not told for itself. Only of a change that is as sure (an alert is no part of what
-- is only watched) and that opened at about the same time: what comes months later is news.
with alerts as (
    select
        *,
        coalesce(closed_week_date, date '9999-12-31') as until_date
    from {{ ref('int_alerts_matched') }}
    where not is_withdrawn
),

weeks as (
    select * from {{ ref('int_decisions_made') }}
),

-- By how many comments each service is above (or below) what was expected of it, in the weeks of a total's episode.
moved as (
    select
        alerts.alert_id,
        weeks.service_id,
        sum(weeks.negative_count - weeks.comment_count * weeks.expected_share)
        * case any_value(alerts.direction) when 'concern' then 1 else -1 end as excess
    from alerts
    inner join weeks
        on
            alerts.trust_code = weeks.trust_code
            and alerts.theme_code is not distinct from weeks.theme_code
            and weeks.week_date between alerts.since_week_date and alerts.opened_week_date
            and weeks.expected_share is not null
            and weeks.service_id is not null
    where alerts.service_id is null
    group by alerts.alert_id, weeks.service_id
),

movers as (
    select
        alert_id,
        service_id
    from moved
    where excess > 0
    qualify excess >= 0.5 * sum(excess) over (partition by alert_id)
),

candidates as (
    select
        alerts.alert_id,
        whole.alert_id as whole_id,
        1 as preference,
        whole.opened_week_date
    from alerts
    inner join alerts as whole
        on
            alerts.service_id = whole.service_id
            and alerts.direction = whole.direction
            and whole.series_code = 'service'
            and whole.since_week_date <= alerts.until_date
            and alerts.since_week_date <= whole.until_date
    where alerts.series_code = 'service_theme'
    union all
    select
        alerts.alert_id,
        whole.alert_id as whole_id,
        case whole.series_code when 'service' then 1 else 2 end as preference,
        whole.opened_week_date
    from alerts
    inner join movers on alerts.alert_id = movers.alert_id
    inner join alerts as whole
        on
            movers.service_id = whole.service_id
            and alerts.direction = whole.direction
            and (whole.theme_code is null or whole.theme_code = alerts.theme_code)
            and whole.since_week_date <= alerts.until_date
            and alerts.since_week_date <= whole.until_date
    where alerts.service_id is null
    union all
    select
        alerts.alert_id,
        whole.alert_id as whole_id,
        3 as preference,
        whole.opened_week_date
    from alerts
    inner join alerts as whole
        on
            alerts.trust_code = whole.trust_code
            and alerts.direction = whole.direction
            and whole.series_code = 'trust'
            and whole.since_week_date <= alerts.until_date
            and alerts.since_week_date <= whole.until_date
    where alerts.series_code = 'trust_theme'
)

select
    candidates.alert_id,
    candidates.whole_id as part_of_alert_id
from candidates
inner join alerts as part on candidates.alert_id = part.alert_id
inner join alerts as whole on candidates.whole_id = whole.alert_id
where
    (part.alerted_week_date is null or whole.alerted_week_date is not null)
    and abs(part.opened_week_date - whole.opened_week_date) <= 7 * {{ var('part_weeks') }}
qualify
    row_number() over (
        partition by candidates.alert_id
        order by candidates.preference, candidates.opened_week_date, candidates.whole_id
    ) = 1
