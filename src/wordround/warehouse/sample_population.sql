-- The comments that may be drawn: those that the measures count, whose words may be shown, with the model's answer.
create or replace temp table population as
select
    comments.comment_id,
    comments.source_code,
    coalesce(comments.question_type, comments.kind) as asked,
    comments.source_code || ' ' || coalesce(comments.question_type, comments.kind) as listing,
    comments.sentiment_label as sentiment_class,
    case
        when comments.sentiment_probability < 0.6 then 'below .60'
        when comments.sentiment_probability < 0.85 then '.60 to .85'
        else 'above .85'
    end as band,
    comments.service_id,
    loaded.text_id,
    comments.comment_text
from marts.fct_comments as comments
inner join raw.comments as loaded on comments.comment_id = loaded.comment_id
where
    -- Of a conversation all is coded that was contributed to it, whether or not it tells of care.
    (
        comments.is_counted and $conversation is null
        or comments.comment_id in (
            select posts.comment_id from intermediate.int_conversation_posts as posts
            where posts.is_contribution and posts.conversation_id = $conversation
        )
    )
    and not comments.is_withheld
    and not comments.is_text_expired
    and comments.comment_text is not null
    and loaded.text is not null
    -- What people have settled on account of a flag is drawn by chance as if nobody had flagged it.
    and (comments.labelled_by = 'learned' or comments.comment_id in (select for_flags.comment_id from for_flags))
    and list_contains($sources, comments.source_code)
    and comments.comment_id not in (select drawn.comment_id from drawn)
    and comments.posted_date >= $since
    and comments.posted_date <= $until
    and ($service is null or comments.service_id = $service)
