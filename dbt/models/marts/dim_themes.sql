with themes as (
    select * from {{ ref('themes') }}
)

select
    ---------- ids
    theme_code,
    frame_code,

    ---------- strings
    theme_label,

    ---------- numerics
    sort_order
from themes
