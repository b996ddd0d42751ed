-- Probabilities are kept to four decimals, so that five of them add up to 1 within 0.0003.
select
    text_id,
    question_type,
    model_version,
    -- In another language there is none.
    if(language <> 'en', sentiment, coalesce(sentiment, 'missing')) as sentiment,
    sentiment_class,
    sentiment_probability,
    list_sum(grade_probabilities) as probability_total
from understanding.annotations
where
    $since is null
    or annotated_at > $since
    -- What is left out comes back when the figures of the model that is used now are right.
    or (
        text_id in (select c.text_id from raw.comments as c where c.left_out_reason is not null)
        and model_version = (
            select arg_max(m.model_version, m.made_current_at) from understanding.models as m where m.task = 'annotations'
        )
    )
