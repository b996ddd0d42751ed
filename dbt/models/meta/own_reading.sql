select
    model_version,
    comment_count,
    waiting_count,
    right_share,
    right_low,
    right_high,
    negative_recall,
    negative_labelled_share,
    negative_shown_share
from {{ source('understanding', 'own_reading') }}
