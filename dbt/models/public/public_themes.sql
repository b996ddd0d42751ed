select
    theme_code,
    frame_code,
    theme_label,
    sort_order
from {{ ref('dim_themes') }}
where frame_code = 'patient_experience' and level = 'major'
