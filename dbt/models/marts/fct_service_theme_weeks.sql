with mentions as (
    select
        service_id,
        theme_code,
        week_date,
        count(*)::integer as comment_count,
        count_if(sentiment_label = 'negative')::integer as negative_count
    from {{ ref('fct_comment_themes') }}
    group by service_id, theme_code, week_date
),

service_weeks as (
    select * from {{ ref('int_service_weeks_suppressed') }}
),

-- A theme and its rest divide the comments of a service-week, and negative divides both: four cells with known sums.
-- Where any of them is 1 to 4, showing the theme's own would give it away. Where the service shows no negative comment,
-- every theme has none, and there is nothing to hide.
judged as (
    select
        mentions.*,
        service_weeks.comment_count as all_count,
        mentions.comment_count between 1 and 4 as is_small,
        service_weeks.comment_reason is not null
        or mentions.comment_count between 1 and 4
        or service_weeks.comment_count - mentions.comment_count between 1 and 4 as is_count_hidden,
        service_weeks.negative_reason is not null
        or (
            service_weeks.negative_count > 0
            and (
                mentions.comment_count between 1 and 4
                or service_weeks.comment_count - mentions.comment_count between 1 and 4
                or mentions.negative_count between 1 and 4
                or mentions.comment_count - mentions.negative_count between 1 and 4
                or service_weeks.negative_count - mentions.negative_count between 1 and 4
                or service_weeks.comment_count - mentions.comment_count
                - service_weeks.negative_count + mentions.negative_count between 1 and 4
            )
        ) as is_negative_hidden
    from mentions
    inner join service_weeks
        on mentions.service_id = service_weeks.service_id and mentions.week_date = service_weeks.week_date
),

described as (
    select
        ---------- ids
        service_id,
        theme_code,
        week_date,

        ---------- exact figures, for the analyst's desk
        comment_count,
        negative_count,
        {{ share('comment_count', 'all_count') }} as comment_share,

        ---------- labels: what may leave the analyst's desk
        case when is_count_hidden then '*' else comment_count::varchar end as comment_count_label,
        case when is_negative_hidden then '*' else negative_count::varchar end as negative_count_label,

        ---------- booleans
        is_count_hidden or is_negative_hidden as is_suppressed,

        ---------- why
        case
            when is_small or negative_count between 1 and 4 then 'small_number'
            when is_count_hidden or is_negative_hidden then 'secondary'
        end as suppression_reason
    from judged
)

select * from described
