select
    source_code,
    source_label,
    kind_label,
    description,
    is_social
from {{ ref('dim_sources') }}
