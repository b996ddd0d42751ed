{%- set measures = ['unlabelled_share', 'mean_probability', 'mean_unknown_word_share'] -%}
{%- set errors = ['unlabelled_error', 'probability_error', 'unknown_word_error'] -%}
{%- set labels = ['positive', 'neutral', 'negative'] -%}

with counted as (
    select
        weeks.*,
        {{ share('weeks.unlabelled_count', 'weeks.comment_count') }} as unlabelled_share,
        sqrt(unlabelled_share * (1 - unlabelled_share) / weeks.comment_count) as unlabelled_error,
        {% for label in labels %}
            {{ share('weeks.' ~ label ~ '_count', 'weeks.comment_count') }} as {{ label }}_share,
        {% endfor %}
        calendar.is_complete and weeks.comment_count >= {{ var('drift_week_comments') }} as is_large_enough
    from {{ ref('int_model_weeks_counted') }} as weeks
    inner join {{ ref('dim_weeks') }} as calendar on weeks.week_date = calendar.week_date
),

-- Each week beside those before it that are large enough themselves.
compared as (
    select
        *,
        count(*) filter (where is_large_enough) over earlier as usual_week_count,
        {% for measure in measures %}
            median({{ measure }}) filter (where is_large_enough) over earlier as usual_{{ measure }},
            mad({{ measure }}) filter (where is_large_enough) over earlier as {{ measure }}_spread,
        {% endfor %}
    {% for label in labels %}
        sum({{ label }}_count) filter (where is_large_enough) over earlier
        / sum(comment_count) filter (where is_large_enough) over earlier
            as usual_{{ label }}_share{{ ',' if not loop.last }}
    {% endfor %}
    from counted
    window earlier as (
        partition by series_id order by week_date
        range between interval {{ 7 * var('drift_weeks') }} day preceding and interval 7 day preceding
    )
),

judged as (
    select
        *,
        is_large_enough and usual_week_count >= {{ var('drift_least_weeks') }} as is_judged,
    {% for measure in measures %}
        {{ measure }} - usual_{{ measure }} as {{ measure }}_change,
        -- 1.4826 makes of the median absolute deviation a standard deviation. What chance alone does is no jump.
        {{ measure }}_change
        / nullif(greatest(1.4826 * {{ measure }}_spread, coalesce({{ errors[loop.index0] }}, 0)), 0)
            as {{ measure }}_score{{ ',' if not loop.last }}
    {% endfor %}
    from compared
),

reference as (
    select
        any_value(shown_share) filter (where sentiment_label = 'positive') as positive_share,
        any_value(shown_share) filter (where sentiment_label = 'neutral') as neutral_share,
        any_value(shown_share) filter (where sentiment_label = 'negative') as negative_share
    from {{ ref('stg_understanding__label_reference') }}
),

described as (
    select
        ---------- ids
        judged.series_id,
        judged.source_code,
        judged.service_id,
        judged.week_date,
        judged.model_version,

        ---------- numerics
        judged.comment_count::integer as comment_count,
        {% for measure in measures %}
            judged.{{ measure }},
        {% endfor %}
        {% for label in labels %}
            judged.{{ label }}_share,
        {% endfor %}
        {% for label in labels %}
            reference.{{ label }}_share as reference_{{ label }}_share,
        {% endfor %}
        round((
            abs(judged.positive_share - reference.positive_share)
            + abs(judged.neutral_share - reference.neutral_share)
            + abs(judged.negative_share - reference.negative_share)
        ) / 2, 6) as reference_label_distance,
        round((
            abs(judged.positive_share - judged.usual_positive_share)
            + abs(judged.neutral_share - judged.usual_neutral_share)
            + abs(judged.negative_share - judged.usual_negative_share)
        ) / 2, 6) as usual_label_distance,
        judged.usual_week_count::integer as usual_week_count,
        {% for measure in measures %}
            judged.usual_{{ measure }},
        {% endfor %}
        {% for measure in measures %}
            case when judged.is_judged then round(judged.{{ measure }}_score, 2) end as {{ measure }}_score,
        {% endfor %}

        ---------- booleans
        judged.is_judged,
    {% for measure in measures %}
        coalesce(
            judged.is_judged
            and abs(judged.{{ measure }}_change) >= {{ var('drift_least_change') }}
            -- Without a score neither chance nor the weeks before vary: then any such change is a jump.
            and (judged.{{ measure }}_score is null or abs(judged.{{ measure }}_score) > {{ var('drift_limit') }}),
            false
        ) as {{ measure | replace('mean_', '') | replace('_share', '') }}_jumps{{ ',' if not loop.last }}
    {% endfor %}
    from judged
    cross join reference
)

select * from described
