select
    ---------- ids
    task_code,

    ---------- dates
    switched_at,

    ---------- strings
    former_version,
    model_version,
    cause,
    made_by,

    ---------- numerics
    text_count,
    expired_count
from {{ ref('stg_understanding__model_switches') }}
