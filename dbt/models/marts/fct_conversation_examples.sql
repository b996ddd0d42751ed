-- Ids and no text, chosen as fct_theme_examples chooses: what may be read of a post is decided in fct_comments alone, and
-- a page that shows one asks once more whether it may stand as an example. So there are more of them than are shown.
with spoken as (
    select
        conversation_id,
        comment_id,
        frame_code,
        major_code as theme_code,
        bool_or(valence = 'criticism') as is_criticised,
        bool_or(valence in ('encouragement', 'gratitude')) as is_encouraged,
        max(probability) as probability
    from {{ ref('int_conversation_mentions') }}
    group by conversation_id, comment_id, frame_code, major_code
),

sides as (
    select
        spoken.*,
        case when spoken.is_criticised then 'criticism' else 'encouragement' end as side,
        (
            comments.comment_text is not null
            and not coalesce(comments.is_withheld, false)
            and comments.sentiment_label is not null
        ) as is_readable,
        -- Neither a word nor a page.
        length(comments.comment_text) between 40 and 300 as is_of_middle_length,
        count(*) over theme as mention_count,
        case
            when count_if(spoken.is_criticised) over theme >= count_if(spoken.is_encouraged) over theme
                then 'criticism'
            else 'encouragement'
        end as prevailing_side
    from spoken
    inner join {{ ref('fct_comments') }} as comments on spoken.comment_id = comments.comment_id
    window theme as (partition by spoken.conversation_id, spoken.theme_code)
),

ranked as (
    select
        ---------- ids
        conversation_id,
        frame_code,
        theme_code,
        comment_id,

        ---------- strings
        side,
        case when side = prevailing_side then 'representative' else 'contradicting' end as example_type,

        ---------- numerics
        (
            row_number() over (
                partition by conversation_id, theme_code, side
                order by is_of_middle_length desc, probability desc, comment_id asc
            )
        )::integer as example_rank
    from sides
    where
        -- Who criticises one part of a theme and praises another is an example of neither.
        is_criticised != is_encouraged
        and is_readable
        and mention_count > {{ var('largest_hidden_count') }}
)

select * from ranked
where example_rank <= 12
