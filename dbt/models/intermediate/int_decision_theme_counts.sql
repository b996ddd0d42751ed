-- Comments that speak of a theme that is watched negatively, by service, theme, week and source: of those
-- that `int_decision_counts` counts, and weighed as there.
with comments as (
    select
        comments.comment_id,
        comments.week_date,
        comments.source_code,
        comments.comment_id in (
            select raw_comments.comment_id
            from {{ ref('stg_raw__comments') }} as raw_comments
            where raw_comments.author_key is not null
        ) as has_voice
    from {{ ref('fct_comments') }} as comments
    where comments.is_counted and comments.sentiment_label is not null
),

mentions as (
    select
        mentions.service_id,
        mentions.theme_code,
        comments.week_date,
        comments.source_code,
        count_if(not comments.has_voice) as negative_count,
        count_if(comments.has_voice) as voiced_negative_count
    from {{ ref('fct_comment_themes') }} as mentions
    inner join {{ ref('int_themes_watched') }} as themes on mentions.theme_code = themes.theme_code
    inner join comments on mentions.comment_id = comments.comment_id
    where mentions.polarity = 'negative'
    group by mentions.service_id, mentions.theme_code, comments.week_date, comments.source_code
)

select
    mentions.service_id,
    mentions.theme_code,
    mentions.week_date,
    mentions.source_code,
    (mentions.negative_count + round(mentions.voiced_negative_count * counts.voice_weight))::integer as negative_count
from mentions
inner join {{ ref('int_decision_counts') }} as counts
    on
        mentions.service_id = counts.service_id
        and mentions.week_date = counts.week_date
        and mentions.source_code = counts.source_code
