-- What was said, by theme: the table of counts of a conversation, in each code frame. A contribution may have several
-- themes, so that themes add up to mentions and not to contributions.
with mentions as (
    select * from {{ ref('int_conversation_mentions') }}
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
