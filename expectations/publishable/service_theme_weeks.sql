select
    service_id,
    theme_code,
    week_date::varchar as week_date,
    comment_share,
    comment_count_label,
    negative_count_label,
    coalesce(comment_count_label in ('*', comment_count::varchar), true)
    and coalesce(negative_count_label in ('*', negative_count::varchar), true) as has_labels_that_match_counts,
    '*' not in (coalesce(comment_count_label, ''), coalesce(negative_count_label, ''))
    or is_suppressed as is_marked_where_hidden
from marts.fct_service_theme_weeks
