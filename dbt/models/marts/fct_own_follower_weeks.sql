-- Followers of the trust's own accounts, as they came with what these posted: the last number of each week.
with counted as (
    select
        source_code,
        organisation_label,
        date_trunc('week', followers_on)::date as week_date,
        max(followers_on) as followers_on,
        -- Of several accounts under one name, the one that most follow.
        arg_max(follower_count, {followers_on: followers_on, follower_count: follower_count}) as follower_count
    from {{ ref('fct_own_posts') }}
    where follower_count is not null
    group by source_code, organisation_label, date_trunc('week', followers_on)
)

select
    ---------- ids
    source_code,

    ---------- strings
    organisation_label,

    ---------- numerics
    follower_count,
    follower_count - lag(follower_count) over of_account as change_count,

    ---------- dates
    week_date,
    lag(week_date) over of_account as former_week_date,
    followers_on
from counted
window of_account as (partition by source_code, organisation_label order by week_date)
