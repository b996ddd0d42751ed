with source as (
    select * from {{ source('ops', 'issued_alerts') }}
),

renamed as (
    select
        ---------- ids
        alert_id,
        series_id,
        series_code,
        trust_code,
        service_id,
        theme_code,

        ---------- strings
        direction,

        ---------- numerics
        evidence,
        negative_count,
        comment_count,
        expected_share,
        baseline_comment_count,
        baseline_week_count,

        ---------- dates
        since_week as since_week_date,
        opened_week as opened_week_date,
        issued_at
    from source
)

select * from renamed
