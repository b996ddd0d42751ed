with source as (
    select * from {{ source('understanding', 'model_switches') }}
),

renamed as (
    select
        ---------- ids
        task as task_code,
        former_version,
        model_version,

        ---------- strings
        cause,
        made_by,

        ---------- numerics
        text_count,
        expired_count,

        ---------- dates
        switched_at
    from source
)

select * from renamed
