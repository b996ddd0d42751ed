with service_weeks as (
    select
        *,
        -- The share is of comments that have a sentiment: it would tell a small number of others.
        negative_reason is not null or {{ is_small('without_sentiment_count') }} as is_negative_share_hidden,
        positive_reason is not null or {{ is_small('without_sentiment_count') }} as is_positive_share_hidden
    from {{ ref('int_service_weeks_suppressed') }}
),

described as (
    select
        ---------- ids
        service_id,
        trust_code,
        week_date,

        ---------- exact counts, for the analyst's desk
        response_count,
        comment_count,
        voice_count,
        negative_count,
        vader_negative_count,
        neutral_count,
        positive_count,
        other_language_count,
        without_sentiment_count,
        former_version_count,
        fft_1_count,
        fft_2_count,
        fft_3_count,
        fft_4_count,
        fft_5_count,
        fft_dont_know_count,
        fft_unknown_count,
        negative_under_best_scores_count,
        scored_negative_count,
        copy_count,
        not_about_care_count,
        reshare_count,

        ---------- exact shares
        {{ share('negative_count', 'scored_comment_count') }} as negative_share,
        {{ wilson_low('negative_count', 'scored_comment_count') }} as negative_share_low,
        {{ wilson_high('negative_count', 'scored_comment_count') }} as negative_share_high,
        {{ share('positive_count', 'scored_comment_count') }} as positive_share,
        {{ wilson_low('positive_count', 'scored_comment_count') }} as positive_share_low,
        {{ wilson_high('positive_count', 'scored_comment_count') }} as positive_share_high,
        {{ share('recommending_count', 'scored_response_count') }} as fft_recommend_share,
        {{ share('vader_negative_count', 'scored_comment_count') }} as vader_negative_share,
        mean_compound,

        ---------- labels: what may leave the analyst's desk
        {{ count_label('comment_count', 'comment_reason') }} as comment_count_label,
        {{ count_label('response_count', 'response_reason') }} as response_count_label,
        {{ count_label('voice_count', 'voice_reason') }} as voice_count_label,
        {{ count_label('negative_count', 'negative_reason') }} as negative_count_label,
        {{ count_label('neutral_count', 'neutral_reason') }} as neutral_count_label,
        {{ count_label('positive_count', 'positive_reason') }} as positive_count_label,
        {{ share_label('negative_count', 'scored_comment_count', 'is_negative_share_hidden') }} as negative_share_label,
        {{ share_label('positive_count', 'scored_comment_count', 'is_positive_share_hidden') }} as positive_share_label,
        {{ share_label('recommending_count', 'scored_response_count', 'response_reason is not null') }}
            as fft_recommend_share_label,
        {{ share_label('negative_under_best_scores_count', 'scored_negative_count', 'negative_reason is not null') }}
            as negative_under_best_scores_share_label,

        ---------- booleans
        coalesce(comment_reason, response_reason, voice_reason, negative_reason, neutral_reason, positive_reason)
        is not null as is_suppressed,

        ---------- why
        -- 'small_number' where any of them says so: it comes after 'secondary' in the alphabet.
        greatest(comment_reason, response_reason, voice_reason, negative_reason, neutral_reason, positive_reason)
            as suppression_reason
    from service_weeks
)

select * from described
