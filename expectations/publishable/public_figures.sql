-- Every figure of the public product, and the totals that leave one of their parts open. What a table has no column for
-- is null in its rows.
with tables as (
    select 'public_service_weeks' as table_name, true as has_negative, * from public.public_service_weeks
    union all by name
    select 'public_service_months' as table_name, true as has_negative, * from public.public_service_months
    union all by name
    select 'public_service_theme_weeks' as table_name, false as has_negative, * from public.public_service_theme_weeks
    union all by name
    select 'public_service_theme_months' as table_name, false as has_negative, * from public.public_service_theme_months
    union all by name
    select 'public_trust_weeks' as table_name, true as has_negative, * from public.public_trust_weeks
    union all by name
    select 'public_trust_months' as table_name, true as has_negative, * from public.public_trust_months
    union all by name
    select 'public_trust_theme_weeks' as table_name, false as has_negative, * from public.public_trust_theme_weeks
    union all by name
    select 'public_trust_theme_months' as table_name, true as has_negative, * from public.public_trust_theme_months
),
figures as (
    select
        *,
        concat_ws(
            ' ', coalesce(service_id, trust_code), theme_code, coalesce(week_date::varchar, month_code)
        ) as keys
    from tables
),
-- A month and its weeks, of a service or of a trust.
months_and_weeks as (
    select totals, parts
    from figures as totals
    inner join figures as parts
        on totals.trust_code = parts.trust_code
        and totals.month_code = parts.month_code
        and totals.theme_code is not distinct from parts.theme_code
        and totals.service_id is not distinct from parts.service_id
    where totals.week_date is null and parts.week_date is not null
),
-- A trust and its services, in a month or in a week.
trusts_and_services as (
    select totals, parts
    from figures as totals
    inner join figures as parts
        on totals.trust_code = parts.trust_code
        and totals.month_code = parts.month_code
        and totals.theme_code is not distinct from parts.theme_code
        and totals.week_date is not distinct from parts.week_date
    where totals.service_id is null and parts.service_id is not null
),
open as (
    select
        totals.table_name as table_name,
        totals.keys as keys
    from (from months_and_weeks union all from trusts_and_services) as pairs
    group by totals.table_name, totals.keys, parts.table_name
    having
        count_if(totals.comment_count is not null and parts.comment_count is null) = 1
        or count_if(parts.has_negative and totals.negative_count is not null and parts.negative_count is null) = 1
),
-- Without the rule, every count is taken for a small one.
rules as (
    select coalesce(max(rule_value::integer), 2147483647) as largest_hidden_count
    from meta.rules
    where rule_code = 'largest_hidden_count'
)
select
    table_name,
    keys,
    coalesce(comment_count between 1 and largest_hidden_count, false)
    or coalesce(negative_count between 1 and largest_hidden_count, false) as has_small_number,
    is_suppressed = (comment_count is null or (has_negative and negative_count is null)) as is_marked_where_hidden,
    (comment_count is null and (negative_share is not null or comment_share is not null))
    or (has_negative and negative_count is null and negative_share is not null) as has_share_of_a_hidden_count,
    exists (from open where open.table_name = figures.table_name and open.keys = figures.keys) as leaves_one_figure_open
from figures
cross join rules
