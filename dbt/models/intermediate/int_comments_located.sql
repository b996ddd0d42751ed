-- Comments, blank answers and reposts of every listed source, and the place that each gives, however it is spelled.
-- Trusts that have merged stand under the code of today, and so do the places in them: a trend survives a merger. Of a
-- source that is not listed nobody has said what its terms are: its rows go no further, and
-- assert_every_comment_is_counted_once stops the build.
{{ comments_located() }}
