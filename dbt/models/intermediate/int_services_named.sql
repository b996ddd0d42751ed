{{ config(materialized='table') }}

-- Which service a comment names that no form has placed. The first of these that names any service decides: a
-- registered account, a registered hashtag, the ODS code of a site with a single service, an alias in the text. Where
-- it names more than one, the comment is ambiguous. Forms are read for their site only.
{% set order = ['account', 'hashtag', 'site_code', 'text'] %}

with comments as (
    select comments.*
    from {{ ref('int_comments_located') }} as comments
    left join {{ ref('int_places_attributed') }} as places
        on
            comments.place_id = places.place_id
            and comments.given_trust_code = places.given_trust_code
            and comments.posted_date between places.valid_from and places.valid_to
    where
        comments.given_service_id is null
        and comments.text_id is not null
        and places.service_id is null
        and not (comments.kind = 'survey_answer' and comments.has_place)
),

said as (
    {% for said_by, name in {
        'account': account_name('unnest(mentioned_accounts)'),
        'hashtag': hashtag_name('unnest(hashtags)'),
        'site_code': 'site_code',
        'text': 'unnest(service_ids)',
    }.items() %}
        select
            comments.comment_id,
            comments.trust_code,
            comments.posted_date,
            '{{ said_by }}' as said_by,
            {{ name }} as name
        from comments
        {% if said_by == 'text' %}
            inner join {{ ref('int_service_mentions_current') }} as mentions on comments.text_id = mentions.text_id
        {% endif %}
        where {{ "comments.site_code is not null" if said_by == 'site_code' else "comments.kind != 'survey_answer'" }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

named as (
    select
        said.comment_id,
        said.said_by,
        min(names.service_id) as service_id,
        count(distinct names.service_id) as service_count
    from said
    inner join {{ ref('int_service_names_listed') }} as names
        on
            said.said_by = names.said_by
            and said.name = names.name
            and said.trust_code = names.trust_code
            and said.posted_date between names.valid_from and names.valid_to
    group by said.comment_id, said.said_by
    -- A site with several services says nothing of which of them it was.
    having said.said_by != 'site_code' or count(distinct names.service_id) = 1
)

select
    comment_id,
    arg_min(service_id, list_position({{ order }}, said_by)) as service_id,
    arg_min(said_by, list_position({{ order }}, said_by)) as said_by,
    arg_min(service_count, list_position({{ order }}, said_by)) > 1 as is_ambiguous
from named
group by comment_id
