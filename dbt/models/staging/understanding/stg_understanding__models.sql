with source as (
    select * from {{ source('understanding', 'models') }}
),

renamed as (
    select
        ---------- ids
        task as task_code,
        model_version,

        ---------- dates
        made_current_at
    from source
)

select * from renamed
