{{ config(materialized='table') }}

-- Why it moved: the change of an alert's share, taken apart by source, question, score and service. What changed within
-- a part and what changed because the parts are mixed otherwise add up to the whole (Kitagawa 1955). By theme, a
-- negative comment counts in equal parts for the themes that it speaks of negatively.
with comments as (
    select * from {{ ref('int_alert_comments_gathered') }}
),

totals as (
    select
        alert_id,
        count_if(period_code = 'before') as before_count,
        count_if(period_code = 'episode') as episode_count,
        count_if(period_code = 'before' and is_negative) as before_negative_count,
        count_if(period_code = 'episode' and is_negative) as episode_negative_count,
        {{ share('before_negative_count', 'before_count') }} as before_share,
        {{ share('episode_negative_count', 'episode_count') }} as episode_share
    from comments
    group by alert_id
    having before_count > 0 and episode_count > 0
),

parts as (
    {% for dimension, part in [
        ('source', 'source_code'), ('question', "coalesce(question_type, 'none')"),
        ('score', "coalesce(fft_score::varchar, 'none')"), ('service', 'service_id'),
    ] %}
        select
            alert_id,
            '{{ dimension }}' as dimension_code,
            {{ part }} as part_code,
            count_if(period_code = 'before') as before_comment_count,
            count_if(period_code = 'episode') as episode_comment_count,
            count_if(period_code = 'before' and is_negative) as before_negative_count,
            count_if(period_code = 'episode' and is_negative) as episode_negative_count
        from comments
        group by alert_id, {{ part }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

rated as (
    select
        parts.*,
        totals.before_share,
        totals.episode_share,
        {{ share('parts.before_comment_count', 'totals.before_count') }} as before_weight,
        {{ share('parts.episode_comment_count', 'totals.episode_count') }} as episode_weight,
        -- Where a part is new, or gone, nothing changed within it.
        coalesce(
            {{ share('parts.before_negative_count', 'parts.before_comment_count') }},
            {{ share('parts.episode_negative_count', 'parts.episode_comment_count') }}
        ) as before_rate,
        coalesce(
            {{ share('parts.episode_negative_count', 'parts.episode_comment_count') }},
            {{ share('parts.before_negative_count', 'parts.before_comment_count') }}
        ) as episode_rate
    from parts
    inner join totals on parts.alert_id = totals.alert_id
),

measured as (
    select
        alert_id,
        dimension_code,
        part_code,
        before_comment_count,
        episode_comment_count,
        before_negative_count,
        episode_negative_count,
        before_share,
        episode_share,
        -- Rounded, because the last digits of a sum depend on the order of its rows.
        round((episode_rate - before_rate) * (before_weight + episode_weight) / 2, 12) as within_change,
        round(
            (episode_weight - before_weight)
            * ((before_rate + episode_rate) / 2 - (before_share + episode_share) / 2), 12
        ) as mix_change
    from rated
),

explained as (
    select
        measured.*,
        -- Of a change of a point at least, in the direction of the alert: of less there is nothing to explain.
        case
            when
                (measured.episode_share - measured.before_share)
                * case alerts.direction when 'concern' then 1 else -1 end >= 0.01
                then
                    sum(measured.mix_change) over (partition by measured.alert_id, measured.dimension_code)
                    / (measured.episode_share - measured.before_share)
        end as explained_share
    from measured
    inner join {{ ref('int_alerts_matched') }} as alerts on measured.alert_id = alerts.alert_id
    -- A dimension with one part only has nothing to say.
    qualify count(*) over (partition by measured.alert_id, measured.dimension_code) > 1
),

themes as (
    select
        comments.alert_id,
        comments.period_code,
        comments.comment_id,
        unnest(
            case
                when len(comments.negative_theme_codes) = 0 then ['none'] else comments.negative_theme_codes
            end
        ) as theme_code,
        1::double / greatest(len(comments.negative_theme_codes), 1) as weight
    from comments
    inner join {{ ref('int_alerts_matched') }} as alerts
        on comments.alert_id = alerts.alert_id and alerts.theme_code is null
    where comments.is_negative
),

theme_parts as (
    select
        themes.alert_id,
        'theme' as dimension_code,
        themes.theme_code as part_code,
        count_if(themes.period_code = 'before') as before_negative_count,
        count_if(themes.period_code = 'episode') as episode_negative_count,
        coalesce(sum(themes.weight) filter (where themes.period_code = 'before'), 0) as before_weight,
        coalesce(sum(themes.weight) filter (where themes.period_code = 'episode'), 0) as episode_weight
    from themes
    group by themes.alert_id, themes.theme_code
)

select
    alert_id,
    dimension_code,
    part_code,
    before_comment_count,
    episode_comment_count,
    before_negative_count,
    episode_negative_count,
    within_change,
    mix_change,
    explained_share
from explained
union all
select
    theme_parts.alert_id,
    theme_parts.dimension_code,
    theme_parts.part_code,
    totals.before_count as before_comment_count,
    totals.episode_count as episode_comment_count,
    theme_parts.before_negative_count,
    theme_parts.episode_negative_count,
    round(
        theme_parts.episode_weight / totals.episode_count - theme_parts.before_weight / totals.before_count, 12
    )::double as within_change,
    0::double as mix_change,
    null as explained_share
from theme_parts
inner join totals on theme_parts.alert_id = totals.alert_id
