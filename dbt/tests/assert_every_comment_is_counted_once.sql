-- One row per sum that does not come out.
with sums as (
    select
        (select count(*) from {{ source('raw', 'comments') }} where text is not null) as loaded_comments,
        (select count(distinct coalesce(response_id, comment_id)) from {{ source('raw', 'comments') }}
        where kind = 'survey_answer') as loaded_forms,
        (select count(*) from {{ ref('fct_comments') }}) as comments,
        (select sum(theme_count) from {{ ref('fct_comments') }}) as mentions,
        (select count(*) from {{ ref('fct_comment_themes') }}) as mention_rows,
        (select sum(comment_count) from {{ ref('fct_service_theme_weeks') }}) as mentions_in_weeks,
        (select sum(comment_count) from {{ ref('dim_services') }}) as comments_of_services,
        (select sum(comment_count) from {{ ref('dim_sources') }}) as comments_of_sources,
        service_weeks.*
    from (
        select
            sum(comment_count) as comments_in_weeks,
            sum(negative_count + neutral_count + positive_count) as classes_in_weeks,
            sum(response_count) as forms_in_weeks,
            sum(fft_1_count + fft_2_count + fft_3_count + fft_4_count + fft_5_count + fft_dont_know_count
                + fft_unknown_count) as scores_in_weeks
        from {{ ref('fct_service_weeks') }}
    ) as service_weeks
),

compared as (
    {% for part, whole in [
        ('comments', 'loaded_comments'), ('comments_in_weeks', 'comments'), ('classes_in_weeks', 'comments'),
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
