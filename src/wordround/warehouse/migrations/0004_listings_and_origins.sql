-- Where a comment was written first, where its source shows it at second hand; null: at the source itself.
alter table raw.comments add column origin varchar;

-- What a query asks one server, place or hashtag for, which can fail by itself. Empty: the query as a whole.
alter table ops.query_runs add column listing varchar default '';
