-- A group with expired texts is named by one of them (copy_groups.py).
create or replace temp table renamed as
select
    node,
    coalesce(
        min(node) filter (node in (select text_id from raw.comments where is_text_expired))
            over (partition by smallest),
        smallest
    ) as name
from together
