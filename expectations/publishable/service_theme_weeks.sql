-- Without the rule, every count is taken for a small one.
with rules as (
    select coalesce(max(rule_value::integer), 2147483647) as largest_hidden_count
    from meta.rules
    where rule_code = 'largest_hidden_count'
)
select
    service_id,
    theme_code,
    week_date::varchar as week_date,
    comment_share,
    coalesce(try_cast(comment_count_label as integer) between 1 and largest_hidden_count, false)
        as has_small_comment_label,
    coalesce(try_cast(negative_count_label as integer) between 1 and largest_hidden_count, false)
        as has_small_negative_label,
    coalesce(comment_count_label in ('*', comment_count::varchar), true)
    and coalesce(negative_count_label in ('*', negative_count::varchar), true) as has_labels_that_match_counts,
    '*' not in (coalesce(comment_count_label, ''), coalesce(negative_count_label, ''))
    or is_suppressed as is_marked_where_hidden
from marts.fct_service_theme_weeks
cross join rules
