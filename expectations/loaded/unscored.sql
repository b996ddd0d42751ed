-- New comments, and every one whose text lacks what a current model makes of it. Of a text that has expired, figures of
-- any version will do: nobody can score it again.
with current_models as (
    select task, arg_max(model_version, made_current_at) as model_version
    from understanding.models
    group by task
),
figures as (
    select 'sentiment' as task, hash(text_id) as text_hash, model_version from understanding.sentiments
    union all
    select 'relevance', hash(text_id), model_version from understanding.relevance
),
scored as (
    select
        figures.text_hash,
        bool_or(figures.task = 'sentiment' and current_models.model_version is not null) as has_words,
        bool_or(figures.task = 'relevance' and current_models.model_version is not null) as has_relevance,
        bool_or(figures.task = 'sentiment') as had_words,
        bool_or(figures.task = 'relevance') as had_relevance
    from figures
    left join current_models using (task, model_version)
    group by figures.text_hash
),
-- A text is annotated once for each question that it answers.
annotated as (
    select distinct hash(a.text_id, a.question_type) as asked_hash
    from understanding.annotations as a
    inner join current_models as c on c.task = 'annotations' and a.model_version = c.model_version
),
judged as (
    select
        comments.comment_id,
        comments.updated_at,
        case
            when comments.text_id is null or (comments.text is null and not coalesce(comments.is_text_expired, false)) then true
            when comments.is_text_expired
                then coalesce(scored.had_words and (scored.had_relevance or not is_posted), false)
            else
                coalesce(scored.has_words and (scored.has_relevance or not is_posted), false)
                and annotated.asked_hash is not null
        end as is_understood
    from (
        select *, kind in ('post', 'reply', 'quote', 'blog_comment') as is_posted from raw.comments
    ) as comments
    left join scored on hash(comments.text_id) = scored.text_hash
    left join annotated
        on hash(comments.text_id, coalesce(comments.question_type, 'unknown')) = annotated.asked_hash
)
select comment_id, is_understood
from judged
where not is_understood or $since is null or updated_at > $since
