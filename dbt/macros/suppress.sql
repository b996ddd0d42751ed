{#-
    Disclosure control, the only place where a number is hidden. Rule of NHS England's Friends and Family Test
    publication: counts of 1 to 4 are hidden, and where one hidden figure could be worked out from a total, the
    next-lowest sibling is hidden too. Two additions close what that rule leaves open: where the hidden counts of a family
    add up to their least (each must be 1) or to their most (each must be 4), a further sibling is hidden.

    suppress() returns a select: every column of `relation`, and `reason_column`, which is 'small_number', 'secondary' or
    null (may be shown).
        family         columns that name a family of siblings, whose total a reader may know
        cell           column that names a sibling; it breaks ties
        count          the column of counts; null counts are nobody's sibling
        also_hidden    a condition under which a count is hidden for a reason of its own (a smaller count is behind it)

    Zeros are shown: nobody stands behind a zero. One is hidden only as a last resort, where no other sibling can keep
    a figure from being worked out. A published total has to obey the rule itself: one below 5 is hidden as well.
-#}
{% macro suppress(relation, family, cell, count, reason_column, also_hidden='false') %}
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
                        or (_hidden_cells > 1 and _hidden_sum in (_hidden_cells, 4 * _hidden_cells))
                    )
                    and ({{ count }} > 0 or _hidden_sum > 4)
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
                    coalesce({{ count }} between 1 and 4, false) as _is_small,
                    coalesce({{ count }} between 1 and 4 or ({{ also_hidden }}), false) as _is_hidden,
                    {{ count }} is not null and not coalesce({{ count }} between 1 and 4 or ({{ also_hidden }}), false) as _is_open
                from {{ relation }}
            ) as _sized
            window family as (partition by {{ family | join(', ') }})
        ) as _ranked
    ) as _judged
{% endmacro %}

{#- What may be shown of a count: '*' where there is a reason to hide it, null where it is not known. -#}
{% macro count_label(count, reason) -%}
    case when {{ reason }} is not null then '*' else {{ count }}::varchar end
{%- endmacro %}

{#-
    What may be shown of a share, in whole per cent: '*' whenever numerator or denominator is hidden or is 1 to 4, or the
    complement is 1 to 4 (it could be worked out). Null where there is nothing to share.
-#}
{% macro share_label(numerator, denominator, hidden_when) -%}
    case
        when coalesce({{ denominator }}, 0) = 0 then null
        when
            {{ hidden_when }}
            or {{ numerator }} between 1 and 4
            or {{ denominator }} between 1 and 4
            or {{ denominator }} - {{ numerator }} between 1 and 4
            then '*'
        else round(100.0 * {{ numerator }} / {{ denominator }})::integer || ' %'
    end
{%- endmacro %}
