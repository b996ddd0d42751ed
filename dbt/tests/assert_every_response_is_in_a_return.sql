select *
from (
    select
        (
            select count(distinct comments.response_id)
            from {{ ref('stg_raw__comments') }} as comments
            where comments.source_code = 'fft' and comments.kind = 'survey_answer'
        ) as responses_loaded,
        (
            select coalesce(sum(months.response_count), 0)
            from {{ ref('fct_fft_months') }} as months
        ) as responses_in_months,
        (
            select
                coalesce(
                    sum(
                        fft_1_count + fft_2_count + fft_3_count + fft_4_count + fft_5_count + fft_dont_know_count
                        + fft_unknown_count
                    ),
                    0
                )
            from {{ ref('fct_fft_months') }}
        ) as answers_in_months
) as totals
where responses_loaded != responses_in_months or responses_in_months != answers_in_months
