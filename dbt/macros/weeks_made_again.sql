{#-
    Incremental models of a service's weeks: an incremental run makes again the weeks of which any row that they are
    counted from has changed, and takes away those that have none any more. `made_from` says what a week was made from:
    a fingerprint of those rows, whatever their order. It is found of all weeks on every run, from few
    columns, which takes a tenth of the time that counting takes; no time and no list of changes can be forgotten.
    rows: the relation that is counted. columns: all that is read of it, as a list of expressions. others: what else
    decides, as an expression.
-#}
{% macro weeks_to_be_made(rows, columns, others) -%}
    select
        service_id,
        week_date,
        md5(concat_ws('|', count(*), sum(hash({{ columns | join(', ') }})::hugeint), {{ others }})) as made_from
    from {{ rows }}
    group by service_id, week_date
{%- endmacro %}

{#- Before a run: takes away what is to be made again, and what is not there any more. -#}
{% macro delete_weeks_made_otherwise(built, to_be_made) -%}
    {% if is_incremental() -%}
        delete from {{ built }}
        where (service_id, week_date, made_from) not in (
            select (weeks.service_id, weeks.week_date, weeks.made_from)
            from ({{ to_be_made }}) as weeks
        )
    {%- endif %}
{%- endmacro %}

{#- Within a run: the weeks that are not there. -#}
{% macro weeks_not_made(built, to_be_made) -%}
    select * from ({{ to_be_made }}) as weeks
    {% if is_incremental() -%}
        where (weeks.service_id, weeks.week_date) not in (
            select (made.service_id, made.week_date)
            from {{ built }} as made
        )
    {%- endif %}
{%- endmacro %}
