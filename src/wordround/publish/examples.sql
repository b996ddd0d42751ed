-- Views that an analyst can open, read and change. services_now shows what may leave the desk (the labels); the others
-- count exactly and stay there.
create schema examples;

create view examples.services_now as
select
    dim_services.service_label,
    dim_weeks.week_label,
    fct_service_weeks.comment_count_label as comments,
    fct_service_weeks.negative_share_label as negative,
    case
        when fct_control_chart_points.is_monitored then fct_control_chart_points.point_type else 'not_monitored'
    end as point_type,
    fct_control_chart_points.special_cause_type
from marts.fct_service_weeks
inner join marts.dim_services using (service_id)
inner join marts.dim_weeks using (week_date)
left join marts.fct_control_chart_points using (service_id, week_date)
where week_date = (select max(week_date) from marts.dim_weeks where is_complete)
-- The place of a hidden share among the shown ones would tell what it is.
order by
    case when fct_service_weeks.negative_share_label <> '*' then fct_service_weeks.negative_share end desc nulls last,
    dim_services.service_label;
comment on view examples.services_now is
'The last complete week of each service, most negative first; hidden figures (*) last, by name.';

create view examples.trends_that_changed as
select
    coalesce(dim_services.service_label, 'All services of ' || trusts.trust_label) as service_label,
    dim_themes.theme_label,
    fct_alerts.direction,
    fct_alerts.tier_code,
    fct_alerts.status,
    fct_alerts.since_week_date,
    fct_alerts.opened_week_date,
    round(100 * fct_alerts.expected_share, 1) as usual_negative_percent,
    round(100 * fct_alerts.negative_share, 1) as negative_percent,
    fct_alerts.once_in_years
from marts.fct_alerts
left join marts.dim_services using (service_id)
left join marts.dim_themes using (theme_code)
left join (
    select trust_code, any_value(trust_label) as trust_label
    from marts.dim_services
    group by trust_code
) as trusts on fct_alerts.trust_code = trusts.trust_code
where fct_alerts.part_of_alert_id is null
order by fct_alerts.tier_code, fct_alerts.opened_week_date desc, fct_alerts.alert_id;
comment on view examples.trends_that_changed is
'Changes, alerts before what is only watched, newest first: of which service or theme, since when, from what to what. Exact figures: for the desk.';

create view examples.criticised_themes as
select
    dim_services.service_label,
    dim_themes.theme_label,
    count(*) as critical_comments
from marts.fct_comment_themes
inner join marts.dim_services using (service_id)
inner join marts.dim_themes using (theme_code)
where
    fct_comment_themes.is_counted
    and fct_comment_themes.polarity = 'negative'
    and fct_comment_themes.week_date > (select max(week_date) from marts.dim_weeks) - interval 12 week
group by dim_services.service_label, dim_themes.theme_label
having count(*) > (select rule_value::integer from meta.rules where rule_code = 'largest_hidden_count')
order by critical_comments desc;
comment on view examples.criticised_themes is
'Themes that comments of the last twelve weeks criticise, by service; small numbers are left out. Exact: for the desk.';

create view examples.words_beside_scores as
select
    dim_services.service_label,
    fct_comments.fft_score_label,
    count(*) as comments,
    round(100 * avg((fct_comments.sentiment_label = 'negative')::integer), 1) as negative_percent
from marts.fct_comments
inner join marts.dim_services using (service_id)
where fct_comments.is_counted
group by dim_services.service_label, fct_comments.fft_score_label
having count(*) > (select rule_value::integer from meta.rules where rule_code = 'largest_hidden_count')
order by dim_services.service_label, negative_percent;
comment on view examples.words_beside_scores is 'How negative the words are under each Friends and Family score. Exact figures: for the desk.';
