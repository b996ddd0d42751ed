select
    ---------- ids
    trust_code,
    theme_code,
    rise_number,

    ---------- strings
    outcome_code,
    not_said_reason,

    ---------- numerics
    lead_week_count,
    lead_low,
    lead_high,

    ---------- dates
    social_week_date,
    survey_week_date
from {{ ref('int_theme_leads_found') }}
