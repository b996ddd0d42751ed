with counted as (
    select * from {{ ref('int_triangulation_counted') }}
)

select
    ---------- ids
    service_id,
    month_code,
    trust_code,

    ---------- exact figures, for the analyst's desk
    survey_comment_count,
    {{ share('survey_negative_count', 'survey_comment_count') }} as survey_negative_share,
    story_comment_count,
    {{ share('story_negative_count', 'story_comment_count') }} as story_negative_share,
    review_comment_count,
    {{ share('review_negative_count', 'review_comment_count') }} as review_negative_share,
    post_comment_count,
    {{ share('post_negative_count', 'post_comment_count') }} as post_negative_share,
    fft_form_count,
    {{ share('fft_poor_count', 'fft_form_count') }} as fft_poor_share,
    story_rating_count,
    story_mean_stars,
    story_criticality_count,
    story_mean_criticality,
    review_rating_count,
    review_mean_stars
from counted
