-- The language of the text as it was written, told when it was landed. Null: by an earlier version, which looked at what
-- de-identification had left.
alter table raw.comments add column detected_language varchar;
