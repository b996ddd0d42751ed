-- Ids and no text: what may be read of a comment is decided in fct_comments alone, and quoted by the report's own rule.
with comments as (
    select comments.*
    from {{ ref('fct_comments') }} as comments
    inner join {{ ref('dim_sources') }} as sources on comments.source_code = sources.source_code
    where
        comments.is_counted
        and comments.kind = 'survey_answer'
        and not sources.is_social
        and comments.week_date > (
            select max(weeks.week_date)
            from {{ ref('dim_weeks') }} as weeks
        ) - interval 12 week
),

mentions as (
    select
        mentions.service_id,
        mentions.theme_code,
        mentions.comment_id,
        mentions.polarity,
        mentions.probability,
        comments.comment_text is not null and not comments.is_nothing_to_improve as is_readable,
        -- Neither a word nor a page.
        length(comments.comment_text) between 40 and 300 as is_of_middle_length,
        count(*) over theme as mention_count,
        case
            when
                count_if(mentions.polarity = 'negative') over theme
                >= count_if(mentions.polarity = 'positive') over theme
                then 'negative'
            else 'positive'
        end as prevailing_polarity
    from {{ ref('fct_comment_themes') }} as mentions
    inner join comments on mentions.comment_id = comments.comment_id
    window theme as (partition by mentions.service_id, mentions.theme_code)
),

examples as (
    select
        *,
        case when polarity = prevailing_polarity then 'representative' else 'contradicting' end as example_type
    from mentions
    where is_readable and polarity != 'neutral' and mention_count > {{ var('largest_hidden_count') }}
),

ranked as (
    select
        ---------- ids
        service_id,
        theme_code,
        comment_id,

        ---------- strings
        example_type,
        polarity,

        ---------- numerics
        (
            row_number() over (
                partition by service_id, theme_code, example_type
                order by is_of_middle_length desc, probability desc, comment_id asc
            )
        )::integer as example_rank
    from examples
)

select * from ranked
where example_rank <= 3
