{{ config(materialized='table') }}

-- The exact counts of every service and week. Nothing is hidden here.
with versions as (
    select
        max_by(model_version, made_current_at) filter (where task_code = 'annotations') as annotations_version,
        max_by(model_version, made_current_at) filter (where task_code = 'relevance') as relevance_version
    from {{ ref('stg_understanding__models') }}
),

comments as (
    select
        service_id,
        week_date,
        count_if(is_counted) as comment_count,
        count_if(is_about_care and is_copy) as copy_count,
        count_if(not is_about_care) as not_about_care_count,
        sum(reshare_count) filter (where is_counted) as reshare_count,
        count_if(is_counted and sentiment_label = 'negative') as negative_count,
        count_if(is_counted and vader_label = 'negative') as vader_negative_count,
        count_if(is_counted and sentiment_label = 'neutral') as neutral_count,
        count_if(is_counted and sentiment_label = 'positive') as positive_count,
        count_if(is_counted and labelled_by = 'other_language') as other_language_count,
        count_if(is_counted and sentiment_label is null) as without_sentiment_count,
        count_if(
            is_counted
            and (
                model_version != (select versions.annotations_version from versions)
                or relevance_version != (select versions.relevance_version from versions)
            )
        ) as former_version_count,
        count_if(is_counted and sentiment_label = 'negative' and fft_score in (1, 2))
            as negative_under_best_scores_count,
        count_if(is_counted and sentiment_label = 'negative' and fft_score between 1 and 5) as scored_negative_count,
        -- Rounded, because the last digits of a sum depend on the order of its rows.
        round(favg(compound) filter (where is_counted), 6) as mean_compound
    from {{ ref('fct_comments') }}
    group by service_id, week_date
),

voices as (
    select
        made.service_id,
        made.week_date,
        count(distinct raw_comments.author_key) as voice_count
    from {{ ref('stg_raw__comments') }} as raw_comments
    inner join {{ ref('fct_comments') }} as made on (raw_comments.comment_id = made.comment_id)
    where made.is_counted and raw_comments.author_key is not null
    group by made.service_id, made.week_date
),

responses as (
    select
        service_id,
        week_date,
        count(*) as response_count,
        {% for score in range(1, 6) %}
            count_if(fft_score = {{ score }}) as fft_{{ score }}_count,
        {% endfor %}
        count_if(fft_score = 6) as fft_dont_know_count,
        count_if(fft_score is null) as fft_unknown_count
    from {{ ref('int_responses_scored') }}
    group by service_id, week_date
),

counted as (
    select
        weeks.service_id,
        weeks.trust_code,
        weeks.week_date,
        {% for count in [
            'responses.response_count', 'comments.comment_count', 'comments.negative_count',
            'comments.vader_negative_count', 'comments.neutral_count', 'comments.positive_count',
            'comments.other_language_count', 'comments.without_sentiment_count', 'comments.former_version_count',
            'comments.negative_under_best_scores_count', 'comments.scored_negative_count',
            'responses.fft_1_count', 'responses.fft_2_count', 'responses.fft_3_count', 'responses.fft_4_count',
            'responses.fft_5_count', 'responses.fft_dont_know_count', 'responses.fft_unknown_count',
            'comments.copy_count', 'comments.not_about_care_count', 'comments.reshare_count',
        ] %}
            coalesce({{ count }}, 0)::integer as {{ count.split('.')[1] }},
        {% endfor %}
        voices.voice_count::integer as voice_count,
        comments.mean_compound
    from {{ ref('int_service_weeks_spanned') }} as weeks
    left join comments on weeks.service_id = comments.service_id and weeks.week_date = comments.week_date
    left join voices on weeks.service_id = voices.service_id and weeks.week_date = voices.week_date
    left join responses on weeks.service_id = responses.service_id and weeks.week_date = responses.week_date
)

select
    *,
    comment_count - without_sentiment_count as scored_comment_count,
    fft_1_count + fft_2_count as recommending_count,
    response_count - fft_unknown_count as scored_response_count
from counted
