-- Rows that were loaded under a former id; none is the id of today of another row. Of several that are one row the latest stays, and none where the row is there
-- already under the id of today.
delete from raw.comments
where comment_id in (
    select former.comment_id
    from raw.comments as former
    inner join former_pairs as pairs on former.comment_id = pairs.former_id
    left join raw.comments as today on pairs.comment_id = today.comment_id
    qualify
        today.comment_id is not null
        or row_number() over (
            partition by pairs.comment_id
            order by former.collected_at desc, former.comment_id
        ) > 1
);

update raw.comments
set comment_id = pairs.comment_id, updated_at = $moment
from former_pairs as pairs
where comments.comment_id = pairs.former_id;
