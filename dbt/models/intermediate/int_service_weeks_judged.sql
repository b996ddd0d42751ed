{{ config(materialized='table') }}

-- What of a service's and its trust's weeks and months may be published: comments, and the negative ones among them.
with weeks as (
    select
        *,
        {{ month_of_week('week_date') }} as month_code
    from {{ ref('int_service_weeks_suppressed') }}
),

comments as (
    {{ suppress_hierarchy(
        'weeks', 'comment', 'comment_count', options={
            'people': 'response_count',
            'unsafe': is_small('voice_count') ~ ' and response_count <= ' ~ var('largest_hidden_count'),
            'label_hidden': 'comment_reason is not null',
        }
    ) }}
),

negatives as (
    {{ suppress_hierarchy(
        'comments', 'negative', 'negative_count', ceiling='comment_count', within=['comment'],
        options={'label_hidden': 'negative_reason is not null'}
    ) }}
)

select * from negatives
