-- What a service may be called, from when to when: its accounts, its hashtags, the ODS code of its site, and itself,
-- where its aliases were found in a text. Names of the whole trust single out no service of it, and are left out.
with names as (
    {% for said_by, written in {
        'account': 'accounts', 'hashtag': 'hashtags', 'site_code': 'ods_code', 'text': 'service_id',
    }.items() %}
        select
            service_id,
            trust_code,
            valid_from,
            valid_to,
            '{{ said_by }}' as said_by,
            unnest(string_split({{ written }}, '|')) as written
        from {{ ref('int_services_registered') }}
        where service_id != {{ trust_level_service('trust_code') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    * exclude (written),
    case said_by
        when 'account' then {{ account_name('written') }}
        when 'hashtag' then {{ hashtag_name('written') }}
        else written
    end as name
from names
where trim(written) != ''
