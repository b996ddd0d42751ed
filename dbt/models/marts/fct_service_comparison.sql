{%- set is_hidden = is_small('counts.numerator_count') ~ ' or ' ~ is_small('counts.denominator_count') ~ ' or '
    ~ is_small('counts.denominator_count - counts.numerator_count') -%}

with counts as (
    select * from {{ ref('int_comparison_counts') }}
),

limits as (
    select * from {{ ref('int_comparison_limits') }}
),

units as (
    select
        level_code,
        kind_label,
        unit_id,
        any_value(unit_label) as unit_label,
        any_value(trust_code) as trust_code,
        count(distinct service_id)::integer as service_count
    from {{ ref('int_comparison_units') }}
    group by level_code, kind_label, unit_id
),

-- The share that the sources of a kind would give with the mix of each: by whom it hears, and not by what they say.
of_kind as (
    select
        level_code,
        kind_label,
        source_code,
        {{ share('sum(negative_count)', 'sum(comment_count)') }} as negative_share
    from {{ ref('int_comparison_sources_counted') }}
    group by level_code, kind_label, source_code
),

mixes as (
    select
        mix.level_code,
        mix.kind_label,
        mix.unit_id,
        {{ share('sum(mix.comment_count * of_kind.negative_share)', 'sum(mix.comment_count)') }} as negative_share
    from {{ ref('int_comparison_sources_counted') }} as mix
    inner join of_kind
        on
            mix.level_code = of_kind.level_code
            and mix.kind_label = of_kind.kind_label
            and mix.source_code = of_kind.source_code
    group by mix.level_code, mix.kind_label, mix.unit_id
),

months as (
    select distinct
        first_month_code,
        last_month_code,
        month_count
    from {{ ref('int_comparison_months') }}
),

described as (
    select
        ---------- ids
        counts.level_code,
        counts.kind_label,
        counts.unit_id,
        counts.measure_code,
        counts.theme_code,
        units.trust_code,
        case when counts.level_code = 'service' then counts.unit_id end as service_id,

        ---------- strings
        units.unit_label,
        limits.not_compared_reason,
        limits.side_code,
        months.first_month_code,
        months.last_month_code,

        ---------- exact figures, for the analyst's desk
        months.month_count,
        units.service_count,
        counts.numerator_count,
        counts.denominator_count,
        {{ share('counts.numerator_count', 'counts.denominator_count') }} as measured_share,
        case when counts.measure_code = 'negative_share' then round(mixes.negative_share, 6) end as mix_expected_share,

        ---------- the funnel
        limits.compared_count,
        limits.centre_share,
        limits.between_variance,
        limits.deviate,
        limits.lower_near_limit,
        limits.upper_near_limit,
        limits.lower_limit,
        limits.upper_limit,

        ---------- labels: what may leave the analyst's desk
        {{ share_label('counts.numerator_count', 'counts.denominator_count', 'false') }} as measured_share_label,

        ---------- booleans
        coalesce(limits.is_beyond_near_limit, false) as is_beyond_near_limit,
        coalesce(limits.is_outside, false) as is_outside,
        {{ is_hidden }} as is_suppressed
    from counts
    inner join limits
        on
            counts.level_code = limits.level_code
            and counts.kind_label = limits.kind_label
            and counts.unit_id = limits.unit_id
            and counts.measure_code = limits.measure_code
            and counts.theme_code is not distinct from limits.theme_code
    inner join units
        on
            counts.level_code = units.level_code
            and counts.kind_label = units.kind_label
            and counts.unit_id = units.unit_id
    inner join mixes
        on
            counts.level_code = mixes.level_code
            and counts.kind_label = mixes.kind_label
            and counts.unit_id = mixes.unit_id
    cross join months
)

select * from described
