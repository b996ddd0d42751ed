{{ config(materialized='table') }}

-- Each way in which people write beside each in which they score, of the services and months in which enough did both.
-- A measure is turned so that more is worse. Months of services that are alike share their place.
{%- set words = {'survey_words': 'survey', 'story_words': 'story', 'review_words': 'review', 'post_words': 'post'} -%}
{%- set outcomes = {
    'fft_scores': ('fft_form_count', 'fft_poor_count / fft_form_count::double'),
    'story_ratings': ('story_rating_count', '-story_mean_stars'),
    'story_criticality': ('story_criticality_count', 'story_mean_criticality'),
    'review_ratings': ('review_rating_count', '-review_mean_stars'),
} %}

with counted as (
    select * from {{ ref('int_triangulation_counted') }}
),

words as (
    {% for code, name in words.items() %}
        select
            service_id,
            month_code,
            kind_label,
            '{{ code }}' as words_code,
            {{ name }}_comment_count as words_count,
            {{ name }}_negative_count as negative_count,
            {{ name }}_negative_count / {{ name }}_comment_count::double as words_value
        from counted
        where {{ name }}_comment_count >= {{ var('least_paired_comments') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

outcomes as (
    {% for code, (count, value) in outcomes.items() %}
        select
            service_id,
            month_code,
            '{{ code }}' as outcome_code,
            {{ count }} as outcome_count,
            {{ value }} as outcome_value
        from counted
        where {{ count }} >= {{ var('least_paired_comments') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

paired as (
    select
        words.*,
        outcomes.outcome_code,
        outcomes.outcome_count,
        outcomes.outcome_value
    from words
    inner join outcomes on words.service_id = outcomes.service_id and words.month_code = outcomes.month_code
),

placed as (
    select
        *,
        {% for side in ['words', 'outcome'] %}
            rank() over (partition by words_code, outcome_code order by {{ side }}_value)
            + (count(*) over (partition by words_code, outcome_code, {{ side }}_value) - 1) / 2.0 as {{ side }}_rank,
        {% endfor %}
        count(*) over pair as pair_count
    from paired
    window pair as (partition by words_code, outcome_code)
)

select
    * exclude (pair_count, words_rank, outcome_rank),
    case when pair_count > 1 then (words_rank - outcome_rank) / (pair_count - 1) end as disagreement
from placed
