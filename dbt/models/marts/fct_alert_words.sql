-- Words that rose: those that negative comments of the episode hold more often than the ones before.
with rated as (
    select
        *,
        (episode_count + 0.5) / (episode_total - episode_count + 0.5) as episode_odds,
        (before_count + 0.5) / (before_total - before_count + 0.5) as before_odds,
        sqrt(
            1 / (episode_count + 0.5) + 1 / (episode_total - episode_count + 0.5)
            + 1 / (before_count + 0.5) + 1 / (before_total - before_count + 0.5)
        ) as standard_error
    from {{ ref('int_alert_words_kept') }}
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
