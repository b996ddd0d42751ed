-- VADER rounds each share to three decimals, so that they add up to 1 within 0.0015. A text without a single word
-- that counts has three zeros, which is right.
select
    text_id,
    model_version,
    negative,
    neutral,
    positive,
    compound,
    nullif(negative + neutral + positive, 0) as share_total
from understanding.sentiments
where
    $since is null
    or scored_at > $since
    -- What is left out comes back when the figures of the model that is used now are right.
    or (
        text_id in (select c.text_id from raw.comments as c where c.left_out_reason is not null)
        and model_version = (
            select arg_max(m.model_version, m.made_current_at) from understanding.models as m where m.task = 'sentiment'
        )
    )
