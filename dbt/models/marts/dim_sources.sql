with sources as (
    select * from {{ ref('sources') }}
),

comments as (
    select
        source_code,
        count_if(is_counted)::integer as comment_count,
        count_if(is_about_care and is_copy)::integer as copy_count,
        count_if(not is_about_care)::integer as not_about_care_count,
        min(posted_date) as first_posted_date,
        max(posted_date) as last_posted_date
    from {{ ref('fct_comments') }}
    group by source_code
),

batches as (
    select
        source_code,
        max(loaded_at) as last_loaded_at
    from {{ ref('stg_ops__batches') }}
    group by source_code
),

runs as (
    select distinct source_code
    from {{ ref('stg_ops__query_runs') }}
),

-- In one and the same run: what is asked again is in both numbers again.
not_discoverable as (
    select
        source_code,
        sum(row_count) as row_count
    from {{ ref('stg_ops__refusals') }}
    where reason_code = 'not_discoverable'
    group by source_code
),

found as (
    select
        source_code,
        sum(comment_count) as comment_count
    from {{ ref('stg_ops__query_days') }}
    group by source_code
),

governance as (
    select * from {{ ref('stg_ops__governance') }}
    where is_in_force
),

combined as (
    select
        ---------- ids
        sources.source_code,

        ---------- strings
        sources.source_label,
        sources.kind_label,
        sources.description,
        governance.controller,
        governance.contact,
        governance.dpia_reference,
        governance.privacy_notice_url,
        governance.lawful_basis_article_6,
        governance.condition_article_9,
        governance.purpose,
        governance.purpose_decided_by,
        governance.research_approval_reference,

        ---------- numerics
        coalesce(comments.comment_count, 0) as comment_count,
        coalesce(comments.copy_count, 0) as copy_count,
        coalesce(comments.not_about_care_count, 0) as not_about_care_count,
        governance.retention_days,
        coalesce(not_discoverable.row_count, 0)
        / nullif(coalesce(not_discoverable.row_count, 0) + coalesce(found.comment_count, 0), 0)
            as not_discoverable_share,

        ---------- booleans
        sources.is_social,
        sources.allows_text,

        ---------- dates
        comments.first_posted_date,
        comments.last_posted_date,
        batches.last_loaded_at,
        governance.dpia_reviewed_on,
        governance.purpose_decided_on,
        governance.governance_valid_from
    from sources
    left join comments on sources.source_code = comments.source_code
    left join batches on sources.source_code = batches.source_code
    left join runs on sources.source_code = runs.source_code
    left join not_discoverable on sources.source_code = not_discoverable.source_code
    left join found on sources.source_code = found.source_code
    left join governance on sources.source_code = governance.source_code
    -- What was never read is no source of these figures.
    where coalesce(comments.source_code, batches.source_code, runs.source_code) is not null
)

select * from combined
