-- What the model in force says of the comments that people have coded, whatever people said.
with version_in_force as (
    select arg_max(model_version, made_current_at) as model_version
    from understanding.models
    where task = 'annotations'
)

select
    comments.comment_id,
    comments.source || ' ' || coalesce(comments.question_type, comments.kind) as listing,
    comments.text_id,
    coalesce(comments.is_text_expired, false) as is_expired,
    annotations.model_version,
    annotations.sentiment,
    annotations.sentiment_class,
    annotations.sentiment_probability,
    annotations.themes
from raw.comments as comments
semi join wanted on comments.comment_id = wanted.comment_id
inner join understanding.annotations as annotations
    on
        comments.text_id = annotations.text_id
        and coalesce(comments.question_type, 'unknown') = annotations.question_type
where
    annotations.model_version = (select version_in_force.model_version from version_in_force)
    -- In another language than English the model says nothing.
    and annotations.sentiment is not null
order by comments.comment_id
