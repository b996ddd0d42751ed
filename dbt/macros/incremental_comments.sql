{#-
    What an incremental run of a comment-level model has to make again. Timestamps say which comments, scores and
    codings are new; `rules_version` says whether a model version or a reference table has changed, which touches all.
    Ids are found first, on narrow columns, so that the text of the whole history is not read on every run.
    dbt sees a ref() only where it is called while parsing: hence outside `if is_incremental()`, here and in the models.
-#}
{% macro comment_ids_changed_since(built) -%}
    {%- set last_change -%}
        (select coalesce(max(made.updated_at), timestamptz '-infinity') from {{ built }} as made)
    {%- endset -%}
    select comments.comment_id
    from {{ ref('int_comments_attributed') }} as comments
    where
        comments.updated_at > {{ last_change }}
        or comments.text_id in (
            select sentiments.text_id
            from {{ ref('int_sentiments_current') }} as sentiments
            where sentiments.scored_at > {{ last_change }}
        )
        or comments.text_id in (
            select codings.text_id
            from {{ ref('int_theme_codings_current') }} as codings
            where codings.coded_at > {{ last_change }}
        )
        or exists (
            select 1
            from {{ built }} as made
            where made.rules_version != (select rules.rules_version from {{ ref('int_rules_versioned') }} as rules)
        )
{%- endmacro %}

{#- Erased comments, and those whose text a corrected file took away, leave the mart before new ones come in. -#}
{% macro delete_comments_gone_from(built) -%}
    {%- set answers = ref('stg_fft__answers') -%}
    {% if is_incremental() -%}
        delete from {{ built }}
        where comment_id not in (
            select answers.comment_id
            from {{ answers }} as answers
            where answers.text_id is not null
        )
    {%- endif %}
{%- endmacro %}

{#- The themes of a comment that was erased or made again leave; the model then adds those of comments without any. -#}
{% macro delete_mentions_of_changed_comments(built) -%}
    {%- set comments = ref('fct_comments') -%}
    {% if is_incremental() -%}
        delete from {{ built }}
        where (comment_id, updated_at, rules_version) not in (
            select (comments.comment_id, comments.updated_at, comments.rules_version)
            from {{ comments }} as comments
        )
    {%- endif %}
{%- endmacro %}
