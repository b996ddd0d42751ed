with sources as (
    select * from {{ ref('sources') }}
),

comments as (
    select
        source_code,
        count(*) as comment_count,
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
        coalesce(comments.comment_count, 0)::integer as comment_count,
        governance.retention_days,

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
    left join governance on sources.source_code = governance.source_code
)

select * from combined
