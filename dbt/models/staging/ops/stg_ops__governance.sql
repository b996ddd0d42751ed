with source as (
    select * from {{ source('ops', 'governance') }}
),

renamed as (
    select
        ---------- ids
        source as source_code,

        ---------- strings
        controller,
        contact,
        dpia_reference,
        privacy_notice_url,
        lawful_basis_article_6,
        condition_article_9,
        purpose,
        purpose_decided_by,
        research_approval_reference,

        ---------- numerics
        retention_days,

        ---------- booleans
        valid_until is null as is_in_force,

        ---------- dates
        dpia_reviewed_on,
        purpose_decided_on,
        valid_from as governance_valid_from,
        valid_until as governance_valid_until
    from source
)

select * from renamed
