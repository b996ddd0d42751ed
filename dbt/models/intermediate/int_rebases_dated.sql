-- Weeks in which the baseline of a series starts anew, and why: a service was changed on purpose, or other versions of
-- the models read it from then on.
select
    service_id,
    measure_code,
    rebase_date,
    reason
from {{ ref('rebase_dates') }}
union all
select
    service_id,
    'negative_share' as measure_code,
    week_date as rebase_date,
    'other versions of the models' as reason
from {{ ref('int_version_breaks_found') }}
