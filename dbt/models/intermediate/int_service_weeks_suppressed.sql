{{ config(materialized='table') }}

-- Which counts of a service-week have to be hidden, and why. People come first: where too few forms are behind the
-- comments, the comments are hidden too; a breakdown of a hidden count is hidden whole.
with counted as (
    select * from {{ ref('int_service_weeks_counted') }}
),

responses as (
    {{ suppress('counted', ['trust_code', 'week_date'], 'service_id', 'response_count', 'response_reason') }}
),

comments as (
    {{ suppress(
        'responses', ['trust_code', 'week_date'], 'service_id', 'comment_count', 'comment_reason',
        also_hidden='response_reason is not null and comment_count > 0'
    ) }}
),

voices as (
    {{ suppress(
        'comments', ['trust_code', 'week_date'], 'service_id', 'voice_count', 'voice_reason',
        also_hidden='comment_reason is not null and voice_count > 0'
    ) }}
),

-- Negative comments of a trust's services add up to the trust's, so that services are siblings here as well.
negatives as (
    {{ suppress(
        'voices', ['trust_code', 'week_date'], 'service_id', 'negative_count', 'negative_of_trust_reason',
        also_hidden='negative_count > 0 and (comment_reason is not null or ' ~ is_small('comment_count - negative_count') ~ ')',
        spared='negative_count = 0'
    ) }}
),

-- Neutral and positive divide what is not negative: they are shown together, or neither is. Where nothing else was said
-- (all are negative) and the negative ones are hidden to keep another service company, both noughts are hidden too:
-- they would say that all are negative. A small number without a class (in another language, or without words) is hidden
-- among them.
reasoned as (
    select
        * exclude (negative_of_trust_reason),
        coalesce(negative_of_trust_reason, comment_reason) is not null
        or {{ is_small('neutral_count') }}
        or {{ is_small('positive_count') }}
        or {{ is_small('without_sentiment_count') }} as is_rest_hidden,
        (negative_count > 0 and negative_count = comment_count)
        or {{ is_small('without_sentiment_count') }} as are_noughts_hidden,
        case
            when negative_of_trust_reason is not null then negative_of_trust_reason
            when comment_reason is not null then 'secondary'
        end as negative_reason
    from negatives
)

select
    * exclude (is_rest_hidden, are_noughts_hidden),
    case
        when {{ is_small('neutral_count') }} then 'small_number'
        when
            comment_reason is not null or (is_rest_hidden and (neutral_count > 0 or are_noughts_hidden))
            then 'secondary'
    end as neutral_reason,
    case
        when {{ is_small('positive_count') }} then 'small_number'
        when
            comment_reason is not null or (is_rest_hidden and (positive_count > 0 or are_noughts_hidden))
            then 'secondary'
    end as positive_reason
from reasoned
