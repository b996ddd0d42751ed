-- Every comment, with or without text, the service that it is about, and what says so. A comment that names no service,
-- or more than one, is about the whole trust. A form is about the place that it gives, registered or not.
with comments as (
    select * from {{ ref('int_comments_located') }}
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
