with source as (
    -- What a gate has left out is in no measure (docs/gates.md).
    select * from {{ source('raw', 'comments') }}
    where left_out_reason is null
),

renamed as (
    select
        ---------- ids
        comment_id,
        coalesce(response_id, comment_id) as response_id,
        text_id,
        source as source_code,
        trust_code,
        site_code,
        service_id as given_service_id,
        author_key,
        reshare_of as reshared_comment_id,
        in_reply_to as replied_comment_id,

        ---------- strings
        kind,
        question_type,
        text as comment_text,
        location_1,
        location_2,
        location_3,
        author_role,
        author_organisation,
        origin as origin_code,
        country as country_code,
        collection_mode as collection_mode_code,
        hashtags,
        mentioned_accounts,
        link_domains,
        link_titles,

        ---------- numerics
        likes as like_count,
        shares as share_count,
        replies as reply_count,
        quotes as quote_count,
        views as view_count,
        author_followers as follower_count,
        case when source = 'fft' then rating end as fft_score,
        identifiers_removed as identifiers_removed_count,

        ---------- booleans
        is_withheld,
        coalesce(is_text_expired, false) as is_text_expired,
        was_nothing_to_improve,

        ---------- dates
        posted_at,
        posted_date,
        date_trunc('week', posted_date)::date as week_date,
        followers_on,
        loaded_at,
        updated_at
    from source
)

select * from renamed
