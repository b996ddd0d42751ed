-- Titles of the pages that contributions point to, as posts of sources whose words may be read give them.
with titles as (
    select
        conversation_id,
        comment_id,
        unnest(link_titles, recursive := true)
    from {{ ref('int_conversation_posts') }}
    where is_contribution
),

grouped as (
    select
        titles.conversation_id,
        titles.domain as link_domain,
        -- Written in capitals here and in small letters there, it is one title.
        min(titles.title) as link_title,
        count(distinct titles.comment_id)::integer as contribution_count,
        {{ writer_count('titles.comment_id', 'authors.author_key') }} as writer_count
    from titles
    inner join {{ ref('stg_raw__comments') }} as authors on titles.comment_id = authors.comment_id
    group by titles.conversation_id, titles.domain, lower(nfc_normalize(titles.title))
)

select
    ---------- ids
    grouped.conversation_id,

    ---------- strings
    grouped.link_domain,
    grouped.link_title,
    links.link_group,

    ---------- numerics
    grouped.contribution_count,
    grouped.writer_count
from grouped
inner join {{ ref('fct_conversation_links') }} as links
    on grouped.conversation_id = links.conversation_id and grouped.link_domain = links.link_domain
