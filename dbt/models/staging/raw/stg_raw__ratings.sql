with source as (
    -- What a gate has left out is in no measure (docs/gates.md).
    select * from {{ source('raw', 'comments') }}
    where
        left_out_reason is null
        and source != 'fft'
        and (rating is not null or rating_note is not null)
),

renamed as (
    select
        ---------- ids
        comment_id,

        ---------- numerics
        -- From 1, the worst, to 5, the best, whatever the source's own scale is.
        case
            when rating between 1 and rating_max and rating_max > 1
                then 1 + 4 * (rating - 1) / (rating_max - 1)::double
        end as stars,
        case rating_note
            when 'criticality_not_critical' then 0
            when 'criticality_minimally_critical' then 1
            when 'criticality_mildly_critical' then 2
            when 'criticality_moderately_critical' then 3
            when 'criticality_strongly_critical' then 4
            when 'criticality_severely_critical' then 5
        end as criticality
    from source
)

select * from renamed
