{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ delete_mentions_of_changed_comments(this) }}"
) }}

with comments as (
    select * from {{ ref('fct_comments') }}
    where
        theme_count > 0
        {% if is_incremental() %}
            and comment_id not in (select made.comment_id from {{ this }} as made)
        {% endif %}
),

answers as (
    select
        comment_id,
        text_id
    from {{ ref('int_comments_listed') }}
),

mentions as (
    select
        comments.comment_id,
        unnest(coalesce(people.themes, annotations.themes)) as theme
    from comments
    inner join answers on comments.comment_id = answers.comment_id
    left join {{ ref('stg_understanding__human_codes') }} as people on comments.comment_id = people.comment_id
    left join {{ ref('int_annotations_current') }} as annotations
        on
            answers.text_id = annotations.text_id
            and coalesce(comments.question_type, 'unknown') = annotations.question_type
),

described as (
    select
        ---------- ids
        comments.comment_id,
        themes.theme_code,
        themes.frame_code,
        comments.service_id,
        comments.week_date,

        ---------- strings
        mentions.theme.polarity as polarity,
        -- Where nobody may read a text, no word of it is shown.
        case when comments.comment_text is null then [] else mentions.theme.words end as words,
        comments.sentiment_label,

        ---------- numerics
        mentions.theme.probability as probability,

        ---------- booleans
        comments.is_counted,

        ---------- dates
        comments.updated_at,

        ---------- how it was made
        comments.rules_version
    from mentions
    inner join comments on mentions.comment_id = comments.comment_id
    -- A text that has expired may have a theme that no frame has any more.
    inner join {{ ref('dim_themes') }} as themes on mentions.theme.theme_code = themes.theme_code
)

select * from described
