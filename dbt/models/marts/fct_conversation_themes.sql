-- What was said, by theme: the table of counts of a conversation, in each code frame. A contribution may have several
-- themes, so that themes add up to mentions and not to contributions.
with contributions as (
    select
        conversation_id,
        comment_id
    from {{ ref('int_conversation_posts') }}
    where is_contribution
),

thanked as (
    select distinct comment_id
    from {{ ref('fct_comment_themes') }}
    where theme_code in ('lived_experience.thanks', 'patient_experience.positive_experience')
),

mentions as (
    select
        contributions.conversation_id,
        contributions.comment_id,
        mentions.theme_code,
        themes.major_code,
        mentions.frame_code,
        case
            when mentions.polarity = 'negative' then 'criticism'
            when thanked.comment_id is not null then 'gratitude'
            when mentions.polarity = 'positive' then 'encouragement'
            else 'neither'
        end as valence
    from contributions
    inner join {{ ref('fct_comment_themes') }} as mentions on contributions.comment_id = mentions.comment_id
    inner join {{ ref('dim_themes') }} as themes on mentions.theme_code = themes.theme_code
    left join thanked on contributions.comment_id = thanked.comment_id
),

-- A theme that has headings is all of them together.
levels as (
    select
        conversation_id,
        comment_id,
        frame_code,
        theme_code,
        valence
    from mentions

    union all

    select
        conversation_id,
        comment_id,
        frame_code,
        major_code as theme_code,
        valence
    from mentions
    where major_code != theme_code
),

-- A contribution that criticises one heading of a theme and praises another has said both of the theme.
counted as (
    select
        conversation_id,
        frame_code,
        theme_code,
        count(distinct comment_id)::integer as contribution_count,
        {% for valence in ['criticism', 'encouragement', 'gratitude'] %}
            count(distinct comment_id) filter (where valence = '{{ valence }}')::integer as {{ valence }}_count
            {{- ',' if not loop.last }}
        {% endfor %}
    from levels
    group by conversation_id, frame_code, theme_code
),

totals as (
    select
        conversation_id,
        frame_code,
        count(*)::integer as frame_mention_count,
        count(distinct comment_id)::integer as frame_contribution_count
    from mentions
    group by conversation_id, frame_code
)

select
    ---------- ids
    counted.conversation_id,
    counted.frame_code,
    counted.theme_code,

    ---------- numerics
    counted.contribution_count,
    counted.criticism_count,
    counted.encouragement_count,
    counted.gratitude_count,
    totals.frame_contribution_count,
    totals.frame_mention_count
from counted
inner join totals
    on counted.conversation_id = totals.conversation_id and counted.frame_code = totals.frame_code
