update raw.comments
set
    text = null,
    title = null,
    link_titles = null,
    text_id = expiring.new_text_id,
    -- Kept for the sake of the text alone: a rare language would say who wrote.
    detected_language = null,
    is_text_expired = true,
    was_nothing_to_improve = expiring.was_nothing,
    updated_at = $moment
from expiring
where comments.comment_id = expiring.comment_id
