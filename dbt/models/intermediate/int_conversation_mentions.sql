{{ config(materialized='table') }}

-- Themes of the contributions of conversations, and how each is spoken of.
with thanked as (
    select distinct comment_id
    from {{ ref('fct_comment_themes') }}
    where theme_code in ('lived_experience.thanks', 'patient_experience.positive_experience')
)

select
    posts.conversation_id,
    posts.comment_id,
    mentions.theme_code,
    themes.major_code,
    mentions.frame_code,
    mentions.probability,
    case
        -- What hosts and the trust ask and advise is no opinion of its care.
        when posts.is_host or posts.participant_code = 'own_trust' then 'neither'
        when mentions.polarity = 'negative' then 'criticism'
        when thanked.comment_id is not null then 'gratitude'
        when mentions.polarity = 'positive' then 'encouragement'
        else 'neither'
    end as valence
from {{ ref('int_conversation_posts') }} as posts
inner join {{ ref('fct_comment_themes') }} as mentions on posts.comment_id = mentions.comment_id
inner join {{ ref('dim_themes') }} as themes on mentions.theme_code = themes.theme_code
left join thanked on posts.comment_id = thanked.comment_id
where posts.is_contribution
