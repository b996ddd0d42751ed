-- The weeks of each source that could be judged, of the last five: a month's export brings as many at once.
select
    source_code,
    week_date::varchar as week_date,
    unlabelled_jumps,
    probability_jumps,
    unknown_word_jumps
from marts.fct_model_weeks
where
    source_code is not null
    and service_id is null
    and is_judged
    and week_date > (select max(w.week_date) from marts.fct_model_weeks as w) - 35
