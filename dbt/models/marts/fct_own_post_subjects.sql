-- What the trust's own posts drew, by subject, and within each by form and time of day: which subjects people answer.
select
    ---------- ids
    subject_code,
    split_code,
    value_code,

    ---------- strings
    response_code,

    ---------- numerics
    post_count,
    answered_count,
    reply_count,
    {% for figure in ['replies_per_post', 'reactions_per_post', 'times_others'] %}
        {{ figure }},
        {{ figure }}_low,
        {{ figure }}_high,
    {% endfor %}
    reaction_post_count
from {{ ref('int_own_posts_judged') }}
