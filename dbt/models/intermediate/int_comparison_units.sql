-- What is compared: each service of the register that has a kind, the services of one kind at a site, and those in an
-- area. The register is the trust's own statement of which services are alike; of others nobody has said so.
with services as (
    select * from {{ ref('dim_services') }}
    where is_registered and not is_trust_level and kind_label is not null
),

units as (
    select
        'service' as level_code,
        service_id as unit_id,
        service_label as unit_label,
        service_id,
        trust_code,
        kind_label
    from services
    union all
    select
        'site' as level_code,
        trust_code || ' > ' || site_label as unit_id,
        site_label as unit_label,
        service_id,
        trust_code,
        kind_label
    from services
    where site_label is not null
    union all
    select
        'area' as level_code,
        trust_code || ' > ' || area_label as unit_id,
        area_label as unit_label,
        service_id,
        trust_code,
        kind_label
    from services
    where area_label is not null
)

select * from units
