-- Every place as comments give it. Their spellings are few: they are told apart before anything is made of each.
{%- set spellings -%}
    (
        select distinct
            source_code,
            trust_code,
            site_code,
            location_1,
            location_2,
            location_3
        from {{ ref('stg_raw__comments') }}
    )
{%- endset %}

with located as (
    {{ comments_located(rows=spellings) }}
)

select distinct
    place_id,
    trust_code,
    given_trust_code,
    location_1,
    location_2,
    location_3
from located
where has_place
