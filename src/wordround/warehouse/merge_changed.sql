merge into raw.comments
using ({rows}) as incoming
on comments.comment_id = incoming.comment_id
when matched then update by name
