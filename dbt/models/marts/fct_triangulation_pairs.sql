select
    ---------- ids
    words_code,
    outcome_code,
    kind_label,

    ---------- strings
    not_said_reason,

    ---------- numerics
    service_count,
    service_month_count,
    independent_count,
    rho,
    rho_low,
    rho_high
from {{ ref('int_triangulation_correlated') }}
