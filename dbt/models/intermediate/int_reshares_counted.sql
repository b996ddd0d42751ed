{{ config(materialized='table') }}

-- Reposts of a comment that were seen. They say nothing of their own.
select
    reshared_comment_id as comment_id,
    count(distinct comment_id)::integer as reshare_count
from {{ ref('int_comments_listed') }}
where reshared_comment_id is not null and text_id is null
group by reshared_comment_id
