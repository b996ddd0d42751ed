-- Alerts whose figures, less the weeks that are shown, would tell what is hidden: of the service itself or, where the
-- total of its trust is known, of the services that its hidden weeks keep company.
{%- set figures = ['comment', 'negative'] %}
{%- set hidden = {'comment': 'comment_reason is not null', 'negative': 'negative_reason is not null'} %}
with weeks as (
    select
        trust_code,
        service_id,
        week_date,
    {% for figure in figures %}
        case when {{ hidden[figure] }} then {{ figure }}_count end as own_{{ figure }},
        sum(own_{{ figure }}) over trust_week - own_{{ figure }} as others_{{ figure }},
        count(own_{{ figure }}) over trust_week - 1 as others_{{ figure }}_cells{{ ',' if not loop.last }}
    {% endfor %}
    from {{ ref('int_service_weeks_suppressed') }}
    window trust_week as (partition by trust_code, week_date)
),

summed as (
    select
        alerts.alert_id,
    {% for figure in figures %}
        sum(weeks.own_{{ figure }}) as own_{{ figure }},
        count(weeks.own_{{ figure }}) as own_{{ figure }}_cells,
        sum(weeks.others_{{ figure }}) as others_{{ figure }},
        sum(weeks.others_{{ figure }}_cells) filter (where weeks.own_{{ figure }} is not null)
            as others_{{ figure }}_cells{{ ',' if not loop.last }}
    {% endfor %}
    from {{ ref('int_alerts_matched') }} as alerts
    inner join weeks
        on
            alerts.service_id = weeks.service_id
            and weeks.week_date between alerts.since_week_date and alerts.opened_week_date
    group by alerts.alert_id
)

select
    alert_id,
    {{ tells('own_comment') }} or {{ tells('others_comment') }} as is_comment_count_telling,
    {{ tells('own_negative') }} or {{ tells('others_negative') }} as is_negative_count_telling
from summed
