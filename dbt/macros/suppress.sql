{#-
    Disclosure control, the only place where a number is hidden. Rule of NHS England's Friends and Family Test
    publication: counts of 1 to 4 (the variable largest_hidden_count) are hidden, and where one hidden figure could be worked out from a total, the
    next-lowest sibling is hidden too. Two additions close what that rule leaves open: where the hidden counts of a family
    add up to their least (each must be 1) or to their most (each must be the largest that is hidden), a further sibling is hidden.

    suppress() returns a select: every column of `relation`, and `reason_column`, which is 'small_number', 'secondary' or
    null (may be shown).
        family         columns that name a family of siblings, whose total a reader may know
        cell           column that names a sibling; it breaks ties
        count          the column of counts; null counts are nobody's sibling
        also_hidden    a condition under which a count is hidden for a reason of its own (a smaller count is behind it)
        spared         a condition under which a count is never hidden to keep another company (it is known anyway)

    Zeros are shown: nobody stands behind a zero. One is hidden only as a last resort, where no other sibling can keep
    a figure from being worked out. A published total has to obey the rule itself: a small one is hidden as well.

    suppress_hierarchy(), below, carries the rule through services, weeks and months.
-#}
{% macro suppress(relation, family, cell, count, reason_column, also_hidden='false', spared='false') %}
    select * exclude (_is_small, _is_hidden, _is_open, _hidden_cells, _hidden_sum, _open_place)
    from (
        select
            *,
            case
                when _is_small then 'small_number'
                when _is_hidden then 'secondary'
                when
                    _is_open and _open_place = 1
                    and (
                        (_hidden_cells = 1 and _hidden_sum > 0)
                        or (_hidden_cells > 1 and _hidden_sum in (_hidden_cells, {{ var('largest_hidden_count') }} * _hidden_cells))
                    )
                    and ({{ count }} > 0 or _hidden_sum > {{ var('largest_hidden_count') }})
                    then 'secondary'
            end as {{ reason_column }}
        from (
            select
                *,
                count_if(_is_hidden) over family as _hidden_cells,
                coalesce(sum({{ count }}) filter (where _is_hidden) over family, 0) as _hidden_sum,
                row_number() over (
                    partition by {{ family | join(', ') }}, _is_open
                    order by ({{ count }} = 0)::integer, {{ count }}, {{ cell }}
                ) as _open_place
            from (
                select
                    *,
                    coalesce({{ is_small(count) }}, false) as _is_small,
                    coalesce({{ is_small(count) }} or ({{ also_hidden }}), false) as _is_hidden,
                    {{ count }} is not null
                    and not coalesce({{ is_small(count) }} or ({{ also_hidden }}) or ({{ spared }}), false) as _is_open
                from {{ relation }}
            ) as _sized
            window family as (partition by {{ family | join(', ') }})
        ) as _ranked
    ) as _judged
{% endmacro %}

{#-
    The same rule for a table of counts by service and week whose sums are published too: a trust's weeks (over services),
    a service's months (over weeks) and a trust's months (over both). `relation` has one row per service, week and
    whatever else `split_by` names (such as a theme): trust_code, service_id, month_code, week_date, and the columns of
    the arguments. Services are nested in trusts, weeks in months. docs/adr/0008-two-products.md has the argument why nothing
    that is hidden can be worked out; tests/dbt/test_public_disclosure.py attacks it.

        name       prefix of the columns that are added: <name>_week_hidden, <name>_month_hidden,
                   <name>_trust_week_hidden, <name>_trust_month_hidden (booleans)
        count      the count to judge
        ceiling    what it is a part of (the service-week's comments; null where it is not a part): the rest counts too
        within     prefix of the columns of an earlier judgement of the ceiling: no part is shown of a hidden whole
    and as `options`
        unsafe     a further condition under which a week's figure must not be shown
        people     a count of people behind the comments; where it is small, the count is hidden
        label_hidden   a condition: the weekly label, which reports show, is hidden. Months and totals must not undo that

    The rule:
    1. A service's month is hidden where the count or its rest is small, and the next-lowest service's month with it
       where the trust's month would give it away. Where no service can do that, the trust's month is hidden.
    2. The weeks of a service's month are shown together or not at all: not at all where one of them is too small to
       show, or where the month is hidden. Zeros that follow from a shown figure are shown.
       In a month with a single week, the week is what the month is.
    3. The weeks of a trust's month are shown where no service's weeks are hidden, or where at least two services whose
       weeks are hidden have comments (and a rest) in every week. Next-lowest services are hidden to make two.
-#}
{% macro suppress_hierarchy(relation, name, count, ceiling='null::integer', within=[], split_by=[], options={}) %}
{%- set unsafe = options.get('unsafe', 'false') -%}
{%- set people = options.get('people', 'null::integer') -%}
{%- set label_hidden = options.get('label_hidden', 'null::boolean') -%}
{%- set block = (['trust_code'] + split_by + ['month_code']) | join(', ') -%}
{%- set unit = block ~ ', service_id' -%}
    with hierarchy_cells as (
        select
            *,
            {{ count }} as _part,
            {{ ceiling }} as _whole,
            {{ _is_any_small([count, ceiling ~ ' - ' ~ count, people]) }}
            or coalesce({{ unsafe }}, false) as _is_unsafe,
            {{ count }} > 0 and coalesce({{ ceiling }} - {{ count }} > 0, true) as _is_inside,
            {{ _none_hidden(within, 'week') }} as _is_whole_week_shown,
            {{ _none_hidden(within, 'month') }} as _is_whole_month_shown,
            {{ _none_hidden(within, 'trust_week') }} as _is_whole_trust_week_shown,
            {{ _none_hidden(within, 'trust_month') }} as _is_whole_trust_month_shown,
            coalesce({{ label_hidden }}, false) as _is_label_hidden
        from {{ relation }}
    ),

    hierarchy_units as (
        select
            {{ unit }},
            sum(_part)::integer as _part,
            sum(_whole)::integer as _whole,
            sum({{ people }})::integer as _people,
            bool_or(_is_unsafe) as _has_unsafe_week,
            bool_and(_is_inside) as _is_inside,
            bool_and(_is_whole_week_shown) as _is_whole_open,
            bool_and(_is_whole_month_shown) as _is_whole_month_shown,
            bool_and(_is_whole_trust_month_shown) as _is_whole_trust_month_shown,
            count(*) as _weeks,
            -- One hidden label, or several that must all be 1, could be worked out from the month.
            count_if(_is_label_hidden) != 1
            and coalesce(
                sum(_part) filter (where _is_label_hidden) > count_if(_is_label_hidden), true
            ) as _keeps_labels_hidden
        from hierarchy_cells
        group by {{ unit }}
    ),

    hierarchy_months as (
        {{ suppress(
            'hierarchy_units', ['trust_code'] + split_by + ['month_code'], 'service_id', '_part', '_month_reason',
            also_hidden='_part > 0 and (' ~ _is_any_small(['_whole - _part', '_people'])
            ~ ' or not _is_whole_month_shown or (not _is_whole_open and _part = _whole)'
            ~ ' or (_has_unsafe_week and not _keeps_labels_hidden))',
            spared='_part = 0 or _part = _whole'
        ) }}
    ),

    hierarchy_pools as (
        select
            *,
            _part > 0 and (_has_unsafe_week or not _is_whole_open or _month_reason is not null) as _is_closed,
            _is_inside and _weeks = max(_weeks) over block as _is_company,
            sum(_part) over block as _trust_part,
            sum(_whole) over block as _trust_whole,
            count(_month_reason) over block as _hidden_months,
            sum(_part) filter (where _month_reason is not null) over block as _hidden_part,
            sum(_whole - _part) filter (where _month_reason is not null) over block as _hidden_rest,
            bool_and(_is_whole_month_shown) filter (where _month_reason is not null) over block as _is_rest_known
        from hierarchy_months
        window block as (partition by {{ block }})
    ),

    hierarchy_weeks as (
        select
            {{ block }},
            week_date,
            -- Beside a hidden whole, a part is shown where it leaves the whole open: it cannot be less than its part.
            {{ _is_any_small(['sum(_part)', 'sum(_whole - _part)']) }}
            or (not bool_and(_is_whole_trust_week_shown) and sum(_whole - _part) <= {{ var('largest_hidden_count') }}) as _is_unsafe
        from hierarchy_cells
        group by {{ block }}, week_date
    ),

    hierarchy_blocks as (
        select
            {{ block }},
            count(*) as _block_weeks,
            not bool_or(_is_unsafe) as _may_show_weeks
        from hierarchy_weeks
        group by {{ block }}
    ),

    hierarchy_companies as (
        select
            pools.*,
            blocks._may_show_weeks,
            blocks._block_weeks,
            pools._is_company and pools._weeks = blocks._block_weeks as _is_company_always,
            _trust_part > 0
            and (
                not _is_whole_trust_month_shown
                or {{ _is_any_small(['_trust_part', '_trust_whole - _trust_part']) }}
                or (
                    _hidden_months > 0
                    and (
                        _hidden_months = 1
                        or _hidden_part <= _hidden_months
                        or coalesce(_is_rest_known and _hidden_rest <= _hidden_months, false)
                    )
                )
            ) as _is_trust_month_hidden
        from hierarchy_pools as pools
        inner join hierarchy_blocks as blocks using ({{ block }})
    ),

    hierarchy_counted as (
        select
            *,
            count_if(_is_closed) over block as _closed_units,
            count_if(_is_closed and _is_company_always) over block as _companies,
            count_if(not _is_closed and _is_company_always and _keeps_labels_hidden) over block as _candidates,
            row_number() over (
                partition by {{ block }}, not _is_closed and _is_company_always and _keeps_labels_hidden
                order by _part, service_id
            ) as _place
        from hierarchy_companies
        window block as (partition by {{ block }})
    ),

    hierarchy_closed as (
        select
            *,
            _may_show_weeks and not _is_trust_month_hidden and (_closed_units = 0 or _companies + _candidates >= 2)
                as _are_trust_weeks_shown,
            _is_closed
            or (
                _may_show_weeks and not _is_trust_month_hidden and _closed_units > 0 and _companies < 2
                and _companies + _candidates >= 2
                and _is_company_always and _keeps_labels_hidden and _place <= 2 - _companies
            ) as _are_weeks_hidden
        from hierarchy_counted
    ),

    hierarchy_judged as (
        select
            cells.* exclude (_part, _whole, _is_unsafe, _is_inside),
            cells._part,
            cells._whole,
            -- The only week of a month is the month.
            case
                when closed._block_weeks = 1 then closed._month_reason is not null
                else closed._are_weeks_hidden and not coalesce(cells._whole = 0 and cells._is_whole_week_shown, false)
            end as _is_week_hidden,
            closed._block_weeks,
            -- Where all of a trust's month is of the part, the part's weeks are those of the whole.
            coalesce(closed._trust_part = closed._trust_whole, false) and not closed._is_trust_month_hidden
            and bool_and(cells._is_whole_trust_week_shown) over (partition by {{ block }}) as _is_all_of_it,
            closed._month_reason is not null as _is_month_hidden,
            closed._is_trust_month_hidden,
            closed._are_trust_weeks_shown
        from hierarchy_cells as cells
        inner join hierarchy_closed as closed using ({{ unit }})
    ),

    hierarchy_weighed as (
        select
            *,
            count_if(_is_week_hidden) over trust_week as _hidden_weeks,
            sum(_part) over trust_week as _trust_week_part,
            -- One hidden label, or several that must all be 1, could be worked out from the trust's week.
            count_if(_is_week_hidden and _is_label_hidden) over trust_week = 1
            or coalesce(
                sum(_part) filter (where _is_week_hidden and _is_label_hidden) over trust_week
                <= count_if(_is_week_hidden and _is_label_hidden) over trust_week, false
            ) as _would_tell
        from hierarchy_judged
        window trust_week as (partition by {{ block }}, week_date)
    ),

    hierarchy_told as (
        select
            *,
            count(distinct week_date) filter (where _would_tell) over (partition by {{ block }}) as _telling_weeks,
            dense_rank() over (
                partition by {{ block }}
                order by _would_tell desc, (_hidden_weeks > 0) desc, _trust_week_part, week_date
            ) as _week_place
        from hierarchy_weighed
    )

    select
        * exclude (
            _part, _whole, _is_whole_week_shown, _is_whole_month_shown, _is_whole_trust_week_shown,
            _is_whole_trust_month_shown, _is_label_hidden, _is_week_hidden, _is_month_hidden, _is_trust_month_hidden,
            _are_trust_weeks_shown, _block_weeks, _is_all_of_it, _hidden_weeks, _trust_week_part, _would_tell, _telling_weeks, _week_place
        ),
        _is_week_hidden as {{ name }}_week_hidden,
        _is_month_hidden as {{ name }}_month_hidden,
        -- A single hidden week of the trust could be worked out from its month: the next-lowest keeps it company.
        case
            when _block_weeks = 1 then _is_trust_month_hidden
            when _is_all_of_it then false
            else
                _hidden_weeks > 0
                and (not _are_trust_weeks_shown or _would_tell or (_telling_weeks = 1 and _week_place = 2))
        end as {{ name }}_trust_week_hidden,
        _is_trust_month_hidden as {{ name }}_trust_month_hidden
    from hierarchy_told
{% endmacro %}

{#- Whether a count is too small to be shown. Nobody stands behind a nought. -#}
{% macro is_small(count) -%}
    {{ count }} between 1 and {{ var('largest_hidden_count') }}
{%- endmacro %}

{#- Whether the sum of so many hidden counts (<sum>_cells) tells one of them: it is small, or its least or its most. -#}
{% macro tells(sum) -%}
    coalesce(
        {{ sum }}_cells > 0
        and ({{ sum }} <= {{ var('largest_hidden_count') }} or {{ sum }} in ({{ sum }}_cells, {{ var('largest_hidden_count') }} * {{ sum }}_cells)),
        false
    )
{%- endmacro %}

{%- macro _is_any_small(counts) -%}
    ({% for count in counts %}coalesce({{ is_small(count) }}, false){{ ' or ' if not loop.last }}{% endfor %})
{%- endmacro %}

{%- macro _none_hidden(names, level) -%}
    ({% for name in names %}not {{ name }}_{{ level }}_hidden and {% endfor %}true)
{%- endmacro %}

{#- What is published of a count: null where it is hidden. -#}
{% macro unless_hidden(count, hidden) -%}
    case when not ({{ hidden }}) then {{ count }} end
{%- endmacro %}

{#- What may be shown of a count: '*' where there is a reason to hide it, null where it is not known. -#}
{% macro count_label(count, reason) -%}
    case when {{ reason }} is not null then '*' else {{ count }}::varchar end
{%- endmacro %}

{#-
    What may be shown of a share, in whole per cent: '*' whenever numerator or denominator is hidden or small, or the
    complement is small (it could be worked out). Null where there is nothing to share.
-#}
{% macro share_label(numerator, denominator, hidden_when) -%}
    case
        when coalesce({{ denominator }}, 0) = 0 then null
        when
            {{ hidden_when }}
            or {{ is_small(numerator) }}
            or {{ is_small(denominator) }}
            or {{ is_small(denominator ~ ' - ' ~ numerator) }}
            then '*'
        else round(100.0 * {{ numerator }} / {{ denominator }})::integer || ' %'
    end
{%- endmacro %}
