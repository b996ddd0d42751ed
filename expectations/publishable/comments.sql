-- Yes/no answers about the words, never the words.
select
    comment_id,
    is_withheld and comment_text is not null as is_withheld_but_shown,
    is_text_expired and comment_text is not null as is_expired_but_shown,
    comment_text is not null and not coalesce(allows_text, false) as is_shown_against_terms,
    comment_text is not null or is_withheld or is_text_expired or not coalesce(allows_text, false) as is_shown_unless_withheld
from marts.fct_comments
left join marts.dim_sources using (source_code)
where ($since is null or updated_at > $since)
