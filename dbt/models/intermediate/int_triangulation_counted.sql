{{ config(materialized='table') }}

-- What people write beside what they score, of each service and closed month; the months are those of whole weeks.
with months as (
    select month_code from {{ ref('dim_months') }}
    where is_closed and is_whole
),

weeks as (
    select
        weeks.week_date,
        weeks.month_code
    from {{ ref('dim_weeks') }} as weeks
    inner join months on weeks.month_code = months.month_code
),

services as (
    select
        service_id,
        trust_code,
        kind_label
    from {{ ref('dim_services') }}
    where not is_trust_level
),

comments as (
    select
        comments.service_id,
        weeks.month_code,
        case
            when comments.kind = 'survey_answer' then 'survey'
            when comments.kind in ('story', 'review') then comments.kind
            else 'post'
        end as written_as,
        comments.sentiment_label = 'negative' as is_negative,
        ratings.stars,
        ratings.criticality
    from {{ ref('fct_comments') }} as comments
    inner join weeks on comments.week_date = weeks.week_date
    left join {{ ref('stg_raw__ratings') }} as ratings on (comments.comment_id = ratings.comment_id)
    where comments.is_counted
),

written as (
    select
        service_id,
        month_code,
        {% for name in ['survey', 'story', 'review', 'post'] %}
            count_if(written_as = '{{ name }}' and is_negative is not null)::integer as {{ name }}_comment_count,
            count_if(written_as = '{{ name }}' and is_negative)::integer as {{ name }}_negative_count,
        {% endfor %}
        {% for name in ['story', 'review'] %}
            count(stars) filter (where written_as = '{{ name }}')::integer as {{ name }}_rating_count,
            round(favg(stars) filter (where written_as = '{{ name }}'), 6) as {{ name }}_mean_stars,
        {% endfor %}
        count(criticality) filter (where written_as = 'story')::integer as story_criticality_count,
        round(favg(criticality) filter (where written_as = 'story'), 6) as story_mean_criticality
    from comments
    group by service_id, month_code
),

scored as (
    select
        responses.service_id,
        weeks.month_code,
        count(responses.fft_score)::integer as fft_form_count,
        count_if(responses.fft_score in (4, 5))::integer as fft_poor_count
    from {{ ref('int_responses_scored') }} as responses
    inner join weeks on responses.week_date = weeks.week_date
    where responses.source_code = 'fft'
    group by responses.service_id, weeks.month_code
),

described as (
    select
        services.service_id,
        services.trust_code,
        services.kind_label,
        coalesce(written.month_code, scored.month_code) as month_code,
        {% for name in ['survey', 'story', 'review', 'post'] %}
            coalesce(written.{{ name }}_comment_count, 0) as {{ name }}_comment_count,
            coalesce(written.{{ name }}_negative_count, 0) as {{ name }}_negative_count,
        {% endfor %}
        coalesce(scored.fft_form_count, 0) as fft_form_count,
        coalesce(scored.fft_poor_count, 0) as fft_poor_count,
        coalesce(written.story_rating_count, 0) as story_rating_count,
        written.story_mean_stars,
        coalesce(written.story_criticality_count, 0) as story_criticality_count,
        written.story_mean_criticality,
        coalesce(written.review_rating_count, 0) as review_rating_count,
        written.review_mean_stars
    from written
    full outer join scored on written.service_id = scored.service_id and written.month_code = scored.month_code
    inner join services on coalesce(written.service_id, scored.service_id) = services.service_id
)

select * from described
