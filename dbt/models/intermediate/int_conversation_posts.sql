{{ config(materialized='table') }}

-- Every post of a conversation: a contribution, the copy of one, or a reshare. Reshares are found by what they repeat,
-- because not every source gives them the tags of it.
with members as (
    select
        joined.conversation_id,
        joined.root_comment_id,
        posts.*
    from {{ ref('int_conversation_threads_joined') }} as joined
    inner join {{ ref('int_social_posts') }} as posts on joined.comment_id = posts.comment_id
),

reshares as (
    select
        members.conversation_id,
        members.root_comment_id,
        posts.*
    from members
    inner join {{ ref('int_social_posts') }} as posts on members.comment_id = posts.reshared_comment_id
    inner join {{ ref('stg_ops__conversations') }} as conversations
        on members.conversation_id = conversations.conversation_id
    where
        posts.text_id is null
        and posts.posted_at < conversations.ends_at + to_hours({{ var('conversation_reply_hours') }})
),

-- A reshare that has a tag of its own is found twice: it belongs to the thread of what it repeats.
all_posts as (
    select * from reshares
    union all
    select members.*
    from members
    anti join reshares
        on members.conversation_id = reshares.conversation_id and members.comment_id = reshares.comment_id
),

described as (
    select
        all_posts.*,
        date_trunc('minute', all_posts.posted_at) as minute_at,
        (all_posts.text_id is null and all_posts.reshared_comment_id is not null) as is_reshare,
        copies.copy_group_id,
        coalesce(
            list_contains(
                conversations.hosts,
                case
                    -- A connector that reads the trust's own page says so without a handle.
                    when all_posts.participant_code = 'own_trust' then coalesce(all_posts.author_organisation, own.label)
                    else all_posts.author_organisation
                end
            ),
            false
        ) as is_host
    from all_posts
    inner join {{ ref('stg_ops__conversations') }} as conversations
        on all_posts.conversation_id = conversations.conversation_id
    cross join (
        select min(organisation_label) filter (where is_own_trust) as label
        from {{ ref('organisation_accounts') }}
    ) as own
    left join {{ ref('int_copies_current') }} as copies on all_posts.text_id = copies.text_id
),

-- The first of a conversation that says it is no copy, whoever said it elsewhere before.
first_of_each as (
    select
        conversation_id,
        copy_group_id,
        arg_min(comment_id, (posted_at, comment_id)) as first_comment_id
    from described
    where copy_group_id is not null
    group by all
),

compared as (
    select
        described.*,
        first_of_each.first_comment_id,
        coalesce(described.comment_id != first_of_each.first_comment_id, false) as is_copy
    from described
    left join first_of_each
        on
            described.conversation_id = first_of_each.conversation_id
            and described.copy_group_id = first_of_each.copy_group_id
)

select
    * exclude (copy_group_id, first_comment_id, is_copy),
    case when is_copy then first_comment_id end as original_comment_id,
    -- A reshare has no text, and is in no group of copies.
    is_copy,
    (not is_reshare and not is_copy and text_id is not null) as is_contribution
from compared
