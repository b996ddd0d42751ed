-- Nothing reads it: what was asked of a source and how far it answered stands in ops.query_runs.
drop table ops.cursors;
