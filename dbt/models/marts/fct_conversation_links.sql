-- The domains that contributions point to, as the posts give them. No link was opened.
with links as (
    select
        conversation_id,
        comment_id,
        unnest(link_domains) as link_domain
    from {{ ref('int_conversation_posts') }}
    where is_contribution
),

grouped as (
    select
        links.conversation_id,
        links.link_domain,
        arg_max(groups.link_group, length(groups.domain)) as link_group,
        count(distinct links.comment_id)::integer as contribution_count,
        {{ writer_count('links.comment_id', 'authors.author_key') }} as writer_count
    from links
    inner join {{ ref('stg_raw__comments') }} as authors on links.comment_id = authors.comment_id
    left join {{ ref('link_groups') }} as groups
        on links.link_domain = groups.domain or links.link_domain like '%.' || groups.domain
    group by links.conversation_id, links.link_domain
)

select
    ---------- ids
    conversation_id,

    ---------- strings
    link_domain,
    coalesce(link_group, 'other') as link_group,

    ---------- numerics
    contribution_count,
    writer_count
from grouped
