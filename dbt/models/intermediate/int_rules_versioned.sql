-- A fingerprint of everything that is not a comment and yet decides what a row says: the model versions in force and
-- the reference tables. Rows made under another fingerprint are made again.
with models as (
    select concat_ws(':', task_code, max_by(model_version, made_current_at)) as fact
    from {{ ref('stg_understanding__models') }}
    group by task_code
),

services as (
    select
        concat_ws(
            ':', 'service', service_id, trust_code, ods_code, aliases,
            '@', accounts, '#', hashtags, valid_from, valid_to
        ) as fact
    from {{ ref('services') }}
),

organisations as (
    select concat_ws(':', 'organisation', ods_code, current_code) as fact
    from {{ ref('int_organisations_succeeded') }}
),

answers as (
    select concat_ws(':', 'nothing', answer) as fact
    from {{ ref('nothing_answers') }}
),

sources as (
    select concat_ws(':', 'source', source_code, allows_text) as fact
    from {{ ref('sources') }}
),

scores as (
    select concat_ws(':', 'score', fft_score, fft_score_label) as fact
    from {{ ref('fft_scores') }}
),

facts as (
    select fact from models
    union all
    select fact from services
    union all
    select fact from answers
    union all
    select fact from sources
    union all
    select fact from scores
    union all
    select fact from organisations
    union all
    select 'spellings of places are one' as fact
    union all
    select 'cut-off:{{ var("sentiment_cut_off") }}:{{ var("relevance_cut_off") }}' as fact
)

select left(md5(string_agg(fact, '\n' order by fact)), 8) as rules_version
from facts
