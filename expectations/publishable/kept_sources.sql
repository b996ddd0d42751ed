-- How many of each source's published comments are still there.
select
    published_sources.source_code,
    published_sources.row_count as published_count,
    count(c.comment_id) as built_count,
    count(c.comment_id) / nullif(published_sources.row_count, 0) as kept_share
from published_sources
left join marts.fct_comments as c on published_sources.source_code = c.source_code
group by published_sources.source_code, published_sources.row_count
