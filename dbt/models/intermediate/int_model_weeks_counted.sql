-- What the model in force makes of the comments that count and that it read itself, by week: of all, of each source, of
-- each service, and of each source at each service. What an earlier model read is in no week: its figures are others.
with current_model as (
    select max_by(model_version, made_current_at) as model_version
    from {{ ref('stg_understanding__models') }}
    where task_code = 'annotations'
),

annotations as (
    select
        *,
        len(themes) = 0 as is_without_theme
    from {{ ref('int_annotations_current') }}
    where
        model_version = (select current_model.model_version from current_model)
        -- In another language nothing is read.
        and sentiment_label is not null
),

comments as (
    select
        counted.source_code,
        counted.service_id,
        counted.week_date,
        annotations.*
    from {{ ref('fct_comments') }} as counted
    inner join {{ ref('int_comments_listed') }} as attributed on counted.comment_id = attributed.comment_id
    inner join annotations
        on
            attributed.text_id = annotations.text_id
            and coalesce(attributed.question_type, 'unknown') = annotations.question_type
    where counted.is_counted
)

select
    week_date,
    source_code,
    service_id,
    coalesce(source_code, 'all') || '/' || coalesce(service_id, 'all') as series_id,
    any_value(model_version) as model_version,
    count(*) as comment_count,
    count_if(is_without_theme) as unlabelled_count,
    count_if(sentiment_label = 'positive') as positive_count,
    count_if(sentiment_label = 'neutral') as neutral_count,
    count_if(sentiment_label = 'negative') as negative_count,
    -- Rounded, because the last digits of a sum depend on the order of its rows.
    round(favg(sentiment_probability), 6) as mean_probability,
    round(favg(unknown_word_share), 6) as mean_unknown_word_share,
    -- How far chance alone moves the mean of so many comments.
    round(stddev_samp(sentiment_probability) / sqrt(count(*)), 6) as probability_error,
    round(stddev_samp(unknown_word_share) / sqrt(count(unknown_word_share)), 6) as unknown_word_error
from comments
group by grouping sets (
    (week_date), (week_date, source_code), (week_date, service_id), (week_date, source_code, service_id)
)
