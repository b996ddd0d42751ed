-- Weeks in which another set of versions reads a service's comments than in its week before: where the texts of an
-- earlier version have expired (docs/adr/0024-one-switch.md). A version reads from the first to the last week in which
-- it has a comment, so that a week without one breaks nothing.
with comments as (
    select
        service_id,
        week_date,
        labelled_by,
        -- Who edits a code frame changes no sentiment: the fingerprint of frames, the last part, is left out.
        regexp_replace(model_version, '^(learned-[0-9a-f]+-[0-9]+)-[0-9a-f]{8}$', '\1') as label_version,
        relevance_version
    from {{ ref('fct_comments') }}
    where is_counted
),

read_weeks as (
    select distinct
        service_id,
        week_date,
        'label' as task_code,
        label_version as model_version
    from comments
    where labelled_by in ('learned', 'vader') and label_version is not null
    union all
    select distinct
        service_id,
        week_date,
        'relevance' as task_code,
        relevance_version as model_version
    from comments
    where relevance_version is not null
),

spans as (
    select
        service_id,
        task_code,
        model_version,
        min(week_date) as first_week_date,
        max(week_date) as last_week_date
    from read_weeks
    group by service_id, task_code, model_version
    -- Where there is one version only, it has a first week and breaks nothing.
    qualify count(*) over (partition by service_id, task_code) > 1
),

weeks as (
    select distinct
        service_id,
        week_date
    from read_weeks
),

sets as (
    select
        weeks.service_id,
        weeks.week_date,
        string_agg(spans.task_code || ' ' || spans.model_version, ', ' order by spans.task_code, spans.model_version)
            as version_set
    from weeks
    inner join spans
        on
            weeks.service_id = spans.service_id
            and weeks.week_date between spans.first_week_date and spans.last_week_date
    group by weeks.service_id, weeks.week_date
)

select
    service_id,
    week_date,
    version_set
from sets
qualify version_set != lag(version_set) over (partition by service_id order by week_date)
