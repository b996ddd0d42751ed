-- Comments, blank answers and reposts of every listed source, and the place that each gives. Trusts that have merged
-- stand under the code of today, and so do the places in them: a trend survives a merger. Of a source that is not
-- listed nobody has said what its terms are: its rows go no further, and assert_every_comment_is_counted_once stops
-- the build.
with comments as (
    select * from {{ ref('stg_raw__comments') }}
    where source_code in (select sources.source_code from {{ ref('sources') }} as sources)
),

successors as (
    select * from {{ ref('int_organisations_succeeded') }}
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
    *,
    md5(concat(trust_code, '|', location_1, '|', location_2, '|', location_3)) as place_id,
    coalesce(location_1, location_2, location_3) is not null as has_place
from current_codes
