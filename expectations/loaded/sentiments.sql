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
where ($since is null or scored_at > $since)
