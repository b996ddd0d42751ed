with counted as (
    select
        counted.*,
        themes.frame_code,
        themes.major_code,
        counted.theme_code != themes.major_code as is_minor
    from {{ ref('int_service_theme_weeks_counted') }} as counted
    inner join {{ ref('dim_themes') }} as themes on counted.theme_code = themes.theme_code
),

service_weeks as (
    select
        service_id,
        week_date,
        comment_count as all_count,
        comment_reason is not null as is_all_hidden
    from {{ ref('int_service_weeks_suppressed') }}
),

judged as (
    select * from {{ ref('int_service_theme_weeks_judged') }}
),

-- The major themes of patient experience are published at other levels too, and judged with these. Others stand in
-- their week alone, where a theme and its rest divide the comments.
weeks as (
    select
        counted.*,
        service_weeks.all_count,
        service_weeks.is_all_hidden
        or coalesce(
            judged.comment_week_hidden,
            {{ is_small('counted.comment_count') }} or {{ is_small('service_weeks.all_count - counted.comment_count') }}
        ) as is_comment_unsafe,
        coalesce(
            judged.negative_week_hidden,
            {{ is_small('counted.negative_count') }} or {{ is_small('counted.comment_count - counted.negative_count') }}
        ) as is_negative_unsafe
    from counted
    inner join service_weeks
        on counted.service_id = service_weeks.service_id and counted.week_date = service_weeks.week_date
    left join judged
        on
            counted.service_id = judged.service_id
            and counted.week_date = judged.week_date
            and counted.theme_code = judged.theme_code
),

beside_their_major as (
    select
        *,
        max(comment_count) filter (where not is_minor) over family as major_comment_count,
        max(negative_count) filter (where not is_minor) over family as major_negative_count,
        sum(comment_count) filter (where is_minor) over family as minors_comment_count,
        sum(negative_count) filter (where is_minor) over family as minors_negative_count
    from weeks
    window family as (partition by service_id, week_date, major_code)
),

-- The minor themes of a major one are shown together or not at all: not where it is hidden, nor where one of them, what
-- it leaves of the major one, or what they have in common is small.
families as (
    select
        *,
        bool_or(
            is_comment_unsafe
            or {{ is_small('major_comment_count - comment_count') }}
            or {{ is_small('minors_comment_count - major_comment_count') }}
        ) over family as is_comment_family_unsafe,
        bool_or(
            is_negative_unsafe
            or {{ is_small('major_negative_count - negative_count') }}
            or {{ is_small('minors_negative_count - major_negative_count') }}
        ) over family as is_negative_family_unsafe
    from beside_their_major
    window family as (partition by service_id, week_date, major_code)
),

decided as (
    select
        *,
        is_comment_unsafe or (is_minor and is_comment_family_unsafe) as is_comment_hidden,
        is_negative_unsafe or (is_minor and is_negative_family_unsafe) as is_negative_hidden
    from families
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
        positive_count,
        {{ share('comment_count', 'all_count') }} as comment_share,
        {{ share('negative_count', 'comment_count') }} as negative_share,
        {{ wilson_low('negative_count', 'comment_count') }} as negative_share_low,
        {{ wilson_high('negative_count', 'comment_count') }} as negative_share_high,

        ---------- labels: what may leave the analyst's desk
        case when is_comment_hidden then '*' else comment_count::varchar end as comment_count_label,
        case when is_comment_hidden or is_negative_hidden then '*' else negative_count::varchar end
            as negative_count_label,

        ---------- booleans
        is_comment_hidden or is_negative_hidden as is_suppressed,

        ---------- why
        case
            when {{ is_small('comment_count') }} or {{ is_small('negative_count') }} then 'small_number'
            when is_comment_hidden or is_negative_hidden then 'secondary'
        end as suppression_reason
    from decided
)

select * from described
