-- Where charts and decisions begin anew, and why: for the notes beside a chart.
with rebases as (
    select * from {{ ref('int_rebases_dated') }}
),

described as (
    select
        ---------- ids
        service_id,
        measure_code,
        rebase_date,

        ---------- strings
        reason
    from rebases
)

select * from described
