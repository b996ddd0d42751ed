-- Comments that speak of a minor theme of patient experience negatively, by service, theme, week and source: of those
-- that `int_decision_counts` counts, and a voice once.
with voices as (
    select
        comment_id,
        author_key
    from {{ ref('stg_raw__comments') }}
    where author_key is not null
),

mentions as (
    select
        mentions.service_id,
        mentions.theme_code,
        comments.week_date,
        comments.source_code,
        coalesce(voices.author_key, comments.comment_id) as voice_id
    from {{ ref('fct_comment_themes') }} as mentions
    inner join {{ ref('dim_themes') }} as themes
        on
            mentions.theme_code = themes.theme_code
            and themes.frame_code = 'patient_experience'
            and themes.level = 'minor'
    inner join {{ ref('fct_comments') }} as comments on mentions.comment_id = comments.comment_id
    inner join {{ ref('int_weeks_spanned') }} as weeks on comments.week_date = weeks.week_date and weeks.is_over
    left join voices on comments.comment_id = voices.comment_id
    where mentions.polarity = 'negative' and comments.is_counted and comments.sentiment_label is not null
)

select
    mentions.service_id,
    mentions.theme_code,
    mentions.week_date,
    mentions.source_code,
    count(distinct mentions.voice_id)::integer as negative_count
from mentions
anti join {{ ref('int_source_weeks_awaited') }} as awaited
    on mentions.source_code = awaited.source_code and mentions.week_date = awaited.week_date
group by mentions.service_id, mentions.theme_code, mentions.week_date, mentions.source_code
