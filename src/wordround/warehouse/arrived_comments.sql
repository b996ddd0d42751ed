-- The whole rows of a landed file that are new, or that have changed ($state), as `raw.comments` holds them.
select
    file.* exclude (expired_text_id, row_number, file_row_number) replace (
        arrived.query_id as query_id,
        -- What a post answers is not told by every answer that shows it.
        coalesce(file.in_reply_to, arrived.in_reply_to) as in_reply_to,
        arrived.author_followers as author_followers,
        case when arrived.believed is null then file.posted_at else arrived.believed.posted_at end as posted_at,
        case when arrived.believed is null then file.posted_date else arrived.believed.posted_date end
            as posted_date,
        case when arrived.believed is null then file.is_date_corrected else arrived.believed.is_date_corrected end
            as is_date_corrected
    ),
    -- Each comment has a text_id; that of a text that was withheld or has expired is not the hash of any text.
    case
        -- Of texts in other languages placeholders are left, which are the same in all of them.
        when file.text is not null and file.detected_language != 'en'
            then md5(md5(file.text) || file.detected_language)
        when file.text is not null then md5(file.text)
        when file.expired_text_id is not null then file.expired_text_id
        when file.is_withheld then replace(uuid()::varchar, '-', '')
    end as text_id,
    file.text is null and file.expired_text_id is not null as is_text_expired,
    arrived.followers_on,
    $batch_id as batch_id,
    $logical_date::date as logical_date,
    arrived.loaded_at,
    arrived.updated_at
from (
    from read_parquet($parquet, file_row_number = true)
    -- Earlier versions landed no numbers of rows, no languages that they had told themselves, no modes, no titles of
    -- links, no followers and no countries, and did not say which organisation wrote.
    union all by name
    select
        null::integer as row_number,
        null::varchar as detected_language,
        null::varchar as collection_mode,
        null::varchar as author_organisation,
        null::struct("domain" varchar, title varchar) [] as link_titles,
        null::integer as author_followers,
        null::varchar as country
    where false
) as file
inner join arrivals as arrived on file.file_row_number = arrived.place
where arrived.state = $state
