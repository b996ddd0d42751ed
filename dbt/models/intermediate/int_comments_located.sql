-- Comments, blank answers and reposts of every listed source, and the place that each gives, however it is spelled.
-- Trusts that have merged stand under the code of today, and so do the places in them: a trend survives a merger. Of a
-- source that is not listed nobody has said what its terms are: its rows go no further, and
-- assert_every_comment_is_counted_once stops the build.
with comments as (
    select * from {{ ref('stg_raw__comments') }}
    where source_code in (select sources.source_code from {{ ref('sources') }} as sources)
),

successors as (
    select * from {{ ref('int_organisations_succeeded') }}
),

spellings as (
    select * from {{ ref('int_places_spelled') }}
),

current_codes as (
    select
        comments.* replace (
            coalesce(trusts.current_code, comments.trust_code) as trust_code,
            coalesce(sites.current_code, comments.site_code) as site_code
        ),
        comments.trust_code as given_trust_code
    from comments
    left join successors as trusts on comments.trust_code = trusts.ods_code
    left join successors as sites on comments.site_code = sites.ods_code
)

select
    current_codes.*,
    md5(concat(current_codes.trust_code, '|', spellings.place_key)) as place_id,
    coalesce(current_codes.location_1, current_codes.location_2, current_codes.location_3) is not null as has_place
from current_codes
left join spellings
    on
        current_codes.location_1 is not distinct from spellings.location_1
        and current_codes.location_2 is not distinct from spellings.location_2
        and current_codes.location_3 is not distinct from spellings.location_3
