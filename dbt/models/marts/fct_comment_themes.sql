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
    from {{ ref('int_comments_located') }}
),

mentions as (
    select
        comments.comment_id,
        unnest(codings.mentions) as mention,
        generate_subscripts(codings.mentions, 1) as place_in_list
    from comments
    inner join answers on comments.comment_id = answers.comment_id
    inner join {{ ref('int_theme_codings_current') }} as codings on answers.text_id = codings.text_id
),

first_mentions as (
    select
        comment_id,
        mention.theme_code as theme_code,
        arg_min(mention.cue, place_in_list) as cue
    from mentions
    group by comment_id, mention.theme_code
),

described as (
    select
        ---------- ids
        comments.comment_id,
        first_mentions.theme_code,
        comments.service_id,
        comments.week_date,

        ---------- strings
        first_mentions.cue,
        comments.sentiment_label,

        ---------- booleans
        comments.is_counted,

        ---------- dates
        comments.updated_at,

        ---------- how it was made
        comments.rules_version
    from first_mentions
    inner join comments on first_mentions.comment_id = comments.comment_id
)

select * from described
