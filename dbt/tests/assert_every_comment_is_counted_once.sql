-- One row per sum that does not come out.
with loaded as (
    select
        count(text_id) as loaded_comments,
        count(distinct case when kind = 'survey_answer' then coalesce(response_id, comment_id) end) as loaded_forms
    from {{ source('raw', 'comments') }}
),

comments as (
    select
        count(*) as comments,
        count(sentiment_label) as classified_comments,
        sum(theme_count) as mentions
    from {{ ref('fct_comments') }}
),

mentions as (
    select count(*) as mention_rows
    from {{ ref('fct_comment_themes') }}
),

theme_weeks as (
    select sum(comment_count) as mentions_in_weeks
    from {{ ref('fct_service_theme_weeks') }}
),

services as (
    select sum(comment_count) as comments_of_services
    from {{ ref('dim_services') }}
),

sources as (
    select sum(comment_count) as comments_of_sources
    from {{ ref('dim_sources') }}
),

service_weeks as (
    select
        sum(comment_count) as comments_in_weeks,
        sum(negative_count + neutral_count + positive_count) as classes_in_weeks,
        sum(response_count) as forms_in_weeks,
        sum(
            fft_1_count + fft_2_count + fft_3_count + fft_4_count + fft_5_count
            + fft_dont_know_count + fft_unknown_count
        ) as scores_in_weeks
    from {{ ref('fct_service_weeks') }}
),

sums as (
    from loaded, comments, mentions, theme_weeks, services, sources, service_weeks
),

compared as (
    {% for part, whole in [
        ('comments', 'loaded_comments'), ('comments_in_weeks', 'comments'), ('classes_in_weeks', 'classified_comments'),
        ('comments_of_services', 'comments'), ('comments_of_sources', 'comments'), ('forms_in_weeks', 'loaded_forms'),
        ('scores_in_weeks', 'forms_in_weeks'), ('mention_rows', 'mentions'), ('mentions_in_weeks', 'mentions'),
    ] %}
        select
            '{{ part }} against {{ whole }}' as what,
            coalesce({{ part }}, 0) as part_sum,
            coalesce({{ whole }}, 0) as whole_sum
        from sums
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from compared
where part_sum != whole_sum
