with themes as (
    select * from {{ ref('stg_understanding__themes') }}
)

select
    ---------- ids
    theme_code,
    frame_code,
    major_code,

    ---------- strings
    theme_label,
    level,

    ---------- numerics
    sort_order
from themes
