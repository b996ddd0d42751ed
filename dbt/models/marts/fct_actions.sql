with actions as (
    select * from {{ ref('stg_ops__alert_actions') }}
),

alerts as (
    select * from {{ ref('fct_alerts') }}
),

answered as (
    select * from {{ ref('int_actions_answered') }}
),

described as (
    select
        ---------- ids
        actions.alert_id || '-' || actions.version as action_id,
        actions.alert_id,
        actions.version as action_version,
        alerts.series_id,
        alerts.trust_code,
        alerts.service_id,
        alerts.theme_code,

        ---------- strings
        actions.action_code,
        actions.outcome_code,
        actions.made_by,
        actions.assigned_to,
        actions.action_text,
        case actions.outcome_code
            when 'no_change' then 'not_changed'
            when 'planned' then 'planned'
            when 'made' then coalesce(answered.answer_code, 'nothing_to_compare')
        end as answer_code,

        ---------- numerics
        answered.passed_week_count,
        answered.before_week_count,
        answered.before_comment_count,
        answered.before_negative_count,
        answered.after_week_count,
        answered.after_comment_count,
        answered.after_negative_count,

        ---------- labels: what may leave the analyst's desk
        answered.before_share_label,
        answered.after_share_label,
        case actions.outcome_code
            when 'no_change' then 'nothing was changed'
            when 'planned' then 'a change is planned'
            when 'made' then coalesce(answered.answer_label, 'cannot be said: the alert is not there any more')
        end as answer_label,

        ---------- booleans
        coalesce(answered.is_very_sure, false) as is_very_sure,
        -- What was said of a change before is not true any more: a planned one was made.
        actions.action_code = 'closed'
        and actions.version = max(actions.version) filter (where actions.action_code = 'closed')
            over (partition by actions.alert_id) as is_in_force,

        ---------- dates
        actions.acted_date,
        actions.rebase_week_date,
        actions.logged_at
    from actions
    left join alerts on actions.alert_id = alerts.alert_id
    left join answered on actions.alert_id = answered.alert_id and actions.version = answered.version
)

select * from described
