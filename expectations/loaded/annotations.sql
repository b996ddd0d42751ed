-- Probabilities are kept to four decimals, so that five of them add up to 1 within 0.0003.
with wordless as (
    select text_id
    from raw.comments
    where
        text_id in (select a.text_id from understanding.annotations as a where a.language is null)
        and not coalesce(regexp_matches(regexp_replace(text, $placeholder, ' ', 'g'), '[^\s\p{Z}]'), false)
)

select
    text_id,
    question_type,
    model_version,
    -- In another language there is none, nor where nothing is left of a text but placeholders.
    case
        when language <> 'en' or (language is null and text_id in (select w.text_id from wordless as w)) then sentiment
        else coalesce(sentiment, 'missing')
    end as sentiment,
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
