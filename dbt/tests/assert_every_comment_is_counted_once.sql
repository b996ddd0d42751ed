-- One row per sum that does not come out. A comment counts, is a copy, is not about care or is not judged yet: it is
-- exactly one of these.
with loaded as (
    select
        count(text_id) as loaded_comments,
        count(distinct case when kind = 'survey_answer' then response_id end) as loaded_forms
    from {{ ref('stg_raw__comments') }}
),

reposts as (
    select count(distinct reposts.comment_id) as loaded_reposts
    from {{ ref('stg_raw__comments') }} as reposts
    inner join {{ ref('stg_raw__comments') }} as originals on reposts.reshared_comment_id = originals.comment_id
    where reposts.text_id is null and originals.text_id is not null
),

comments as (
    select
        count(*) as comments,
        count_if(is_counted) + count_if(is_about_care and is_copy) + count_if(not is_about_care)
        + count_if(is_about_care is null) as comments_by_class,
        count_if(is_counted) as counted_comments,
        count_if(is_about_care and is_copy) as copies,
        count_if(not is_about_care) as comments_not_about_care,
        -- Of each group of a trust, the first is no copy.
        count_if(is_copy) as members_that_are_copies,
        count(copy_group_id) - count(distinct copy_group_id) as members_beside_the_first,
        count(sentiment_label) filter (where is_counted) as classified_comments,
        count_if(is_counted and sentiment_label is null) as comments_without_sentiment,
        count_if(is_counted and language != 'en' and labelled_by is distinct from 'human')
            as comments_in_other_languages,
        sum(theme_count) as mentions,
        sum(theme_count) filter (where is_counted) as counted_mentions,
        sum(reshare_count) as reposts,
        sum(reshare_count) filter (where is_counted) as counted_reposts
    from {{ ref('fct_comments') }}
),

mentions as (
    select count(*) as mention_rows
    from {{ ref('fct_comment_themes') }}
),

theme_weeks as (
    select sum(weeks.comment_count) as mentions_in_weeks
    from {{ ref('fct_service_theme_weeks') }} as weeks
    inner join {{ ref('dim_themes') }} as themes on weeks.theme_code = themes.theme_code
    -- What comments are coded by.
    where themes.level = if(themes.frame_code = 'patient_experience', 'minor', 'major')
),

services as (
    select sum(comment_count) as comments_of_services
    from {{ ref('dim_services') }}
),

sources as (
    select
        sum(comment_count) as comments_of_sources,
        sum(copy_count) as copies_of_sources,
        sum(not_about_care_count) as others_of_sources
    from {{ ref('dim_sources') }}
),

service_weeks as (
    select
        sum(comment_count) as comments_in_weeks,
        sum(copy_count) as copies_in_weeks,
        sum(not_about_care_count) as others_in_weeks,
        sum(reshare_count) as reposts_in_weeks,
        sum(negative_count) as negatives_in_weeks,
        sum(negative_count + neutral_count + positive_count) as classes_in_weeks,
        sum(other_language_count) as other_languages_in_weeks,
        sum(without_sentiment_count) as without_sentiment_in_weeks,
        sum(response_count) as forms_in_weeks,
        sum(
            fft_1_count + fft_2_count + fft_3_count + fft_4_count + fft_5_count
            + fft_dont_know_count + fft_unknown_count
        ) as scores_in_weeks
    from {{ ref('fct_service_weeks') }}
),

service_months as (
    select
        sum(comment_count) as comments_in_months,
        sum(negative_count) as negatives_in_months
    from {{ ref('fct_service_months') }}
),

trust_months as (
    select
        sum(comment_count) as comments_in_trust_months,
        sum(negative_count) as negatives_in_trust_months
    from {{ ref('fct_trust_months') }}
),

sums as (
    from loaded, reposts, comments, mentions, theme_weeks, services, sources, service_weeks, service_months, trust_months
),

compared as (
    {% for part, whole in [
        ('comments', 'loaded_comments'), ('comments_by_class', 'comments'), ('comments_in_weeks', 'counted_comments'),
        ('copies_in_weeks', 'copies'), ('others_in_weeks', 'comments_not_about_care'),
        ('members_that_are_copies', 'members_beside_the_first'), ('classes_in_weeks', 'classified_comments'),
        ('other_languages_in_weeks', 'comments_in_other_languages'),
        ('without_sentiment_in_weeks', 'comments_without_sentiment'),
        ('comments_of_services', 'counted_comments'), ('comments_of_sources', 'counted_comments'),
        ('copies_of_sources', 'copies'), ('others_of_sources', 'comments_not_about_care'),
        ('forms_in_weeks', 'loaded_forms'), ('scores_in_weeks', 'forms_in_weeks'), ('mention_rows', 'mentions'),
        ('mentions_in_weeks', 'counted_mentions'), ('reposts', 'loaded_reposts'),
        ('reposts_in_weeks', 'counted_reposts'), ('comments_in_months', 'counted_comments'),
        ('comments_in_trust_months', 'counted_comments'), ('negatives_in_months', 'negatives_in_weeks'),
        ('negatives_in_trust_months', 'negatives_in_weeks'),
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
