select
    count(*) filter (where is_comment and state = 'new') as loaded,
    count(*) filter (where is_comment and state = 'changed') as updated,
    count(*) filter (where is_comment and state not in ('new', 'changed')) as unchanged,
    count(*) filter (where is_blank) as no_answer,
    count(*) filter (where is_reshare) as reshared
from (select *, not (is_blank or is_reshare) as is_comment from arrivals)
