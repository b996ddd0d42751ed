with registered as (
    select * from {{ ref('int_services_registered') }}
),

observed as (
    select * from {{ ref('int_services_observed') }}
),

comments as (
    select
        service_id,
        count(*)::integer as comment_count,
        min(posted_date) as first_posted_date,
        max(posted_date) as last_posted_date
    from {{ ref('fct_comments') }}
    where is_counted
    group by service_id
),

-- A trust that has merged bears the name of today's: the register's, or else the directory's.
labels as (
    select
        trust_code,
        trust_label,
        case when trust_code = given_trust_code then 1 else 3 end as place
    from registered
    union all
    select
        ods_code as trust_code,
        organisation_label as trust_label,
        2 as place
    from {{ ref('organisations') }}
),

trusts as (
    select
        trust_code,
        coalesce(
            {% for place in [1, 2, 3] %}
                max(trust_label) filter (where place = {{ place }}){{ ',' if not loop.last }}
            {% endfor %}
        ) as trust_label
    from labels
    group by trust_code
),

combined as (
    select
        ---------- ids
        coalesce(registered.service_id, observed.service_id) as service_id,
        coalesce(registered.trust_code, observed.trust_code) as trust_code,

        ---------- strings
        coalesce(trusts.trust_label, observed.trust_code) as trust_label,
        case when registered.service_id is null then observed.site_label else registered.site_label end as site_label,
        coalesce(registered.service_label, observed.service_label) as service_label,
        observed.place_spellings,
        registered.kind_label,
        registered.area_label,

        ---------- numerics
        coalesce(comments.comment_count, 0) as comment_count,

        ---------- booleans
        registered.service_id is not null as is_registered,
        coalesce(registered.service_id, observed.service_id)
        = {{ trust_level_service('coalesce(registered.trust_code, observed.trust_code)') }} as is_trust_level,

        ---------- dates
        comments.first_posted_date,
        comments.last_posted_date
    from registered
    full outer join observed on registered.service_id = observed.service_id
    left join trusts on coalesce(registered.trust_code, observed.trust_code) = trusts.trust_code
    left join comments on coalesce(registered.service_id, observed.service_id) = comments.service_id
)

select * from combined
