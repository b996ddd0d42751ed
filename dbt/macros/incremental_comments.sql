{#-
    What an incremental run of a comment-level model has to make again. Timestamps say which comments, scores
    and annotations are new; `rules_version` says whether a model version or a reference table has changed, which touches all.
    What a comment is among others (a copy, the first of several, reposted, about a service that its words name) can
    change while the comment itself does not, and what people coded may be taken back: there, what was made is compared
    with what is found now.
    Ids are found first, on narrow columns, so that the text of the whole history is not read on every run.
    dbt sees a ref() only where it is called while parsing: hence outside `if is_incremental()`, here and in the models.
-#}
{% macro comment_ids_changed_since(built) -%}
    {%- set last_change -%}
        (select coalesce(max(made.updated_at), timestamptz '-infinity') from {{ built }} as made)
    {%- endset -%}
    select comments.comment_id
    from {{ ref('int_comments_listed') }} as comments
    where
        comments.updated_at > {{ last_change }}
        {% for task, figures, made_at in [
            ('sentiment', 'stg_understanding__sentiments', 'scored_at'),
            ('annotations', 'stg_understanding__annotations', 'annotated_at'),
            ('relevance', 'stg_understanding__relevance', 'judged_at'),
        ] %}
            or comments.text_id in ({{ texts_read_since(task, figures, made_at, last_change) }})
        {% endfor %}
        or exists (
            select 1
            from {{ built }} as made
            where not starts_with(
                made.rules_version, (select rules.rules_version from {{ ref('int_rules_versioned') }} as rules)
            )
        )
    union
    select coalesce(made.comment_id, copies.comment_id) as comment_id
    from (select * from {{ built }} as found where found.copy_group_id is not null) as made
    full outer join {{ ref('int_copies_found') }} as copies on made.comment_id = copies.comment_id
    where
        made.copy_group_id is distinct from copies.copy_group_id
        or made.is_copy != copies.is_copy
        or (made.is_counted and made.copy_count != copies.further_copy_count)
    union
    select coalesce(made.comment_id, reshares.comment_id) as comment_id
    from (select * from {{ built }} as found where found.reshare_count > 0) as made
    full outer join {{ ref('int_reshares_counted') }} as reshares on made.comment_id = reshares.comment_id
    where made.reshare_count is distinct from reshares.reshare_count
    union
    select coalesce(made.comment_id, codes.comment_id) as comment_id
    from (select * from {{ built }} as found where found.human_coded_at is not null) as made
    full outer join {{ ref('stg_understanding__human_codes') }} as codes on made.comment_id = codes.comment_id
    where made.human_coded_at is distinct from codes.human_coded_at
    union
    {{ comment_ids_named_otherwise(built) }}
{%- endmacro %}

{#- Comments that a table says to name another service than they are found to name now. -#}
{% macro comment_ids_named_otherwise(built) -%}
    select coalesce(made.comment_id, named.comment_id) as comment_id
    from (
        select * from {{ built }} as found
        where found.attributed_by in ('account', 'hashtag', 'site_code', 'text') or found.is_ambiguous
    ) as made
    full outer join {{ ref('int_services_named') }} as named on made.comment_id = named.comment_id
    where
        made.is_ambiguous is distinct from named.is_ambiguous
        or (not named.is_ambiguous and (made.service_id != named.service_id or made.attributed_by != named.said_by))
{%- endmacro %}

{#-
    Comments that stand in a list otherwise than they are loaded: first it is looked in which parts of the ids these are,
    because to compare all of a long history takes several times as long.
-#}
{% macro comment_ids_loaded_otherwise(built) -%}
    {%- set part = 'hash(comment_id) % 16384' -%}
    {%- set loaded = ref('stg_raw__comments') -%}
    {%- set parts_that_differ -%}
        select coalesce(listed.part, loaded.part) as part
        from (
            select {{ part }} as part, count(*) as row_count, sum(hash(comment_id, updated_at)::hugeint) as row_hash
            from {{ built }}
            group by all
        ) as listed
        full outer join (
            select {{ part }} as part, count(*) as row_count, sum(hash(comment_id, updated_at)::hugeint) as row_hash
            from {{ loaded }}
            group by all
        ) as loaded on listed.part = loaded.part
        where (listed.row_count, listed.row_hash) is distinct from (loaded.row_count, loaded.row_hash)
    {%- endset -%}
    select coalesce(listed.comment_id, loaded.comment_id) as comment_id
    from (select * from {{ built }} where {{ part }} in ({{ parts_that_differ }})) as listed
    full outer join (select * from {{ loaded }} where {{ part }} in ({{ parts_that_differ }})) as loaded
        on listed.comment_id = loaded.comment_id
    where listed.updated_at is distinct from loaded.updated_at
{%- endmacro %}

{#- Before a run: what is loaded, placed or named otherwise leaves the list. -#}
{% macro delete_comments_listed_otherwise(built) -%}
    {%- set otherwise -%}
        {{ comment_ids_loaded_otherwise(built) }}
        union all
        {{ comment_ids_named_otherwise(built) }}
    {%- endset -%}
    {%- set rules = ref('int_rules_versioned') -%}
    {% if is_incremental() -%}
        delete from {{ built }}
        where
            comment_id in ({{ otherwise }})
            or rules_version != (select rules.rules_version from {{ rules }} as rules)
    {%- endif %}
{%- endmacro %}

{#- Within the run: what is loaded and not in the list. -#}
{% macro comment_ids_not_listed(built) -%}
    select loaded.comment_id
    from {{ ref('stg_raw__comments') }} as loaded
    where loaded.comment_id not in (select listed.comment_id from {{ built }} as listed)
{%- endmacro %}

{#-
    The version of a row: that of the rules, and for a comment that does not stand alone, or that people coded, a
    fingerprint of where it stands among others and of when it was coded: codes that are taken back leave no later time. Whoever keeps rows by comment, time and version (the themes, the last publication) then sees a change
    that the comment's own times do not tell.
-#}
{% macro version_of_row(rules_version) -%}
    case
        when
            copy_group_id is null and reshare_count = 0 and attributed_by in ('source', 'place')
            and human_coded_at is null
            then {{ rules_version }}
        else
            {{ rules_version }} || '-' || left(
                md5(
                    concat_ws(
                        '|', service_id, attributed_by, is_ambiguous, copy_group_id, copy_count, reshare_count,
                        epoch_us(human_coded_at)
                    )
                ),
                8
            )
    end
{%- endmacro %}

{#- Erased comments, and those whose text a corrected file took away, leave the mart before new ones come in. -#}
{% macro delete_comments_gone_from(built) -%}
    {%- set comments = ref('int_comments_listed') -%}
    {% if is_incremental() -%}
        delete from {{ built }}
        where comment_id not in (
            select comments.comment_id
            from {{ comments }} as comments
            where comments.text_id is not null
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
