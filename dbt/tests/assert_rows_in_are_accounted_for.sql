select *
from (
    select
        source_code,
        logical_date,
        rows_in,
        rows_loaded + rows_updated + rows_unchanged + rows_no_answer + rows_quarantined + rows_erased + rows_reshared
        + rows_refused as rows_accounted_for
    from {{ ref('fct_source_coverage') }}
) as days
where rows_in != rows_accounted_for
