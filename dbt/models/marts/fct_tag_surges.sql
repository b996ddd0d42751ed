-- Tags whose traffic on a day rose well above their usual: conversations that somebody may want to declare. A day is
-- compared with the same tag's mean over the days before it (rule surge_days; from the first post of any tag on), at least one
-- post a day.
with tagged_posts as (
    select
        {{ london_day('posted_at') }} as posted_date,
        comment_id,
        unnest(tags) as tag
    from {{ ref('int_social_posts') }}
    where text_id is not null
),

days as (
    select
        tagged_posts.tag,
        tagged_posts.posted_date,
        count(distinct tagged_posts.comment_id)::integer as post_count,
        count(distinct authors.author_key)::integer as voice_count
    from tagged_posts
    inner join {{ ref('stg_raw__comments') }} as authors on tagged_posts.comment_id = authors.comment_id
    group by tagged_posts.tag, tagged_posts.posted_date
),

compared as (
    select
        *,
        -- What is usual is not known of the first days that were collected.
        least({{ var('surge_days') }}, posted_date - min(posted_date) over ())::integer as known_day_count,
        coalesce(sum(post_count) over earlier, 0) / greatest(known_day_count, 1) as usual_post_count
    from days
    window earlier as (
        partition by tag
        order by posted_date
        range between interval {{ var('surge_days') }} days preceding and interval 1 day preceding
    )
),

declared as (
    select
        {{ hashtag_name('unnest(tags)') }} as tag,
        -- Its usual days are its own too.
        {{ london_day('begins_at') }} - baseline_day_count as first_date,
        {{ london_day('ends_at') }} as last_date
    from {{ ref('stg_ops__conversations') }}
)

select
    ---------- ids
    compared.tag,
    compared.posted_date,

    ---------- numerics
    compared.post_count,
    compared.voice_count,
    compared.usual_post_count::double as usual_post_count,
    (compared.post_count / greatest(compared.usual_post_count, 1.0))::double as times_usual,

    ---------- booleans
    bool_or(declared.tag is not null) as is_declared
from compared
left join declared
    on compared.tag = declared.tag and compared.posted_date between declared.first_date and declared.last_date
where
    compared.known_day_count >= {{ var('surge_days') }} / 2
    and compared.voice_count >= {{ var('surge_voices') }}
    and compared.post_count >= {{ var('surge_times') }} * greatest(compared.usual_post_count, 1.0)
group by all
