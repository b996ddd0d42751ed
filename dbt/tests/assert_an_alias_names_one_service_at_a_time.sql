select
    earlier.place_id,
    earlier.service_id,
    later.service_id as other_service_id
from {{ ref('int_places_attributed') }} as earlier
inner join {{ ref('int_places_attributed') }} as later
    on
        earlier.place_id = later.place_id
        and earlier.given_trust_code = later.given_trust_code
        and earlier.service_id < later.service_id
        and earlier.valid_from <= later.valid_to
        and earlier.valid_to >= later.valid_from
