{{ config(materialized='table') }}

-- What of the themes of a service's and its trust's weeks and months may be published. Every theme of a trust stands in
-- every week of its services: what is not there cannot keep others company.
with counted as (
    select * from {{ ref('int_service_theme_weeks_counted') }}
),

service_weeks as (
    select
        trust_code,
        service_id,
        month_code,
        week_date,
        comment_count as all_count,
        negative_count as all_negative_count,
        {% for measure in ['comment', 'negative'] %}
            {% for level in ['week', 'month', 'trust_week', 'trust_month'] %}
                {{ measure }}_{{ level }}_hidden as all_{{ measure }}_{{ level }}_hidden,
            {% endfor %}
        {% endfor %}
        comment_reason,
        negative_reason
    from {{ ref('int_service_weeks_judged') }}
),

themes_of_trusts as (
    select distinct
        service_weeks.trust_code,
        counted.theme_code
    from counted
    inner join service_weeks
        on counted.service_id = service_weeks.service_id and counted.week_date = service_weeks.week_date
),

weeks as (
    select
        service_weeks.*,
        themes_of_trusts.theme_code,
        coalesce(counted.comment_count, 0) as comment_count,
        coalesce(counted.negative_count, 0) as negative_count
    from service_weeks
    inner join themes_of_trusts on service_weeks.trust_code = themes_of_trusts.trust_code
    left join counted
        on
            service_weeks.service_id = counted.service_id
            and service_weeks.week_date = counted.week_date
            and themes_of_trusts.theme_code = counted.theme_code
),

comments as (
    {{ suppress_hierarchy(
        'weeks', 'comment', 'comment_count', ceiling='all_count', within=['all_comment'], split_by=['theme_code']
    ) }}
),

-- A theme and its rest divide the comments, and negative divides both: none of the four may be small.
negatives as (
    {{ suppress_hierarchy(
        'comments', 'negative', 'negative_count', ceiling='least(comment_count, all_negative_count)',
        within=['comment', 'all_negative'], split_by=['theme_code'], options={
            'unsafe': is_small('comment_count - negative_count')
            ~ ' or ' ~ is_small('all_negative_count - negative_count')
            ~ ' or ' ~ is_small('all_count - comment_count - all_negative_count + negative_count'),
        }
    ) }}
)

select * from negatives
