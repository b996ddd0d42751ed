create or replace temp table unseen as
with waiting as (
    select
        text_id,
        {question} as question_type,
        any_value(text) as text,
        -- Texts share an id where they share their language, or where one was landed before languages were told at the door.
        max(detected_language) as language,
        max(posted_at) as posted_at
    from raw.comments
    where
        text is not null
        and (len($kinds) = 0 or list_contains($kinds, kind))
        and ({key}) not in (select {known} from understanding.{table} as known where known.model_version = $version)
    group by all
)

select
    text_id,
    question_type,
    text,
    language,
    row_number() over ({order}) as number
from waiting
