with labelled as (
    select
        *,
        -- figures that add up to one that is shown: hiding exactly one of them hides nothing
        (negative_count_label = '*')::integer
            + (neutral_count_label = '*')::integer
            + (positive_count_label = '*')::integer as hidden_sentiment_count,
        count(*) filter (comment_count_label = '*' and comment_count > 0) over siblings as hidden_service_count,
        count(*) filter (comment_count > 0) over siblings as service_count
    from marts.fct_service_weeks
    window siblings as (partition by trust_code, week_date)
),
-- Without the rule, every count is taken for a small one.
rules as (
    select coalesce(max(rule_value::integer), 2147483647) as largest_hidden_count
    from meta.rules
    where rule_code = 'largest_hidden_count'
)
select
    service_id,
    week_date::varchar as week_date,
    ---------- shares
    negative_share,
    negative_share_low,
    negative_share_high,
    positive_share,
    positive_share_low,
    positive_share_high,
    fft_recommend_share,
    ---------- what may be shown
    coalesce(try_cast(comment_count_label as integer) between 1 and largest_hidden_count, false)
        as has_small_comment_label,
    coalesce(try_cast(response_count_label as integer) between 1 and largest_hidden_count, false)
        as has_small_response_label,
    coalesce(try_cast(voice_count_label as integer) between 1 and largest_hidden_count, false)
        as has_small_voice_label,
    coalesce(try_cast(negative_count_label as integer) between 1 and largest_hidden_count, false)
        as has_small_negative_label,
    coalesce(try_cast(neutral_count_label as integer) between 1 and largest_hidden_count, false)
        as has_small_neutral_label,
    coalesce(try_cast(positive_count_label as integer) between 1 and largest_hidden_count, false)
        as has_small_positive_label,
    negative_share_label,
    coalesce(comment_count_label in ('*', comment_count::varchar), true)
    and coalesce(response_count_label in ('*', response_count::varchar), true)
    and coalesce(voice_count_label in ('*', voice_count::varchar), true)
    and coalesce(negative_count_label in ('*', negative_count::varchar), true)
    and coalesce(neutral_count_label in ('*', neutral_count::varchar), true)
    and coalesce(positive_count_label in ('*', positive_count::varchar), true) as has_labels_that_match_counts,
    not coalesce(
        negative_share_label similar to '[0-9].*' and '*' in (comment_count_label, negative_count_label), false
    )
    and not coalesce(
        positive_share_label similar to '[0-9].*' and '*' in (comment_count_label, positive_count_label), false
    ) as has_no_share_of_a_hidden_count,
    not coalesce(comment_count_label <> '*' and hidden_sentiment_count = 1, false) as has_no_figure_to_work_out,
    not coalesce(
        comment_count_label = '*' and comment_count > 0 and hidden_service_count = 1 and service_count > 1, false
    ) as has_no_service_to_work_out,
    '*' not in (
        coalesce(comment_count_label, ''), coalesce(response_count_label, ''), coalesce(voice_count_label, ''),
        coalesce(negative_count_label, ''), coalesce(neutral_count_label, ''), coalesce(positive_count_label, '')
    ) or is_suppressed as is_marked_where_hidden
from labelled
cross join rules
