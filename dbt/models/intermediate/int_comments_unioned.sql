-- Every comment, blank answer and repost of every source. A new source is a staging model and a line here. Trusts that
-- have merged stand under the code of today, and so do the places in them: a trend survives a merger.
{% set staged = [
    'stg_fft__answers',
    'stg_file__answers',
    'stg_care_opinion__stories',
    'stg_nhs_reviews__reviews',
    'stg_google_reviews__reviews',
    'stg_feeds__comments',
    'stg_bluesky__posts',
    'stg_mastodon__posts',
    'stg_x__posts',
    'stg_reddit__posts',
    'stg_youtube__comments',
    'stg_facebook__comments',
] %}

with unioned as (
    {% for model in staged %}
        select * from {{ ref(model) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

successors as (
    select * from {{ ref('int_organisations_succeeded') }}
),

current_codes as (
    select
        unioned.* replace (
            coalesce(trusts.current_code, unioned.trust_code) as trust_code,
            coalesce(sites.current_code, unioned.site_code) as site_code
        ),
        unioned.trust_code as given_trust_code
    from unioned
    left join successors as trusts on unioned.trust_code = trusts.ods_code
    left join successors as sites on unioned.site_code = sites.ods_code
)

select
    *,
    md5(concat(trust_code, '|', location_1, '|', location_2, '|', location_3)) as place_id,
    coalesce(location_1, location_2, location_3) is not null as has_place
from current_codes
