-- Themes whose criticism is watched: the minor ones of patient experience that say what a comment is about.
select
    theme_code,
    theme_label
from {{ ref('dim_themes') }}
where frame_code = 'patient_experience' and level = 'minor' and theme_code != 'labelling_not_possible'
