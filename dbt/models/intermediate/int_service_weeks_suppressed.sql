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

classes as (
    unpivot (
        select
            service_id,
            week_date,
            comment_count,
            comment_reason,
            negative_count,
            neutral_count,
            positive_count
        from voices
    )
    on negative_count, neutral_count, positive_count
    into name class_code value class_count
),

classes_suppressed as (
    {{ suppress(
        'classes', ['service_id', 'week_date'], 'class_code', 'class_count', 'class_reason',
        also_hidden='comment_reason is not null or comment_count - class_count between 1 and 4'
    ) }}
),

class_reasons as (
    select
        service_id,
        week_date,
        max(class_reason) filter (where class_code = 'negative_count') as negative_reason,
        max(class_reason) filter (where class_code = 'neutral_count') as neutral_reason,
        max(class_reason) filter (where class_code = 'positive_count') as positive_reason
    from classes_suppressed
    group by service_id, week_date
)

select
    voices.*,
    class_reasons.negative_reason,
    class_reasons.neutral_reason,
    class_reasons.positive_reason
from voices
inner join class_reasons on voices.service_id = class_reasons.service_id and voices.week_date = class_reasons.week_date
