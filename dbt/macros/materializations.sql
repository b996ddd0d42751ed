{#-
    Tables and views are put in the place of the former ones by one statement, with the comments on them. dbt-duckdb makes each
    beside it, renames both and drops the former one: six statements, each with a context of its own in dbt, which cost more than
    most of our queries. Within the one transaction of a node a reader sees either the former table or the new one, as there.
-#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set is_python = model['language'] == 'python' -%}
    {{ run_hooks(pre_hooks) }}
    {%- if not is_python -%}
        {{ drop_former(target) }}
    {%- endif -%}
    {%- call statement('main', language=model['language']) -%}
        {%- if is_python -%}
            {{ python_table(target, compiled_code) }}
        {%- else -%}
            {%- if config.get('contract').enforced -%}
                {{ get_assert_columns_equivalent(compiled_code) }}
                create or replace table {{ target }} {{ get_table_columns_and_constraints() }};
                insert into {{ target }} {{ get_column_names() }} ({{ get_select_subquery(compiled_code) }});
            {%- else -%}
                create or replace table {{ target }} as ({{ compiled_code }});
            {%- endif -%}
            {{ comments_on(target) }}
        {%- endif -%}
    {%- endcall -%}
    {%- if is_python and comments_on(target) | trim -%}
        {%- do run_query(comments_on(target)) -%}
    {%- endif -%}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set target = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks) }}
    {{ drop_former(target) }}
    {%- call statement('main') -%}
        create or replace view {{ target }} as ({{ sql }});
        {{ comments_on(target) }}
    {%- endcall -%}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- A view that is to be a table, or the other way round, cannot be replaced. -#}
{% macro drop_former(target) -%}
    {%- if former_to_drop(target) | trim -%}
        {%- call statement('drop_former') -%}
            {{ former_to_drop(target) }}
        {%- endcall -%}
    {%- endif -%}
{%- endmacro %}

{% macro former_to_drop(target) -%}
    {%- set former = load_cached_relation(target) -%}
    {%- if former is not none and former.type != target.type -%}
        drop {{ former.type }} {{ former }} cascade
    {%- endif -%}
{%- endmacro %}

{#-
    A Python model, and what dbt-duckdb calls with the table that it returns, on a connection of its own: what was dropped
    on another one, and is not committed there, would still stand in the way on this one.
-#}
{% macro python_table(target, compiled_code) -%}
{{ compiled_code }}


def materialize(table, connection):
    connection.register("returned", table)
    connection.begin()
    connection.execute("""{{ former_to_drop(target) }}""")
    connection.execute("""create or replace table {{ target }} as select * from returned""")
    connection.commit()
    connection.unregister("returned")
{%- endmacro %}

{#- What the documentation says of a table, and of the columns of one with a contract, for whoever opens the file. -#}
{% macro comments_on(target) -%}
    {%- if config.persist_relation_docs() and model.description -%}
        comment on {{ target.type }} {{ target }} is {{ duckdb_escape_comment(model.description) }};
    {%- endif -%}
    {%- if config.persist_column_docs() -%}
        {%- for column in model.columns.values() if column.description %}
            comment on column {{ target }}.{{ column.name }} is {{ duckdb_escape_comment(column.description) }};
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
