{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='comment_id',
    on_schema_change='fail',
    pre_hook="{{ delete_comments_gone_from(this) }}"
) }}
{%- set changed_comment_ids = comment_ids_changed_since(this) %}
{#- Where none has changed, the database need not be asked for all of them. -#}
{%- set comments_changed = comments_classified(changed_comment_ids) %}
{%- set is_changed = not is_incremental() or run_query('select 1 from (' ~ changed_comment_ids ~ ') limit 1') | length > 0 %}

with rules as (
    select rules_version from {{ ref('int_rules_versioned') }}
),

comments as (
    {% if is_incremental() and is_changed %}
        select * from ({{ comments_changed }})
    {% else %}
        select * from {{ ref('int_comments_classified') }}
        {% if not is_changed %}
            where false
        {% endif %}
    {% endif %}
),

described as (
    select
        ---------- ids
        comments.comment_id,
        comments.source_code,
        comments.service_id,
        comments.trust_code,
        comments.week_date,

        ---------- strings
        comments.kind,
        comments.question_type,
        -- Few people speak a rarer language: named beside a single comment it could say who wrote.
        case
            when comments.language in ('en', 'cy') then comments.language
            when comments.language is not null then 'other'
        end as language,
        case when not comments.is_withheld and sources.allows_text then comments.comment_text end as comment_text,
        scores.fft_score_label,
        comments.sentiment_label,
        comments.sentiment_grade,
        comments.labelled_by,
        comments.model_version,
        comments.vader_label,
        comments.theme_codes,
        comments.major_codes,
        comments.attributed_by,
        comments.relevance_reason,
        comments.relevance_version,
        comments.copy_group_id,

        ---------- numerics
        comments.fft_score,
        comments.negative_share,
        comments.neutral_share,
        comments.positive_share,
        comments.compound,
        comments.sentiment_probability,
        len(comments.theme_codes)::integer as theme_count,
        comments.identifiers_removed_count,
        comments.relevance_probability,
        comments.copy_count,
        comments.reshare_count,

        ---------- booleans
        comments.is_nothing_to_improve,
        comments.is_withheld,
        comments.is_text_expired,
        comments.is_ambiguous,
        comments.is_about_care,
        comments.is_copy,
        comments.is_counted,

        ---------- dates
        comments.posted_date,
        comments.loaded_at,
        comments.human_coded_at,
        comments.last_changed_at as updated_at,

        ---------- how it was made
        {{ version_of_row('rules.rules_version') }} as rules_version
    from comments
    cross join rules
    left join {{ ref('fft_scores') }} as scores on comments.fft_score = scores.fft_score
    left join {{ ref('sources') }} as sources on comments.source_code = sources.source_code
)

select * from described
