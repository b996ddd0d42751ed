create or replace temp table unseen as
select
    text_id,
    any_value(text) as text,
    row_number() over () as number
from raw.comments
where
    text is not null
    and (len($kinds) = 0 or list_contains($kinds, kind))
    and text_id not in (select known.text_id from understanding.{table} as known where known.model_version = $version)
group by text_id
