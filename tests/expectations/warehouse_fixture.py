"""A small warehouse in which every expectation of both gates holds, as SQL: ten batches, six comments, a query's runs,
every mart, the public tables.

The marts' columns are those that the gates read and a few besides; dbt's own tests hold the whole contract.
"""

LOADED = """
insert into ops.batches by name
select 'b' || i as batch_id, 'fft' as source, date '2026-01-05' + i::integer as logical_date, 'x' as input_sha256,
    10 as rows_in, 6 as rows_loaded, 1 as rows_updated, 1 as rows_unchanged, 2 as rows_no_answer, 0 as rows_quarantined,
    0 as rows_erased, 0 as rows_reshared, 0 as rows_refused,
    date '2026-01-01' as first_posted_date, date '2026-01-04' as last_posted_date,
    timestamptz '2026-01-05 06:00:00+00' as landed_at, timestamptz '2026-01-05 06:05:00+00' as loaded_at
from range(1, 11) as t (i);
update ops.batches set rows_in = 11, rows_quarantined = 1 where batch_id = 'b1';
update ops.batches set rows_in = 30, rows_loaded = 25 where batch_id = 'b1';
insert into ops.quarantine values ('b1', 'fft', 'ambiguous_date', 1);

insert into raw.comments by name
select
    md5('comment' || i) as comment_id, md5('form' || i) as response_id, 'fft' as source, 'survey_answer' as kind,
    timestamptz '2026-01-01 12:00:00+00' as posted_at, date '2026-01-01' as posted_date,
    timestamptz '2026-01-05 06:00:00+00' as collected_at,
    case when i < 6 then 'The staff of bay ' || i || ' were kind' end as text,
    md5(text) as text_id, case when i % 2 = 0 then 'what_good' else 'could_improve' end as question_type,
    i as rating, 6 as rating_max, 'XFV' as trust_code, 'Oakdale' as location_1, false as is_withheld, 'b1' as batch_id,
    date '2026-01-06' as logical_date, 'h' as content_hash, 0 as identifiers_removed,
    timestamptz '2026-01-05 06:05:00+00' as loaded_at, timestamptz '2026-01-05 06:05:00+00' as updated_at
from range(1, 7) as t (i);

insert into understanding.models values
    ('sentiment', 'vader-3.3.2', timestamptz '2026-01-01 00:00:00+00'),
    ('annotations', 'learned-00000000', timestamptz '2026-01-01 00:00:00+00');
insert into understanding.sentiments by name
select text_id, 'vader-3.3.2' as model_version, 0.1 as negative, 0.6 as neutral, 0.3 as positive, 0.4 as compound,
    timestamptz '2026-01-05 06:06:00+00' as scored_at
from raw.comments where text_id is not null;
insert into understanding.annotations by name
select text_id, coalesce(question_type, 'unknown') as question_type, 'learned-00000000' as model_version,
    'en' as language, 'positive' as sentiment, 'positive' as sentiment_class, 0.7 as sentiment_probability,
    [0.3, 0.4, 0.1, 0.1, 0.1] as grade_probabilities, [] as themes, timestamptz '2026-01-05 06:06:00+00' as annotated_at
from raw.comments where text_id is not null
group by all;

insert into ops.query_runs by name
select
    'run' || i as run_id, 'bluesky' as source, 'q1' as query_id, 'Heron Ward' as query_label,
    timestamptz '2025-11-01 05:00:00+00' + to_days(i::integer) as asked_until, asked_until::date as logical_date,
    asked_until - interval 26 hour as asked_from, asked_from as answered_from,
    1 as request_count, 0 as retry_count, 0.5 as waited_seconds, 0 as spent, 40 as row_count,
    timestamptz '2026-01-05 06:05:00+00' as loaded_at
from range(1, 43) as t (i);
insert into ops.query_days
select run_id, source, query_id, logical_date - back, 20 - back
from ops.query_runs, (values (0), (1)) as t (back);
insert into ops.refusals values ('run1', 'bluesky', 'q1', 'opted_out', 2);
"""

BUILT = """
create schema marts;
create table marts.dim_services as select 'heron' as service_id, 5 as comment_count;
create table marts.dim_sources as select 'fft' as source_code, true as allows_text;
create table marts.dim_weeks as select date '2025-12-29' as week_date;
create table marts.dim_themes as
select 'staff_manner' as theme_code, 'patient_experience' as frame_code, 'minor' as level;
create table marts.fct_comments as
select comment_id, 'fft' as source_code, 'heron' as service_id, text as comment_text, false as is_withheld,
    false as is_text_expired, updated_at, true as is_counted, true as is_about_care, false as is_copy,
    case when rating < 3 then 'negative' else 'positive' end as sentiment_label
from raw.comments where text is not null;
create table marts.fct_comment_themes as
select comment_id, 'staff_manner' as theme_code, is_counted from marts.fct_comments;
create table marts.fct_theme_examples as
select 'heron' as service_id, 'staff_manner' as theme_code, comment_id from marts.fct_comment_themes limit 1;
create table marts.fct_service_weeks as
select
    'heron' as service_id, 'XFV' as trust_code, date '2025-12-29' as week_date, 6 as response_count, 5 as comment_count,
    null::integer as voice_count, 0 as copy_count, 0 as not_about_care_count,
    2 as negative_count, 0 as neutral_count, 3 as positive_count,
    0.4::double as negative_share, 0.12::double as negative_share_low, 0.77::double as negative_share_high,
    0.6::double as positive_share, 0.23::double as positive_share_low, 0.88::double as positive_share_high,
    0.33::double as fft_recommend_share,
    '5' as comment_count_label, '6' as response_count_label, null::varchar as voice_count_label,
    '*' as negative_count_label, '0' as neutral_count_label, '*' as positive_count_label,
    '*' as negative_share_label, '*' as positive_share_label, true as is_suppressed
union all by name
select
    'heron' as service_id, 'XFV' as trust_code, date '2026-01-05' as week_date, 0 as response_count, 0 as comment_count,
    0 as copy_count, 0 as not_about_care_count,
    0 as negative_count, 0 as neutral_count, 0 as positive_count, '0' as comment_count_label,
    '0' as response_count_label, '0' as negative_count_label, '0' as neutral_count_label, '0' as positive_count_label,
    false as is_suppressed;
create table marts.fct_service_theme_weeks as
select 'heron' as service_id, 'staff_manner' as theme_code, date '2025-12-29' as week_date, 5 as comment_count,
    2 as negative_count, 1.0::double as comment_share, '5' as comment_count_label, '*' as negative_count_label,
    true as is_suppressed;
create table marts.fct_control_chart_points as
select 'c1' as chart_id, 'heron' as service_id, 'negative_share' as measure_code, date '2025-12-29' as week_date,
    0.9::double as value, 0.3::double as mean_value, -0.1::double as lower_limit, 0.7::double as upper_limit,
    null::varchar as not_monitored_reason, true as is_monitored, true as is_special_cause,
    'outside_limits' as signal_type
union all by name
select 'c1' as chart_id, 'heron' as service_id, 'negative_share' as measure_code, date '2026-01-05' as week_date,
    false as is_monitored, false as is_special_cause;
create table marts.fct_alerts as
select 'a1' as alert_id, 's1' as series_id, 'heron' as service_id, 'concern' as direction,
    date '2025-12-22' as since_week_date, date '2025-12-29' as opened_week_date, null::date as closed_week_date,
    'open' as status, 0.9::double as negative_share, false as is_restated;
create table marts.fct_decision_weeks as
select 's1' as series_id, date '2025-12-29' as week_date, true as is_concern_open, false as is_improvement_open;
create table marts.fct_source_coverage as
select source as source_code, logical_date, rows_in from ops.batches;
create table marts.fct_source_gaps as select 'fft' as source_code;
create table marts.dim_months as select '2026-01' as month_code;
create table marts.fct_triangulation as select 'heron' as service_id;
create table marts.fct_triangulation_pairs as select 'survey_words' as words_code;
create table marts.fct_triangulation_disagreements as select 'survey_words' as words_code;
create table marts.fct_theme_leads as select 'timeliness' as theme_code;
create table marts.fct_service_comparison as select 'heron' as unit_id;
create table marts.fct_service_comparison_sources as select 'heron' as unit_id;
create table marts.fct_service_months as select 'heron' as service_id;
create table marts.fct_trust_months as select 'XFV' as trust_code;
create table marts.fct_fft_months as select 'heron' as service_id;
create table marts.fct_rebases as select 'heron' as service_id where false;
create table marts.fct_query_days as
select source as source_code, query_id, posted_date, comment_count from ops.query_days;
create table marts.fct_model_weeks as
select
    series_id, nullif(split_part(series_id, '/', 1), 'all') as source_code,
    nullif(split_part(series_id, '/', 2), 'all') as service_id, 'learned-00000000' as model_version,
    date '2025-09-29' + 7 * week::integer as week_date, 40 as comment_count, 0.1::double as unlabelled_share,
    0.8::double as mean_probability, 0.05::double as mean_unknown_word_share, 0.1::double as usual_unlabelled_share,
    0.8::double as usual_mean_probability, 0.05::double as usual_mean_unknown_word_share,
    0.04::double as reference_label_distance, 0.02::double as usual_label_distance, week > 8 as is_judged,
    false as unlabelled_jumps, false as probability_jumps, false as unknown_word_jumps
from unnest(['all/all', 'fft/all', 'bluesky/all', 'fft/heron']) as series (series_id), range(14) as weeks (week);

create schema reference;
create table reference.services as
select 'heron' as service_id, 'XFV' as trust_code, 'Oakdale' as aliases, null::date as valid_from,
    null::date as valid_to
union all
select 'kestrel', 'XFV', 'Kestrel', null, null;

create schema meta;
create table meta.rules as select 'largest_hidden_count' as rule_code, '4' as rule_value;

create schema public;
create table public.public_services as select 'heron' as service_id, 'XFV' as trust_code, 'Heron Ward' as service_label;
create table public.public_service_weeks as
select 'heron' as service_id, 'XFV' as trust_code, week_date::date as week_date, '2026-01' as month_code,
    null::integer as comment_count, null::integer as negative_count, null::double as negative_share,
    true as is_suppressed
from unnest(['2025-12-29', '2026-01-05']) as t (week_date);
create table public.public_service_months as
select 'heron' as service_id, 'XFV' as trust_code, '2026-01' as month_code,
    20 as comment_count, null::integer as negative_count, null::double as negative_share, true as is_suppressed;
create table public.public_trust_weeks as select * exclude (service_id) from public.public_service_weeks;
create table public.public_trust_months as select * exclude (service_id) from public.public_service_months;
create table public.public_service_theme_weeks as
select 'staff' as theme_code, null::double as comment_share, * exclude (negative_count, negative_share)
from public.public_service_weeks;
create table public.public_service_theme_months as
select 'staff' as theme_code, 1.0::double as comment_share, * exclude (negative_count, negative_share)
    replace (false as is_suppressed)
from public.public_service_months;
create table public.public_trust_theme_weeks as select * exclude (service_id) from public.public_service_theme_weeks;
create table public.public_trust_theme_months as
select 'staff' as theme_code, 1.0::double as comment_share, * from public.public_trust_months;
"""

# How many rows were published while the gate looks at the next publication.
PUBLISHED = {
    "dim_services": 1,
    "dim_sources": 1,
    "fct_comments": 5,
    "fct_service_weeks": 2,
    "fct_service_theme_weeks": 1,
    "fct_control_chart_points": 2,
}

DESCRIBE = "comment on column {schema}.{table}.{column} is 'Described.'"
