{{ config(materialized='table') }}

-- Which service a place (trust and locations as given) is, and from when to when. An alias of the whole path wins over
-- an alias of the most specific location, and a service of the trust that the comment gives over one of a trust that it
-- merged with; a place that no alias names is a service of its own, and so is one that two services of the register
-- claim at the same time, which the quality page names.
with places as (
    select
        place_id,
        trust_code,
        given_trust_code,
        coalesce(location_3, location_2, location_1) as most_specific_location,
        concat_ws(' > ', location_1, location_2, location_3) as full_path
    from {{ ref('int_comments_located') }}
    where has_place
    group by all
),

aliases as (
    select
        service_id,
        trust_code,
        given_trust_code,
        valid_from,
        valid_to,
        lower(trim(unnest(string_split(aliases, '|')))) as alias
    from {{ ref('int_services_registered') }}
    where aliases is not null
),

matched as (
    select
        places.place_id,
        places.given_trust_code,
        aliases.service_id,
        aliases.valid_from,
        aliases.valid_to,
        aliases.alias = lower(places.full_path) as is_full_path,
        aliases.given_trust_code = places.given_trust_code as is_of_given_trust
    from places
    inner join aliases
        on
            places.trust_code = aliases.trust_code
            and aliases.alias in (lower(places.full_path), lower(places.most_specific_location))
),

best as (
    select distinct
        place_id,
        given_trust_code,
        service_id,
        valid_from,
        valid_to
    from matched
    qualify
        (is_full_path, is_of_given_trust)
        = max((is_full_path, is_of_given_trust)) over (partition by place_id, given_trust_code)
)

select * from best
where not exists (
    select 1
    from best as others
    where
        best.place_id = others.place_id
        and best.given_trust_code = others.given_trust_code
        and best.service_id != others.service_id
        and best.valid_from <= others.valid_to
        and best.valid_to >= others.valid_from
)
