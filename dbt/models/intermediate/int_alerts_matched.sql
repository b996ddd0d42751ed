{{ config(materialized='table') }}

-- Issued is issued: an episode that was issued keeps the figures of that time and its id, and what the rule finds today
-- in its weeks stands beside them. It is matched with the episode that opens in the same week or else nearest to it. One
-- in whose weeks a person has begun a new baseline is closed by that: it is not found any more because it is answered.
with decided as (
    select * from {{ ref('int_episodes_decided') }}
),

issued as (
    select * from {{ ref('stg_ops__issued_alerts') }}
),

rebased as (
    select
        issued.alert_id,
        min(rebases.rebase_date) as rebase_date
    from issued
    inner join {{ ref('int_rebases_dated') }} as rebases
        on
            issued.service_id = rebases.service_id
            and rebases.measure_code = 'negative_share'
            and rebases.rebase_date between issued.since_week_date and issued.opened_week_date
    group by issued.alert_id
),

pairs as (
    select
        issued.alert_id as issued_id,
        decided.alert_id as decided_id,
        abs(issued.opened_week_date - decided.opened_week_date) as days_apart
    from issued
    inner join decided
        on
            issued.series_id = decided.series_id
            and issued.direction = decided.direction
            and decided.since_week_date <= issued.opened_week_date
            and coalesce(decided.closed_week_date, date '9999-12-31') > issued.since_week_date
),

-- Each goes to the other's nearest: where both would rather have another one, they are no pair.
matched as (
    select
        issued_id,
        decided_id
    from pairs
    qualify
        row_number() over (partition by issued_id order by days_apart, decided_id) = 1
        and row_number() over (partition by decided_id order by days_apart, issued_id) = 1
),

of_issued as (
    select
        issued.alert_id,
        decided.alert_id as decided_id,
        issued.series_id,
        issued.series_code,
        issued.trust_code,
        issued.service_id,
        issued.theme_code,
        issued.direction,
        issued.since_week_date,
        issued.opened_week_date,
        issued.evidence,
        issued.negative_count,
        issued.comment_count,
        issued.expected_share,
        issued.baseline_comment_count,
        issued.baseline_week_count,
        issued.issued_at,
        decided.alert_id is null and rebased.alert_id is null as is_withdrawn,
        decided.negative_count as restated_negative_count,
        decided.comment_count as restated_comment_count,
        decided.expected_share as restated_expected_share,
        decided.greatest_evidence,
        decided.alerted_week_date,
        case when decided.alert_id is null then rebased.rebase_date else decided.closed_week_date end as closed_week_date,
        decided.rebase_proposed_week_date
    from issued
    left join matched on issued.alert_id = matched.issued_id
    left join decided on matched.decided_id = decided.alert_id
    left join rebased on issued.alert_id = rebased.alert_id
),

new as (
    select
        decided.alert_id,
        decided.alert_id as decided_id,
        decided.series_id,
        decided.series_code,
        decided.trust_code,
        decided.service_id,
        decided.theme_code,
        decided.direction,
        decided.since_week_date,
        decided.opened_week_date,
        decided.evidence,
        decided.negative_count,
        decided.comment_count,
        decided.expected_share,
        decided.baseline_comment_count,
        decided.baseline_week_count,
        null::timestamptz as issued_at,
        false as is_withdrawn,
        decided.negative_count as restated_negative_count,
        decided.comment_count as restated_comment_count,
        decided.expected_share as restated_expected_share,
        decided.greatest_evidence,
        decided.alerted_week_date,
        decided.closed_week_date,
        decided.rebase_proposed_week_date
    from decided
    anti join matched on decided.alert_id = matched.decided_id
    -- An id that was issued stays with what was issued.
    anti join issued on decided.alert_id = issued.alert_id
)

select * from of_issued
union all by name
select * from new
