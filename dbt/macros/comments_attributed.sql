{#-
    Every comment and the place that it gives, or of those that are asked for (`comment_ids`: a query of them). It stands before
    all joins, where DuckDB would not put a filter on the outcome: of a few comments of a million that takes a fifth of the time.
    `rows`: what stands in the place of the comments.
-#}
{% macro comments_located(comment_ids=none, rows=none) -%}
with comments as (
    select * from {{ rows or ref('stg_raw__comments') }}
    where
        source_code in (select sources.source_code from {{ ref('sources') }} as sources)
        {% if comment_ids %}
            -- Of one list DuckDB knows that it is short; else it would hold every comment, to look there for these.
            and comment_id in (select unnest((select list(asked.comment_id) from ({{ comment_ids }}) as asked)))
        {% endif %}
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
{%- endmacro %}

{#- Every comment and the service that it is about, or of those that are asked for. -#}
{% macro comments_attributed(comment_ids=none) -%}
with comments as (
    {% if comment_ids %}
        {{ comments_located(comment_ids) }}
    {% else %}
        select * from {{ ref('int_comments_located') }}
    {% endif %}
),

places as (
    select * from {{ ref('int_places_attributed') }}
),

named as (
    select * from {{ ref('int_services_named') }}
),

decided as (
    select
        comments.*,
        places.service_id as place_service_id,
        named.service_id as named_service_id,
        case
            when comments.given_service_id is not null then 'source'
            when places.service_id is not null then 'place'
            when named.is_ambiguous then 'trust_level'
            when named.said_by is not null then named.said_by
            when comments.kind = 'survey_answer' or comments.has_place then 'place'
            else 'trust_level'
        end as attributed_by,
        places.service_id is null and coalesce(named.is_ambiguous, false) as is_ambiguous
    from comments
    left join places
        on
            comments.place_id = places.place_id
            and comments.given_trust_code = places.given_trust_code
            and comments.posted_date between places.valid_from and places.valid_to
    left join named on comments.comment_id = named.comment_id
)

select
    * exclude (place_service_id, named_service_id),
    case attributed_by
        when 'source' then given_service_id
        when 'place' then coalesce(place_service_id, place_id)
        when 'trust_level' then {{ trust_level_service('trust_code') }}
        else named_service_id
    end as service_id
from decided
{%- endmacro %}
