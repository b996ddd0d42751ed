with alerts as (
    select * from {{ ref('int_alerts_matched') }}
),

parts as (
    select * from {{ ref('int_alerts_grouped') }}
),

rated as (
    select * from {{ ref('int_alerts_rated') }}
),

telling as (
    select * from {{ ref('int_alerts_telling') }}
),

explained as (
    select
        alert_id,
        arg_max(dimension_code, explained_share) as explained_by
    from {{ ref('int_alert_changes_measured') }}
    where dimension_code in ('source', 'question', 'service') and explained_share >= {{ var('explaining_share') }}
    group by alert_id
),

described as (
    select
        ---------- ids
        alerts.alert_id,
        alerts.series_id,
        alerts.series_code,
        alerts.trust_code,
        alerts.service_id,
        alerts.theme_code,
        parts.part_of_alert_id,

        ---------- strings
        alerts.direction,
        case when alerts.alerted_week_date is not null then 'alert' else 'watch' end as tier_code,
        case
            when alerts.is_withdrawn then 'withdrawn'
            when alerts.closed_week_date is not null then 'closed'
            else 'open'
        end as status,
        explained.explained_by,

        ---------- numerics: as issued
        alerts.negative_count,
        alerts.comment_count,
        {{ share('alerts.negative_count', 'alerts.comment_count') }} as negative_share,
        alerts.expected_share,
        alerts.baseline_comment_count,
        alerts.baseline_week_count,
        alerts.evidence,

        ---------- numerics: as they are now
        alerts.greatest_evidence,
        rated.once_in_years,
        alerts.restated_negative_count,
        alerts.restated_comment_count,
        alerts.restated_expected_share,

        ---------- labels: what may leave the analyst's desk
        case
            when {{ is_small('alerts.comment_count') }} or telling.is_comment_count_telling then '*'
            else alerts.comment_count::varchar
        end as comment_count_label,
        case
            when
                {{ is_small('alerts.comment_count') }}
                or {{ is_small('alerts.negative_count') }}
                or {{ is_small('alerts.comment_count - alerts.negative_count') }}
                or (telling.is_negative_count_telling and alerts.theme_code is null)
                then '*'
            else alerts.negative_count::varchar
        end as negative_count_label,

        ---------- booleans
        alerts.restated_comment_count is not null
        and (alerts.restated_negative_count, alerts.restated_comment_count)
        is distinct from (alerts.negative_count, alerts.comment_count) as is_restated,

        ---------- dates
        alerts.since_week_date,
        alerts.opened_week_date,
        alerts.alerted_week_date,
        alerts.closed_week_date,
        alerts.rebase_proposed_week_date,
        alerts.issued_at
    from alerts
    left join parts on alerts.alert_id = parts.alert_id
    inner join rated on alerts.alert_id = rated.alert_id
    left join telling on alerts.alert_id = telling.alert_id
    left join explained on alerts.alert_id = explained.alert_id
)

select * from described
