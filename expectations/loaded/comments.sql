-- What the gate sees of new comments, and of those that are left out, which come back when they hold: ids, sets and
-- yes/no answers. The words themselves never leave the warehouse, so no result, log or page can hold them. The patterns
-- are RE2 and are written apart from those at the door (deidentify/): a second pair of eyes that shares no code with it.
with fresh as (
    select
        *,
        coalesce(title || ' ', '') || coalesce(text, '')
        || coalesce(' ' || array_to_string(list_transform(link_titles, lambda link: link.title), ' '), '') as said
    from raw.comments
    where ($since is null or updated_at > $since or left_out_reason is not null)
),
repeated as (
    -- 64 bits of each id take a quarter of the memory; two of a million ids share them once in 30 million runs
    select hash(comment_id) as comment_hash
    from raw.comments
    where hash(comment_id) in (
        select hash(new_ones.comment_id)
        from raw.comments as new_ones
        where $since is null or new_ones.updated_at > $since or new_ones.left_out_reason is not null
    )
    group by comment_hash
    having count(*) > 1
),
looked_at as (
    -- Cheap looks first: `case` runs the dear ones only on the few texts that could match, `and` would run them on all.
    select
        *,
        contains(said, '@') as has_at_sign,
        regexp_matches(said, '[0-9]') as has_digit,
        case when has_digit then regexp_matches(said, '[0-9](?:[ ()-]{0,3}[0-9]){7}') else false end as has_long_number
    from fresh
)
select
    comment_id,
    source,
    kind,
    question_type,
    trust_code,
    posted_at,
    rating,
    rating_note,
    author_role,
    collection_mode,
    case when kind = 'survey_answer' then text_id is not null end as is_an_answer_with_words,
    case when source = 'fft' then location_1 is not null end as says_where,
    ---------- what a source may not tell, and what it tells
    source = 'x' and author_key is not null as has_author_of_x,
    reshare_of is not null and text_id is null and text is not null as has_words_of_a_repost,
    coalesce(rating not between 0 and rating_max, false) as has_rating_beyond_its_scale,
    coalesce(least(likes, shares, replies, quotes, views) < 0, false) as has_negative_figure,
    len(list_filter(
        coalesce(mentioned_accounts, []), lambda account: not regexp_full_match(account, '[a-z_]+:[^ :/]+')
    )) > 0 as has_unregistered_account,
    len(list_filter(
        -- One that could be somebody's own stands there as a placeholder.
        coalesce(link_domains, []), lambda domain: not regexp_full_match(domain, '[^ :/?#@]+|<web address>')
    )) > 0 as has_more_than_a_domain,
    hash(comment_id) not in (select repeated.comment_hash from repeated) as is_the_only_one,
    ---------- dates
    coalesce(posted_date > ($now at time zone 'Europe/London')::date, false) as is_in_the_future,
    coalesce(source = 'fft' and posted_date < $earliest_fft_date, false) as is_before_fft_began,
    posted_date is not distinct from (posted_at at time zone 'Europe/London')::date as has_the_london_day,
    ---------- text
    text is null or trim(text) <> '' as is_blank_only_as_null,
    case
        -- Expired, or withheld whole: a comment all the same, and its id must not be a hash of anything.
        when text is null and (is_withheld or is_text_expired) then text_id is not null
        -- In another language than English the same placeholders are another text.
        when detected_language <> 'en' then text_id is not distinct from md5(md5(text) || detected_language)
        else text_id is not distinct from md5(text)
    end as has_its_own_text_id,
    regexp_matches(said, '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]') as has_control_characters,
    exists (from ops.batches as b where b.batch_id = looked_at.batch_id) as has_a_recorded_batch,
    ---------- identifiers that de-identification should have taken out
    case when has_at_sign then regexp_matches(
        said, '[A-Za-z0-9._%+-]@[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9][A-Za-z0-9-]*)*\.[A-Za-z]{2,}'
    ) else false end as has_email,
    case when has_at_sign
        then regexp_matches(said, '(?:^|[^\pL\pN_@.+-])@[A-Za-z_][A-Za-z0-9_]+') else false
    end as has_handle,
    case when contains(said, '://') then true
        when contains(said, 'www.') or contains(said, 'WWW.') or contains(said, 'Www.') then regexp_matches(said, '(?i)(?:^|[^a-z0-9_@.-])www\.[a-z0-9]')
        else false
    end as has_link,
    case when has_long_number then regexp_matches(
        said,
        '(?:^|[^0-9.+/-])'
        || '(?:0[1-9][0-9]{2,3}|\(0[1-9][0-9]{1,3}\)|(?:\+44|0044) ?(?:\(0\) ?)?[1-9][0-9]{1,3})'
        || '[ -]?[0-9]{3}[ -]?[0-9]{3,4}(?:[^0-9]|$)'
    ) else false end as has_phone,
    case when has_long_number then len(list_filter(
        regexp_extract_all(said, '(?:^|[^0-9.])([0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4})(?:[^0-9]|$)', 1),
        -- NHS Data Dictionary, NHS NUMBER: nine digits weighted 10 to 2, modulo 11
        lambda found: (11 - list_sum(list_transform(
            range(1, 10), lambda place: regexp_replace(found, '[ -]', '', 'g')[place]::integer * (11 - place)
        )) % 11) % 11 = found[-1]::integer
    )) > 0 else false end as has_nhs_number,
    case when has_long_number then regexp_matches(
        said, '(?:^|[^0-9.])[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}(?:[^0-9]|$)'
    ) else false end as has_ten_digits,
    case when has_digit and regexp_matches(said, '[0-9]{2} ?[0-9]{2} ?[0-9]{2}') then regexp_matches(
        said, '(?i)(?:^|[^\pL\pN_])[a-ceghj-prstw-z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[a-d](?:[^\pL\pN_]|$)'
    ) else false end as has_national_insurance_number,
    case when has_digit and regexp_matches(said, '[0-9A-Z] [0-9][A-Z]') then regexp_matches(
        said,
        '(?:^|[^\pL\pN_])(?:B|BS|CF|E|EH|G|L|LE|LS|M|N|NE|NG|NW|OX|PL|S|SE|SO|SW|W|YO)'
        || '[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}(?:[^\pL\pN_]|$)'
    ) else false end as has_postcode
from looked_at
