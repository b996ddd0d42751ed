{{ config(materialized='table') }}

-- Every spelling of a place, and what all spellings of one place have in common. A table, because places are few and
-- comments many.
with places as (
    select distinct
        location_1,
        location_2,
        location_3
    from {{ ref('stg_raw__comments') }}
)

select
    *,
    concat_ws(
        '|',
        coalesce({{ place_key('location_1') }}, ''),
        coalesce({{ place_key('location_2') }}, ''),
        coalesce({{ place_key('location_3') }}, '')
    ) as place_key
from places
