{{ config(materialized='table') }}

-- Posts of social sources, and those that a table of the trust holds, as a conversation needs them: what they answer
-- and repeat, and what was done with them.
with organisations as (
    select
        organisation_label,
        bool_or(is_own_trust) as is_own_trust,
        lower(trim(max(organisation_kind))) as organisation_kind
    from {{ ref('organisation_accounts') }}
    group by organisation_label
)

select
    posts.comment_id,
    posts.source_code,
    posts.kind,
    posts.text_id,
    posts.replied_comment_id,
    posts.reshared_comment_id,
    posts.author_role,
    posts.author_organisation,
    posts.country_code,
    posts.link_domains,
    case when sources.allows_text and not posts.is_withheld then posts.link_titles end as link_titles,
    posts.like_count,
    posts.share_count,
    posts.reply_count,
    posts.quote_count,
    posts.view_count,
    posts.follower_count,
    posts.followers_on,
    posts.posted_at,
    -- One that may name somebody stands there as a placeholder, which is no tag.
    list_filter(
        list_distinct(list_transform(
            coalesce(posts.hashtags, []), lambda tag: {{ hashtag_name('tag') }}
        )),
        lambda tag: tag[1] != '<'
    ) as tags,
    case
        when posts.author_role is distinct from 'organisation' then 'not_declared'
        -- A connector that reads the trust's own page says so without a handle; services are the trust's. A table only
        -- says that it was some organisation.
        when (posts.author_organisation is null and sources.is_social) or organisations.is_own_trust then 'own_trust'
        when posts.author_organisation in (select services.service_id from {{ ref('services') }} as services)
            then 'own_trust'
        when organisations.organisation_kind in ({{ "'" ~ "', '".join(organisation_kinds()) ~ "'" }})
            then organisations.organisation_kind
        else 'other_organisation'
    end as participant_code,
    -- A text that has expired or is withheld asks nothing that is known.
    coalesce(contains(posts.comment_text, '?'), false) as is_question,
    coalesce(regexp_matches(posts.comment_text, '(?i)\b(?:thanks?|thank you|thankful|grateful|diolch)\b'), false)
        as is_thanks,
    -- "Q2" of a host, and "A2" at the beginning of what answers it: how a tweetchat is held together where replies are
    -- not. A post that names several ("Q1 to Q5") asks none of them.
    case
        when len(list_distinct(regexp_extract_all(posts.comment_text, '(?i)\bq\.?([0-9]{1,2})\b', 1))) = 1
            then try_cast(regexp_extract(posts.comment_text, '(?i)\bq\.?([0-9]{1,2})\b', 1) as integer)
    end as asked_number,
    try_cast(
        regexp_extract(posts.comment_text, '(?i)^(?:[#@<][^\s]+\s+)*a\.?([0-9]{1,2})\b', 1) as integer
    ) as answered_number
from {{ ref('stg_raw__comments') }} as posts
inner join {{ ref('sources') }} as sources on posts.source_code = sources.source_code
left join organisations on posts.author_organisation = organisations.organisation_label
where
    sources.is_social
    -- Surveys and complaints in tables have other kinds.
    or posts.kind in ('post', 'reply', 'quote')
