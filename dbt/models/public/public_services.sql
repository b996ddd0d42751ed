-- Names of services that no register holds come from files, and may be anything: they are not published.
with published as (
    select distinct judged.service_id
    from {{ ref('int_service_weeks_judged') }} as judged
    inner join {{ ref('public_weeks') }} as weeks on judged.week_date = weeks.week_date
)

select
    services.service_id,
    services.trust_code,
    case when services.is_registered or services.is_trust_level then services.trust_label else services.trust_code end
        as trust_label,
    case when services.is_registered then services.site_label end as site_label,
    case
        when services.is_registered or services.is_trust_level then services.service_label
        else 'Service outside the register'
    end as service_label,
    services.is_registered
from {{ ref('dim_services') }} as services
inner join published on services.service_id = published.service_id
