select
    ---------- ids
    conversation_id,

    ---------- strings
    traffic_code,

    ---------- numerics
    contribution_count,
    reshare_count,
    interval_minutes,

    ---------- dates
    minute_at,
    interval_at
from {{ ref('int_conversation_minutes_judged') }}
