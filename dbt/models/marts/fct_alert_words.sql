-- Words that rose: those that negative comments of the episode hold more often than the ones before. Only ordinary words
-- stand here, which at least as many comments hold as the smallest count that is shown. Words of posts do not: they could
-- lead to who wrote them, and one account may have written them all.
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

said as (
    select distinct
        alert_id,
        period_code,
        comment_id,
        unnest(regexp_extract_all(words, '\p{L}[\p{L}'']{2,30}')) as word
    from comments
),

held as (
    select said.*
    from said
    semi join {{ ref('int_words_ordinary') }} as ordinary on said.word = ordinary.word
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
),

rated as (
    select
        counted.*,
        totals.before_total,
        totals.episode_total,
        (counted.episode_count + 0.5) / (totals.episode_total - counted.episode_count + 0.5) as episode_odds,
        (counted.before_count + 0.5) / (totals.before_total - counted.before_count + 0.5) as before_odds,
        sqrt(
            1 / (counted.episode_count + 0.5) + 1 / (totals.episode_total - counted.episode_count + 0.5)
            + 1 / (counted.before_count + 0.5) + 1 / (totals.before_total - counted.before_count + 0.5)
        ) as standard_error
    from counted
    inner join totals on counted.alert_id = totals.alert_id
    where totals.before_total > 0
),

described as (
    select
        ---------- ids
        alert_id,
        word,

        ---------- numerics
        before_count::integer as before_comment_count,
        episode_count::integer as episode_comment_count,
        {{ share('before_count', 'before_total') }} as before_share,
        {{ share('episode_count', 'episode_total') }} as episode_share,
        ln(episode_odds / before_odds) / standard_error as rise
    from rated
),

ranked as (
    select
        *,
        row_number() over (partition by alert_id order by rise desc, word asc)::integer as word_rank
    from described
    -- What many comments hold says nothing of any.
    where rise >= {{ var('risen_word_errors') }} and before_share < 0.2
)

select * from ranked
where word_rank <= {{ var('risen_words') }}
