with source as (
    select * from {{ source('ops', 'alert_actions') }}
),

renamed as (
    select
        ---------- ids
        alert_id,
        version,

        ---------- strings
        event as action_code,
        outcome as outcome_code,
        made_by,
        assigned_to,
        words as action_text,

        ---------- dates
        acted_on as acted_date,
        week_date as rebase_week_date,
        logged_at
    from source
)

select * from renamed
