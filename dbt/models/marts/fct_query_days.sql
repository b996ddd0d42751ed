with days as (
    select * from {{ ref('int_query_days_spanned') }}
),

asked as (
    select * from {{ ref('int_query_days_asked') }}
),

listed as (
    select * from {{ ref('int_query_days_listed') }}
),

answered as (
    select * from listed
    where listing_count = answered_listing_count
),

counted as (
    select * from {{ ref('int_query_days_counted') }}
),

described as (
    select
        ---------- ids
        days.source_code,
        days.query_id,
        days.posted_date,

        ---------- strings
        days.query_label,
        case when answered.posted_date is null then asked.cut_reason end as cut_reason,
        case when answered.posted_date is null then asked.error_code end as error_code,

        ---------- numerics
        coalesce(counted.comment_count, 0) as comment_count,
        coalesce(counted.refused_count, 0) as refused_count,
        coalesce(counted.not_discoverable_count, 0) as not_discoverable_count,
        coalesce(listed.listing_count, 0) as listing_count,
        coalesce(listed.answered_listing_count, 0) as answered_listing_count,

        ---------- booleans
        asked.posted_date is not null as was_asked,
        answered.posted_date is not null as was_answered,
        answered.posted_date is null and not days.is_not_due_yet as is_gap
    from days
    left join asked
        on
            days.source_code = asked.source_code
            and days.query_id = asked.query_id
            and days.posted_date = asked.posted_date
    left join answered
        on
            days.source_code = answered.source_code
            and days.query_id = answered.query_id
            and days.posted_date = answered.posted_date
    left join listed
        on
            days.source_code = listed.source_code
            and days.query_id = listed.query_id
            and days.posted_date = listed.posted_date
    left join counted
        on
            days.source_code = counted.source_code
            and days.query_id = counted.query_id
            and days.posted_date = counted.posted_date
)

select * from described
