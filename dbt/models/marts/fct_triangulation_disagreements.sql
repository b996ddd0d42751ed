select
    ---------- ids
    words_code,
    outcome_code,
    service_id,
    month_code,

    ---------- exact figures, for the analyst's desk
    words_count::integer as words_count,
    negative_count::integer as negative_count,
    words_value::double as words_value,
    outcome_count::integer as outcome_count,
    outcome_value::double as outcome_value,
    disagreement::double as disagreement
from {{ ref('int_triangulation_pairs') }}
