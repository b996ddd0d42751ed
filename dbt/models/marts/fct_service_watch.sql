-- What watches each service, how fast, and whether its voice fades: comments of the last weeks against those before.
-- A week in which something of the service has not arrived says nothing of its voice.
with latest as (
    select * from {{ ref('int_decisions_made') }}
    where series_code = 'service'
    qualify row_number() over (
        partition by series_id order by (week_date in (
            select weeks.week_date from {{ ref('int_weeks_spanned') }} as weeks where weeks.is_over
        )) desc, week_date desc
    ) = 1
),

fed_by as (
    select distinct
        service_id,
        source_code
    from {{ ref('int_decision_counts') }}
),

incomplete as (
    select distinct
        fed_by.service_id,
        awaited.week_date
    from fed_by
    inner join {{ ref('int_source_weeks_awaited') }} as awaited on fed_by.source_code = awaited.source_code
),

counted as (
    select
        service_id,
        week_date,
        sum(comment_count) as comment_count
    from {{ ref('int_decision_counts') }}
    group by service_id, week_date
),

weeks as (
    select
        services.service_id,
        coalesce(counted.comment_count, 0) as comment_count,
        row_number() over (partition by services.service_id order by services.week_date desc) as weeks_ago
    from {{ ref('int_service_weeks_spanned') }} as services
    inner join {{ ref('int_weeks_spanned') }} as spanned on services.week_date = spanned.week_date and spanned.is_over
    anti join incomplete
        on services.service_id = incomplete.service_id and services.week_date = incomplete.week_date
    left join counted on services.service_id = counted.service_id and services.week_date = counted.week_date
),

heard as (
    select
        service_id,
        count_if(weeks_ago > {{ var('voice_weeks') }}) as usual_week_count,
        avg(comment_count) filter (where weeks_ago <= {{ var('voice_weeks') }}) as recent_mean,
        avg(comment_count) filter (where weeks_ago > {{ var('voice_weeks') }}) as usual_mean,
        var_samp(comment_count) filter (where weeks_ago > {{ var('voice_weeks') }}) as usual_variance
    from weeks
    where weeks_ago <= {{ var('voice_weeks') }} + {{ var('baseline_weeks') }}
    group by service_id
),

described as (
    select
        ---------- ids
        latest.service_id,
        latest.trust_code,

        ---------- strings
        latest.not_monitored_reason,
        case
            when latest.not_monitored_reason is null
                then format(
                    'its own share: a change from 25 to 45 % shows in about {} weeks at {:.0f} comments a week',
                    latest.weeks_to_find, latest.mean_week_comments
                )
            when latest.baseline_week_count < {{ var('baseline_weeks') }}
                then format(
                    '{}; it can be from the week of {} on, and counts in the totals of the trust until then',
                    latest.not_monitored_reason,
                    strftime(
                        latest.week_date + 7 * ({{ var('baseline_weeks') }} - latest.baseline_week_count), '%-d %B %Y'
                    )
                )
            else format(
                '{}; more comments would change it, and it counts in the totals of the trust until then',
                latest.not_monitored_reason
            )
        end as watched_by,
        {{ voice_code(
            'heard.recent_mean', 'heard.usual_mean', 'heard.usual_variance', 'heard.usual_week_count'
        ) }} as voice_code,

        ---------- numerics
        latest.mean_week_comments,
        latest.weeks_to_find,
        heard.recent_mean as recent_week_comments,
        heard.usual_mean as usual_week_comments,

        ---------- booleans
        latest.not_monitored_reason is null as is_monitored,
        coalesce(voice_code in ('silent', 'fading'), false) as is_fading
    from latest
    left join heard on latest.service_id = heard.service_id
)

select * from described
