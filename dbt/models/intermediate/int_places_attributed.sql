{{ config(materialized='table') }}

-- Which service a place (trust and locations, however spelled) is, and from when to when. An alias of the whole path
-- wins over an alias of the most specific location, and a service of the trust that the comment gives over one of a
-- trust that it merged with; a place that no alias names is a service of its own, and so is one that two services of
-- the register claim at the same time, which the quality page names.
with given as (
    select * from {{ ref('int_places_given') }}
),

places as (
    select distinct
        place_id,
        trust_code,
        given_trust_code,
        {{ place_key('coalesce(location_3, location_2, location_1)') }} as most_specific_location,
        concat_ws(
            ' > ', {{ place_key('location_1') }}, {{ place_key('location_2') }}, {{ place_key('location_3') }}
        ) as full_path
    from given
),

listed as (
    select
        service_id,
        trust_code,
        given_trust_code,
        valid_from,
        valid_to,
        unnest(string_split(aliases, '|')) as written
    from {{ ref('int_services_registered') }}
    where aliases is not null
),

aliases as (
    select
        * exclude (written),
        array_to_string(
            list_transform(string_split(written, '>'), lambda part: {{ place_key('part') }}), ' > '
        ) as alias
    from listed
),

matched as (
    select
        places.place_id,
        places.given_trust_code,
        aliases.service_id,
        aliases.valid_from,
        aliases.valid_to,
        aliases.alias = places.full_path as is_full_path,
        aliases.given_trust_code = places.given_trust_code as is_of_given_trust
    from places
    inner join aliases
        on
            places.trust_code = aliases.trust_code
            and aliases.alias in (places.full_path, places.most_specific_location)
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
