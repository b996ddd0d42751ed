-- Weeks in which the baseline of a series starts anew, and why: a service was changed on purpose, as the register or a
-- person who looked into an alert says, or other versions of the models read it from then on.
with actions as (
    select *
    from {{ ref('stg_ops__alert_actions') }}
    where rebase_week_date is not null
    qualify row_number() over (partition by alert_id, rebase_week_date order by version desc) = 1
),

issued as (
    select * from {{ ref('stg_ops__issued_alerts') }}
)

select
    service_id,
    measure_code,
    rebase_date,
    reason
from {{ ref('rebase_dates') }}
union all
select
    issued.service_id,
    'negative_share' as measure_code,
    actions.rebase_week_date as rebase_date,
    coalesce(actions.action_text, 'decided by a person') as reason
from actions
inner join issued on actions.alert_id = issued.alert_id
where actions.action_code = 'rebased' and issued.service_id is not null
union all
select
    service_id,
    'negative_share' as measure_code,
    week_date as rebase_date,
    'other versions of the models' as reason
from {{ ref('int_version_breaks_found') }}
