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
),

-- Which of several accounts a post is of is not kept: one week may have the number of one, and the next of another.
names as (
    select
        source as source_code,
        organisation_label,
        count(distinct lower(ltrim(trim(account), '@'))) > 1 as has_several_levels
    from {{ ref('organisation_accounts') }}
    group by source, organisation_label
)

select
    ---------- ids
    counted.source_code,

    ---------- strings
    counted.organisation_label,

    ---------- numerics
    counted.follower_count,
    case
        when names.has_several_levels is not true
            then counted.follower_count - lag(counted.follower_count) over of_account
    end as change_count,

    ---------- booleans
    coalesce(names.has_several_levels, false) as has_several_levels,

    ---------- dates
    counted.week_date,
    lag(counted.week_date) over of_account as former_week_date,
    counted.followers_on
from counted
left join names
    on counted.source_code = names.source_code and counted.organisation_label = names.organisation_label
window of_account as (partition by counted.source_code, counted.organisation_label order by counted.week_date)
