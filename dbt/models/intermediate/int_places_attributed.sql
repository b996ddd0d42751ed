{{ config(materialized='table') }}

-- Which service a place (trust and locations as given) is, and from when to when. An alias of the whole path wins over
-- an alias of the most specific location; a place that no alias names is a service of its own.
with places as (
    select
        place_id,
        trust_code,
        coalesce(location_3, location_2, location_1) as most_specific_location,
        concat_ws(' > ', location_1, location_2, location_3) as full_path
    from {{ ref('stg_fft__answers') }}
    group by all
),

aliases as (
    select
        service_id,
        trust_code,
        valid_from,
        valid_to,
        lower(trim(unnest(string_split(aliases, '|')))) as alias
    from {{ ref('services') }}
    where aliases is not null
),

matched as (
    select
        places.place_id,
        aliases.service_id,
        coalesce(aliases.valid_from, date '0001-01-01') as valid_from,
        coalesce(aliases.valid_to, date '9999-12-31') as valid_to,
        aliases.alias = lower(places.full_path) as is_full_path
    from places
    inner join aliases
        on
            places.trust_code = aliases.trust_code
            and aliases.alias in (lower(places.full_path), lower(places.most_specific_location))
),

best as (
    select distinct
        place_id,
        service_id,
        valid_from,
        valid_to
    from matched
    qualify is_full_path = max(is_full_path) over (partition by place_id)
)

select * from best
