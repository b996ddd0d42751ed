with batches as (
    select * from {{ ref('stg_ops__batches') }}
),

reasons as (
    select
        batches.source_code,
        batches.logical_date,
        quarantine.reason_code,
        sum(quarantine.row_count)::integer as row_count
    from {{ ref('stg_ops__quarantine') }} as quarantine
    inner join batches on quarantine.batch_id = batches.batch_id
    group by batches.source_code, batches.logical_date, quarantine.reason_code
),

reasons_listed as (
    select
        source_code,
        logical_date,
        string_agg(reason_code || ': ' || row_count, '; ' order by row_count desc, reason_code asc)
            as quarantine_reasons
    from reasons
    group by source_code, logical_date
),

-- A live conversation is collected on days on which nothing else may have been.
asked as (
    select
        source_code,
        logical_date,
        bool_and({{ is_conversation_query('query_id') }}) as is_of_conversations_alone
    from {{ ref('stg_ops__query_runs') }}
    group by source_code, logical_date
),

days as (
    select
        ---------- ids
        source_code,
        logical_date,

        ---------- numerics
        count(*)::integer as batch_count,
        {% for count in [
            'in', 'loaded', 'updated', 'unchanged', 'no_answer', 'quarantined', 'erased', 'reshared', 'refused',
        ] %}
            sum(rows_{{ count }})::integer as rows_{{ count }},
        {% endfor %}

        ---------- dates
        min(first_posted_date) as first_posted_date,
        max(last_posted_date) as last_posted_date
    from batches
    group by source_code, logical_date
)

select
    days.*,
    coalesce(asked.is_of_conversations_alone, false) as is_of_conversations_alone,
    reasons_listed.quarantine_reasons
from days
left join asked on days.source_code = asked.source_code and days.logical_date = asked.logical_date
left join reasons_listed
    on days.source_code = reasons_listed.source_code and days.logical_date = reasons_listed.logical_date
