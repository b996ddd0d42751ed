select
    model_version,
    sentiment_label,
    labelled_share,
    shown_share
from {{ ref('stg_understanding__label_reference') }}
