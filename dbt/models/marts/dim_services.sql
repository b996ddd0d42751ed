with registered as (
    select * from {{ ref('services') }}
),

observed as (
    select * from {{ ref('int_services_observed') }}
),

trusts as (
    select
        trust_code,
        max(trust_label) as trust_label
    from registered
    group by trust_code
),

combined as (
    select
        ---------- ids
        coalesce(registered.service_id, observed.service_id) as service_id,
        coalesce(registered.trust_code, observed.trust_code) as trust_code,

        ---------- strings
        coalesce(registered.trust_label, trusts.trust_label, observed.trust_code) as trust_label,
        case when registered.service_id is null then observed.site_label else registered.site_label end as site_label,
        coalesce(registered.service_label, observed.service_label) as service_label,

        ---------- numerics
        coalesce(observed.comment_count, 0)::integer as comment_count,

        ---------- booleans
        registered.service_id is not null as is_registered,

        ---------- dates
        observed.first_posted_date,
        observed.last_posted_date
    from registered
    full outer join observed on registered.service_id = observed.service_id
    left join trusts on observed.trust_code = trusts.trust_code
)

select * from combined
