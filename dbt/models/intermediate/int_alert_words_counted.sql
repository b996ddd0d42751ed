-- In how many of an alert's negative comments a word stands, before it and in its episode: words that at least as many
-- hold as the smallest count that is shown. Words of posts are left out: they could lead to who wrote them, and one
-- account may have written them all.
with comments as (
    select
        gathered.alert_id,
        gathered.period_code,
        gathered.comment_id,
        -- What stands in the place of a name (src/wordround/deidentify/placeholders.py) is no word.
        regexp_replace(
            lower(regexp_replace(comments.comment_text, '<[A-Za-z]+( [A-Za-z]+){0,4}( [0-9]{1,3})?>', ' ', 'g')),
            '[’‘]', '''', 'g'
        ) as words
    from {{ ref('int_alert_comments_gathered') }} as gathered
    inner join {{ ref('fct_comments') }} as comments on gathered.comment_id = comments.comment_id
    where
        gathered.is_negative
        and comments.comment_text is not null
        and gathered.comment_id not in (
            select raw_comments.comment_id
            from {{ ref('stg_raw__comments') }} as raw_comments
            where raw_comments.author_key is not null
        )
),

totals as (
    select
        alert_id,
        count_if(period_code = 'before') as before_total,
        count_if(period_code = 'episode') as episode_total
    from comments
    group by alert_id
),

held as (
    select distinct
        alert_id,
        period_code,
        comment_id,
        unnest(regexp_extract_all(words, '\p{L}[\p{L}'']{2,30}')) as word
    from comments
),

counted as (
    select
        alert_id,
        word,
        count_if(period_code = 'before') as before_count,
        count_if(period_code = 'episode') as episode_count
    from held
    group by alert_id, word
    having episode_count > {{ var('largest_hidden_count') }}
)

select
    counted.alert_id,
    counted.word,
    counted.before_count,
    counted.episode_count,
    totals.before_total,
    totals.episode_total
from counted
inner join totals on counted.alert_id = totals.alert_id
where totals.before_total > 0
