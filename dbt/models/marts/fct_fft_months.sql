-- What the monthly return of the Friends and Family Test is made of. Months are those of the calendar, as NHS England
-- asks for them; those of the public figures are made of whole weeks.
with responses as (
    select
        *,
        date_trunc('month', posted_date)::date as month_date
    from {{ ref('int_responses_scored') }}
    where source_code = 'fft'
),

counted as (
    select
        ---------- ids
        service_id,
        trust_code,
        month_date,
        coalesce(collection_mode_code, 'unknown') as collection_mode_code,

        ---------- exact counts, for the analyst's desk
        count(*)::integer as response_count,
        {% for score in range(1, 6) %}
            count(*) filter (where fft_score = {{ score }})::integer as fft_{{ score }}_count,
        {% endfor %}
        count(*) filter (where fft_score = 6)::integer as fft_dont_know_count,
        count(*) filter (where fft_score is null)::integer as fft_unknown_count
    from responses
    group by all
)

select * from counted
