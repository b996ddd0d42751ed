-- The register of services, under the codes of today: a service outlives the trust that it began in. Of a service that
-- the register lists twice one row is taken; the quality page names it.
with services as (
    select * from {{ ref('services') }}
    qualify row_number() over (partition by service_id order by trust_code, service_label, aliases, valid_from) = 1
),

successors as (
    select * from {{ ref('int_organisations_succeeded') }}
),

registered as (
    select
        ---------- ids
        services.service_id,
        coalesce(trusts.current_code, services.trust_code) as trust_code,
        services.trust_code as given_trust_code,
        coalesce(sites.current_code, services.ods_code) as ods_code,

        ---------- strings
        services.trust_label,
        services.site_label,
        services.service_label,
        services.aliases,
        services.accounts,
        services.hashtags,
        {{ one_spelling('services.kind_label') }} as kind_label,
        {{ one_spelling('services.area_label') }} as area_label,

        ---------- dates
        coalesce(services.valid_from, date '0001-01-01') as valid_from,
        coalesce(services.valid_to, date '9999-12-31') as valid_to
    from services
    left join successors as trusts on services.trust_code = trusts.ods_code
    left join successors as sites on services.ods_code = sites.ods_code
)

select * from registered
