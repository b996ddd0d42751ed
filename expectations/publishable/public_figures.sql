-- Every figure of the public product, and the totals that leave one of their parts open.
with figures as (
    select
        'public_service_weeks' as table_name,
        service_id || ' ' || week_date::varchar as keys,
        comment_count,
        negative_count as negative_count,
        negative_share as negative_share,
        null::double as comment_share,
        true as has_negative,
        is_suppressed
    from public.public_service_weeks
    union all
    select
        'public_service_months' as table_name,
        service_id || ' ' || month_code as keys,
        comment_count,
        negative_count as negative_count,
        negative_share as negative_share,
        null::double as comment_share,
        true as has_negative,
        is_suppressed
    from public.public_service_months
    union all
    select
        'public_service_theme_weeks' as table_name,
        service_id || ' ' || theme_code || ' ' || week_date::varchar as keys,
        comment_count,
        null::integer as negative_count,
        null::double as negative_share,
        comment_share as comment_share,
        false as has_negative,
        is_suppressed
    from public.public_service_theme_weeks
    union all
    select
        'public_service_theme_months' as table_name,
        service_id || ' ' || theme_code || ' ' || month_code as keys,
        comment_count,
        null::integer as negative_count,
        null::double as negative_share,
        comment_share as comment_share,
        false as has_negative,
        is_suppressed
    from public.public_service_theme_months
    union all
    select
        'public_trust_weeks' as table_name,
        trust_code || ' ' || week_date::varchar as keys,
        comment_count,
        negative_count as negative_count,
        negative_share as negative_share,
        null::double as comment_share,
        true as has_negative,
        is_suppressed
    from public.public_trust_weeks
    union all
    select
        'public_trust_months' as table_name,
        trust_code || ' ' || month_code as keys,
        comment_count,
        negative_count as negative_count,
        negative_share as negative_share,
        null::double as comment_share,
        true as has_negative,
        is_suppressed
    from public.public_trust_months
    union all
    select
        'public_trust_theme_weeks' as table_name,
        trust_code || ' ' || theme_code || ' ' || week_date::varchar as keys,
        comment_count,
        null::integer as negative_count,
        null::double as negative_share,
        comment_share as comment_share,
        false as has_negative,
        is_suppressed
    from public.public_trust_theme_weeks
    union all
    select
        'public_trust_theme_months' as table_name,
        trust_code || ' ' || theme_code || ' ' || month_code as keys,
        comment_count,
        negative_count as negative_count,
        negative_share as negative_share,
        comment_share as comment_share,
        true as has_negative,
        is_suppressed
    from public.public_trust_theme_months
),
open as (
    select
        'public_service_months' as table_name,
        totals.service_id || ' ' || totals.month_code as keys
    from public.public_service_months as totals
    inner join public.public_service_weeks as parts using (service_id, month_code)
    where totals.comment_count is not null
    group by totals.service_id, totals.month_code
    having count_if(parts.comment_count is null) = 1
    union all
    select
        'public_trust_weeks' as table_name,
        totals.trust_code || ' ' || totals.week_date::varchar as keys
    from public.public_trust_weeks as totals
    inner join public.public_service_weeks as parts using (trust_code, week_date)
    where totals.comment_count is not null
    group by totals.trust_code, totals.week_date
    having count_if(parts.comment_count is null) = 1
    union all
    select
        'public_trust_months' as table_name,
        totals.trust_code || ' ' || totals.month_code as keys
    from public.public_trust_months as totals
    inner join public.public_service_months as parts using (trust_code, month_code)
    where totals.comment_count is not null
    group by totals.trust_code, totals.month_code
    having count_if(parts.comment_count is null) = 1
    union all
    select
        'public_trust_months' as table_name,
        totals.trust_code || ' ' || totals.month_code as keys
    from public.public_trust_months as totals
    inner join public.public_trust_weeks as parts using (trust_code, month_code)
    where totals.comment_count is not null
    group by totals.trust_code, totals.month_code
    having count_if(parts.comment_count is null) = 1
    union all
    select
        'public_service_months' as table_name,
        totals.service_id || ' ' || totals.month_code as keys
    from public.public_service_months as totals
    inner join public.public_service_weeks as parts using (service_id, month_code)
    where totals.negative_count is not null
    group by totals.service_id, totals.month_code
    having count_if(parts.negative_count is null) = 1
    union all
    select
        'public_trust_weeks' as table_name,
        totals.trust_code || ' ' || totals.week_date::varchar as keys
    from public.public_trust_weeks as totals
    inner join public.public_service_weeks as parts using (trust_code, week_date)
    where totals.negative_count is not null
    group by totals.trust_code, totals.week_date
    having count_if(parts.negative_count is null) = 1
    union all
    select
        'public_trust_months' as table_name,
        totals.trust_code || ' ' || totals.month_code as keys
    from public.public_trust_months as totals
    inner join public.public_service_months as parts using (trust_code, month_code)
    where totals.negative_count is not null
    group by totals.trust_code, totals.month_code
    having count_if(parts.negative_count is null) = 1
    union all
    select
        'public_trust_months' as table_name,
        totals.trust_code || ' ' || totals.month_code as keys
    from public.public_trust_months as totals
    inner join public.public_trust_weeks as parts using (trust_code, month_code)
    where totals.negative_count is not null
    group by totals.trust_code, totals.month_code
    having count_if(parts.negative_count is null) = 1
    union all
    select
        'public_service_theme_months' as table_name,
        totals.service_id || ' ' || totals.theme_code || ' ' || totals.month_code as keys
    from public.public_service_theme_months as totals
    inner join public.public_service_theme_weeks as parts using (service_id, theme_code, month_code)
    where totals.comment_count is not null
    group by totals.service_id, totals.theme_code, totals.month_code
    having count_if(parts.comment_count is null) = 1
    union all
    select
        'public_trust_theme_weeks' as table_name,
        totals.trust_code || ' ' || totals.theme_code || ' ' || totals.week_date::varchar as keys
    from public.public_trust_theme_weeks as totals
    inner join public.public_service_theme_weeks as parts using (trust_code, theme_code, week_date)
    where totals.comment_count is not null
    group by totals.trust_code, totals.theme_code, totals.week_date
    having count_if(parts.comment_count is null) = 1
    union all
    select
        'public_trust_theme_months' as table_name,
        totals.trust_code || ' ' || totals.theme_code || ' ' || totals.month_code as keys
    from public.public_trust_theme_months as totals
    inner join public.public_service_theme_months as parts using (trust_code, theme_code, month_code)
    where totals.comment_count is not null
    group by totals.trust_code, totals.theme_code, totals.month_code
    having count_if(parts.comment_count is null) = 1
    union all
    select
        'public_trust_theme_months' as table_name,
        totals.trust_code || ' ' || totals.theme_code || ' ' || totals.month_code as keys
    from public.public_trust_theme_months as totals
    inner join public.public_trust_theme_weeks as parts using (trust_code, theme_code, month_code)
    where totals.comment_count is not null
    group by totals.trust_code, totals.theme_code, totals.month_code
    having count_if(parts.comment_count is null) = 1
)
select
    table_name,
    keys,
    coalesce(comment_count between 1 and 4, false) or coalesce(negative_count between 1 and 4, false) as has_small_number,
    is_suppressed = (comment_count is null or (has_negative and negative_count is null)) as is_marked_where_hidden,
    (comment_count is null and (negative_share is not null or comment_share is not null))
    or (has_negative and negative_count is null and negative_share is not null) as has_share_of_a_hidden_count,
    exists (from open where open.table_name = figures.table_name and open.keys = figures.keys) as leaves_one_figure_open
from figures
